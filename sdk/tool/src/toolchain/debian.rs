use crate::{process, progress};
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Duration;

/// A current compiler, which Debian keeps for building browsers, and the source of its library.
pub(super) const PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];
/// Links WebAssembly, when nothing else does.
pub(super) const LINKER_PACKAGE: &str = "lld";

/// About 140 MB.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Installs `packages` with apt-get. Fails without doing anything unless run by root on a machine
/// that has it.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    if process::output(Command::new("apt-get").arg("--version")).is_err() {
        bail!("this machine has no apt-get");
    }
    if process::output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!("only root can install packages");
    }
    let update = || {
        progress::step("apt-get update");
        process::run(apt_get().arg("update"), PATIENCE)
    };
    let known =
        |package: &&str| process::output(Command::new("apt-cache").args(["show", package])).is_ok();
    if !packages.iter().all(known) {
        update()?;
    }
    progress::step(format_args!("apt-get install {}", packages.join(" ")));
    let install = || {
        let mut command = apt_get();
        command.args(["install", "-y", "--no-install-recommends"]);
        process::run(command.args(packages), PATIENCE)
    };
    install().or_else(|_| {
        // The lists may be old and name files that the archive no longer has.
        update()?;
        install()
    })
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
