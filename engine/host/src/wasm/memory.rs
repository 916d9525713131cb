//! The compiler works on several threads and with many small pieces, hundreds of MiB for a large
//! plugin. What it freed the allocator keeps for itself, thread by thread, until it is told that
//! nobody is going to ask for as much again.

/// To be called when plugins were compiled.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(
    unsafe_code,
    reason = "a call of the C library without pointers, which may be made at any time and from any thread"
)]
pub(crate) fn give_back() {
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators give back by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
