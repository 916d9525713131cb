//! Where things are: the binaries, the plugins, and room on a real disk.

use anyhow::{Context as _, ensure};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) struct Place {
    /// Cargo's target directory.
    target: PathBuf,
    /// The server under measure.
    pub(crate) server: PathBuf,
}

impl Place {
    pub(crate) fn find() -> anyhow::Result<Self> {
        ensure!(
            !cfg!(debug_assertions),
            "figures of a debug build say nothing: use `make bench`"
        );
        let program = std::env::current_exe()?;
        let profile = program.parent().context("this program is nowhere")?;
        let target = profile
            .parent()
            .context("this program is not in a target directory")?;
        let server = target.join("dist/push-notify");
        ensure!(
            server.is_file(),
            "there is no {}: run `make dist` first, or just `make bench`",
            server.display()
        );
        Ok(Self {
            target: target.to_owned(),
            server,
        })
    }

    /// A directory on the disk that holds the build: the system's one for temporary files may be in
    /// memory.
    pub(crate) fn directory(&self) -> anyhow::Result<TempDir> {
        let directory = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(&self.target);
        directory.context("cannot make a directory for the servers' data")
    }

    /// A component that `make` built: `plugins` or `guests`, and its file.
    pub(crate) fn component(&self, folder: &str, file: &str) -> anyhow::Result<Vec<u8>> {
        let path: PathBuf = [self.target.as_path(), Path::new(folder), Path::new(file)]
            .iter()
            .collect();
        std::fs::read(&path).with_context(|| format!("{}: run `make {folder}`", path.display()))
    }
}
