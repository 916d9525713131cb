//! The time. `std::time` has no clock on this target.

/// Unix time in ms.
pub fn now_ms() -> u64 {
    crate::engine::clock::now_ms()
}
