use super::cargo::{cargo, members, metadata};
use anyhow::{Context, Result, bail};
use push_notify_manifest::Manifest;
use std::path::{Path, PathBuf};

/// A plugin crate.
#[derive(Debug)]
pub struct Source {
    /// Absolute.
    pub dir: PathBuf,
    pub manifest: Manifest,
    /// The package's name.
    pub package: String,
    /// Of its workspace.
    pub target_dir: PathBuf,
    /// What is odd about it but works.
    pub warnings: Vec<String>,
}

impl Source {
    /// The plugin in `dir`; or, when that is a workspace of plugins, those of its members that have
    /// a plugin.toml.
    pub fn all(dir: &Path) -> Result<Vec<Self>> {
        let is_workspace = !dir.join("plugin.toml").exists() && dir.join("Cargo.toml").is_file();
        if !is_workspace {
            return Ok(vec![Self::read(dir)?]);
        }
        let mut plugins = members(&cargo(), dir)?;
        // A member without plugins in it is no reason to build all of its workspace.
        let within = dir.canonicalize()?;
        plugins.retain(|member| {
            member.join("plugin.toml").is_file()
                && member
                    .canonicalize()
                    .is_ok_and(|member| member.starts_with(&within))
        });
        if plugins.is_empty() {
            bail!(
                "{} is no plugin, and no workspace with plugins: there is no plugin.toml",
                dir.display()
            );
        }
        plugins.iter().map(|member| Self::read(member)).collect()
    }

    /// Reads `dir/plugin.toml` and asks cargo about `dir/Cargo.toml`.
    pub fn read(dir: &Path) -> Result<Self> {
        let dir = std::path::absolute(dir)?;
        let path = dir.join("plugin.toml");
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!(
                "{}: a plugin has this file (`push-notify-plugin new` makes one)",
                path.display()
            )
        })?;
        let manifest = Manifest::from_toml(&text).with_context(|| path.display().to_string())?;
        if !dir.join("Cargo.toml").is_file() {
            bail!(
                "{}: a plugin is a crate, and this is missing",
                dir.join("Cargo.toml").display()
            );
        }
        let found = metadata(&cargo(), &dir)?;
        let mut warnings = Vec::new();
        if found.version != manifest.version {
            warnings.push(format!(
                "plugin.toml says version {}, Cargo.toml {}: the engine shows the first",
                manifest.version, found.version
            ));
        }
        Ok(Self {
            dir,
            manifest,
            package: found.package,
            target_dir: found.target_dir,
            warnings,
        })
    }

    /// The folder to leave out of paths in panic messages: that of the repository, else the one
    /// that the command runs in, else the plugin's own. The same for all plugins of a repository,
    /// so that they share what they compile.
    pub(super) fn root(&self) -> PathBuf {
        let repository = self.dir.ancestors().find(|dir| dir.join(".git").exists());
        let current = std::env::current_dir().ok();
        let current = current.filter(|current| self.dir.starts_with(current));
        repository
            .map(Path::to_owned)
            .or(current)
            .unwrap_or_else(|| self.dir.clone())
    }
}
