use super::TARGET;
use crate::{process, progress};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Enough to download 30 MB over a slow line; a server that cannot be reached mostly fails sooner.
const PATIENCE: Duration = Duration::from_secs(180);

/// Adds the target to the toolchain that is in force in `dir`.
pub(super) fn add_target(dir: &Path) -> Result<()> {
    if process::output(
        Command::new("rustup")
            .args(["which", "rustc"])
            .current_dir(dir),
    )
    .is_err()
    {
        bail!("rustup is not installed, or has no toolchain");
    }
    progress::step(format_args!("rustup target add {TARGET}"));
    process::run(
        Command::new("rustup")
            .args(["target", "add", TARGET])
            .current_dir(dir),
        PATIENCE,
    )
}
