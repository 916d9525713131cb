//! `push-notify-plugin new`.

#[cfg(test)]
mod tests;
mod workspace;

use anyhow::{Context, Result, bail};
use push_notify_manifest::Kind;
use std::fs;
use std::path::{Path, PathBuf};

const CARGO_TOML: &str = include_str!("../../scaffold/Cargo.toml.in");
const GITIGNORE: &str = "target/\n";

/// Makes a plugin crate that builds, in `path` or a new folder with the crate's name, and gives the
/// folder. Never overwrites. `sdk`: the SDK's folder, in place of the published one.
pub fn create(
    name: &str,
    kind: Kind,
    path: Option<PathBuf>,
    sdk: Option<&Path>,
) -> Result<PathBuf> {
    let names = Names::new(name, kind)?;
    let dir = path.unwrap_or_else(|| PathBuf::from(&names.package));
    if fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is there already, and not empty", dir.display());
    }
    let sdk = match sdk {
        Some(sdk) => {
            let sdk = sdk
                .canonicalize()
                .with_context(|| format!("no SDK at {}", sdk.display()))?;
            if !sdk.join("Cargo.toml").is_file() {
                bail!(
                    "{} is not the SDK's crate: its Cargo.toml is missing",
                    sdk.display()
                );
            }
            format!("{{ path = {:?} }}", sdk.display().to_string())
        }
        None => format!("{:?}", env!("CARGO_PKG_VERSION")),
    };
    let workspace = if workspace::includes(&std::path::absolute(&dir)?) {
        ""
    } else {
        "\n# A workspace of its own: plugins have another target than what may surround them.\n[workspace]\n"
    };
    let cargo_toml = CARGO_TOML
        .replace("{sdk}", &sdk)
        .replace("{workspace}", workspace);
    let (manifest, code, tests) = match kind {
        Kind::Channel => (
            include_str!("../../scaffold/channel/plugin.toml"),
            include_str!("../../scaffold/channel/lib.rs"),
            include_str!("../../scaffold/channel/tests.rs"),
        ),
        Kind::Provider => (
            include_str!("../../scaffold/provider/plugin.toml"),
            include_str!("../../scaffold/provider/lib.rs"),
            include_str!("../../scaffold/provider/tests.rs"),
        ),
        Kind::Ai => (
            include_str!("../../scaffold/ai/plugin.toml"),
            include_str!("../../scaffold/ai/lib.rs"),
            include_str!("../../scaffold/ai/tests.rs"),
        ),
    };
    fs::create_dir_all(dir.join("src"))
        .with_context(|| format!("cannot create {}", dir.display()))?;
    for (file, text) in [
        ("Cargo.toml", cargo_toml.as_str()),
        ("plugin.toml", manifest),
        ("src/lib.rs", code),
        ("src/tests.rs", tests),
        (".gitignore", GITIGNORE),
    ] {
        let path = dir.join(file);
        fs::write(&path, names.fill(text))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(dir)
}

/// The forms of a plugin's name.
#[derive(Debug, PartialEq, Eq)]
struct Names {
    /// `my_chat`
    id: String,
    /// `channel-my-chat`
    package: String,
    /// `MyChat`
    type_name: String,
}

impl Names {
    fn new(name: &str, kind: Kind) -> Result<Self> {
        let short = name.strip_prefix(&format!("{kind}-")).unwrap_or(name);
        let id = short.to_ascii_lowercase().replace('-', "_");
        let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !id.starts_with(|c: char| c.is_ascii_lowercase())
            || !id.chars().all(sound)
            || id.len() > 32
        {
            bail!(
                "`{name}` is no name for a plugin: use at most 32 letters, digits and `-`, from a letter"
            );
        }
        let package = format!("{kind}-{}", id.replace('_', "-"));
        let word = |word: &str| {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        };
        let type_name = id.split('_').map(word).collect();
        Ok(Self {
            id,
            package,
            type_name,
        })
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{id}", &self.id)
            .replace("{package}", &self.package)
            .replace("PluginType", &self.type_name)
    }
}
