//! `push-notify-plugin test`.

use crate::cli::BuildOptions;
use crate::{build, process, progress};
use anyhow::Result;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Nobody waits longer for the tests of one plugin.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// Runs the crate's native tests, then builds it, which checks the component.
pub fn run(dir: &Path, options: &BuildOptions) -> Result<()> {
    // First of all, so that a folder that is no plugin is refused as one.
    build::Source::all(dir)?;
    progress::step(format_args!("{}: native tests", dir.display()));
    let mut cargo = Command::new(build::cargo());
    cargo.arg("test").current_dir(dir);
    cargo.args(options.locked.then_some("--locked"));
    cargo.args(options.quiet.then_some("--quiet"));
    if let Some(target_dir) = &options.target_dir {
        cargo
            .arg("--target-dir")
            .arg(std::path::absolute(target_dir)?);
    }
    process::run(&mut cargo, PATIENCE)?;
    build::run(&[dir.to_owned()], options).map(drop)
}
