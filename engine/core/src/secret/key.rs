//! The keys themselves: from the configuration, else from `secret.key` in the data directory, one a
//! line, the current one first.

use crate::{config, files, random};
use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use std::{
    fs,
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// 32 bytes that all others are derived from.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

/// All keys of a server.
pub struct Keys {
    pub current: Key,
    /// They only open.
    pub previous: Vec<Key>,
    pub origin: Origin,
}

/// Where the current key is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Configuration,
    File(PathBuf),
}

/// A key that was made to be the next one.
pub enum Added {
    /// To be put into the configuration by whoever keeps that.
    Shown(Key),
    /// It is in the file, and the current one from the next start on.
    Kept(PathBuf),
}

impl From<[u8; 32]> for Key {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl Key {
    pub fn random() -> Self {
        Self(random::any())
    }

    pub fn to_base64(&self) -> String {
        BASE64.encode(self.0)
    }

    /// Fails with what a key has to be.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        BASE64
            .decode(text.trim())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .context("not 32 bytes in base64 (make one with `openssl rand -base64 32`)")
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Keys {
    /// As `secret.key` has them.
    pub fn lines(&self) -> String {
        lines(std::iter::once(&self.current).chain(&self.previous))
    }
}

fn lines<'a>(keys: impl Iterator<Item = &'a Key>) -> String {
    keys.map(|key| key.to_base64() + "\n").collect()
}

/// The keys at hand. None: the configuration has none, and the file is not there.
pub fn read(settings: &config::Secrets, data_dir: &Path) -> anyhow::Result<Option<Keys>> {
    let mut previous = Vec::new();
    for (index, text) in settings.previous_keys.iter().enumerate() {
        let key = Key::parse(text).with_context(|| format!("`secrets.previous_keys[{index}]`"))?;
        previous.push(key);
    }
    let path = path(data_dir);
    let (current, origin) = if settings.key.is_empty() {
        let Some(mut kept) = read_file(&path)? else {
            return Ok(None);
        };
        let current = kept.remove(0);
        previous.extend(kept);
        (current, Origin::File(path))
    } else {
        let current = Key::parse(&settings.key).context("`secrets.key`")?;
        (current, Origin::Configuration)
    };
    Ok(Some(Keys {
        current,
        previous,
        origin,
    }))
}

impl Keys {
    /// One key, in a file that is made now.
    pub fn first(data_dir: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            current: make(data_dir)?,
            previous: Vec::new(),
            origin: Origin::File(path(data_dir)),
        })
    }
}

/// Makes the file with a first key, for nobody else to read. Nobody sees it half written, also not
/// after a crash; and of several servers on one folder that start at once, one makes it.
fn make(data_dir: &Path) -> anyhow::Result<Key> {
    let path = path(data_dir);
    let shown = path.display();
    let unfinished = path.with_extension(format!("key.{}", random::hex::<8>()));
    let mut file = private(&unfinished).with_context(|| format!("cannot make {shown}"))?;
    file.write_all(Key::random().to_base64().as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&unfinished, &path);
    fs::remove_file(&unfinished)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| format!("cannot make {shown}"));
        }
        _ => {}
    }
    // Before anything is sealed with it.
    files::sync_folder_of(&path).with_context(|| format!("cannot make {shown}"))?;
    let mut keys = read_file(&path)?.with_context(|| format!("{shown} is gone"))?;
    Ok(keys.remove(0))
}

/// Makes a key that is to take the place of the current one. Those before it stay: they open what
/// they sealed.
pub fn add(settings: &config::Secrets, data_dir: &Path) -> anyhow::Result<Added> {
    let key = Key::random();
    if !settings.key.is_empty() {
        return Ok(Added::Shown(key));
    }
    let path = path(data_dir);
    let shown = path.display();
    let kept = read_file(&path)?
        .with_context(|| format!("{shown} is not there: the first start of the server makes it"))?;
    replace(&path, &lines(std::iter::once(&key).chain(&kept)))
        .with_context(|| format!("cannot write {shown}"))?;
    Ok(Added::Kept(path))
}

/// Whole or not at all: a crash in between must not cost a key.
pub fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let next = path.with_extension("key.new");
    match fs::remove_file(&next) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private(&next)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&next, path)?;
    files::sync_folder_of(path)
}

pub fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("secret.key")
}

fn private(path: &Path) -> std::io::Result<fs::File> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// At least one key. None: there is no such file.
fn read_file(path: &Path) -> anyhow::Result<Option<Vec<Key>>> {
    let shown = path.display();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {shown}")),
    };
    let mode = fs::metadata(path)?.permissions().mode();
    anyhow::ensure!(
        mode & 0o077 == 0,
        "{shown} can be read by others: run `chmod 600 {}`",
        files::quoted(path)
    );
    let lines = text.lines().map(str::trim).enumerate();
    let keys = lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(index, line)| {
            Key::parse(line).with_context(|| format!("{shown}, line {}", index + 1))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    anyhow::ensure!(
        !keys.is_empty(),
        "{shown} has no key in it: give back the one that was there"
    );
    Ok(Some(keys))
}

#[cfg(test)]
mod tests;
