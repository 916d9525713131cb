use super::Problem;
use std::path::{Path, PathBuf};
use tokio::task::spawn_blocking;

/// A disk counts as full at the latest when a twentieth of it is left: a small one must not always
/// be.
const PART: u64 = 20;

/// Whether there is less than `least_mib` left where `folders` are. A disk that cannot be asked is
/// not complained of.
pub(super) async fn full(folders: Vec<PathBuf>, least_mib: u64) -> Option<Problem> {
    let found = spawn_blocking(move || {
        let mut problems = folders.iter().filter_map(|folder| one(folder, least_mib));
        problems.next()
    });
    found.await.ok().flatten()
}

fn one(folder: &Path, least_mib: u64) -> Option<Problem> {
    let free = fs4::available_space(folder).ok()?;
    let whole = fs4::total_space(folder).ok()?;
    too_little(free, whole, least_mib)
}

/// In bytes, but for the last.
fn too_little(free: u64, whole: u64, least_mib: u64) -> Option<Problem> {
    let least = least_mib.saturating_mul(1 << 20).min(whole / PART);
    (free < least).then(|| Problem::DiskFull {
        free_mib: free >> 20,
        least_mib: least.div_ceil(1 << 20),
    })
}

#[cfg(test)]
mod tests;
