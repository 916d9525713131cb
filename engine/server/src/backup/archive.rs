//! The form of a backup: a tar archive of `push-notify.db`, perhaps `secret.key`, and
//! `manifest.json` at its end, since the digest of the database is known only when it was read.

use super::manifest::{FORMAT, Manifest};
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::Path,
};
use tar::{Archive, Builder, Header};

const DATABASE: &str = "push-notify.db";
const KEY: &str = "secret.key";
const MANIFEST: &str = "manifest.json";
/// Of the key and the manifest.
const MOST_BYTES: u64 = 1 << 20;

/// Writes `database` and `keys`; `manifest` gets the size and the digest. Returns the manifest as
/// written.
pub(super) fn write(
    path: &Path,
    database: &Path,
    keys: Option<&str>,
    mut manifest: Manifest,
    made_at: u64,
) -> anyhow::Result<Manifest> {
    let mut archive = Builder::new(BufWriter::new(File::options().write(true).open(path)?));
    let source = File::open(database)?;
    manifest.bytes = source.metadata()?.len();
    let mut source = Hashing::new(source);
    let mut header = header(manifest.bytes, made_at);
    archive.append_data(&mut header, DATABASE, &mut source)?;
    manifest.sha256 = source.digest();
    let text = serde_json::to_string_pretty(&manifest)? + "\n";
    let small = keys.map(|keys| (KEY, keys));
    for (name, text) in small.into_iter().chain([(MANIFEST, text.as_str())]) {
        let mut header = self::header(text.len() as u64, made_at);
        archive.append_data(&mut header, name, text.as_bytes())?;
    }
    archive.into_inner()?.flush()?;
    Ok(manifest)
}

/// The manifest, and the keys if there are any.
pub(super) fn read(path: &Path) -> anyhow::Result<(Manifest, Option<String>)> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("cannot read {shown}"))?;
    let is_none = || format!("{shown} is not a backup of Push Notify, or not all of one");
    let (mut manifest, mut keys) = (None, None);
    for entry in Archive::new(file)
        .entries_with_seek()
        .with_context(is_none)?
    {
        let mut entry = entry.with_context(is_none)?;
        let name = entry.path()?.display().to_string();
        let mut text = String::new();
        if matches!(name.as_str(), KEY | MANIFEST) {
            entry.by_ref().take(MOST_BYTES).read_to_string(&mut text)?;
        }
        match name.as_str() {
            KEY => keys = Some(text),
            MANIFEST => manifest = Some(text),
            _ => {}
        }
    }
    let manifest = manifest.with_context(is_none)?;
    let manifest: Manifest = serde_json::from_str(&manifest).with_context(is_none)?;
    anyhow::ensure!(
        manifest.format <= FORMAT,
        "{shown} was made by version {}, in a form that this one does not know: restore it with that version",
        manifest.version
    );
    Ok((manifest, keys))
}

/// Copies the database out of the archive to `target`. Fails when it is not, byte for byte, what
/// was backed up.
pub(super) fn unpack(path: &Path, manifest: &Manifest, target: &Path) -> anyhow::Result<()> {
    let mut archive = Archive::new(File::open(path)?);
    for entry in archive.entries()? {
        let entry = entry?;
        if entry.path()?.as_os_str() != DATABASE {
            continue;
        }
        let mut source = Hashing::new(entry);
        let mut target = File::options().write(true).truncate(true).open(target)?;
        let bytes = io::copy(&mut source, &mut target).context("cannot unpack the database")?;
        anyhow::ensure!(
            bytes == manifest.bytes && source.digest() == manifest.sha256,
            "{} is damaged: the database in it has another SHA-256 than its manifest says. Nothing was changed; take \
             another backup",
            path.display()
        );
        return Ok(());
    }
    anyhow::bail!("{} has no {DATABASE} in it", path.display())
}

fn header(bytes: u64, made_at: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(made_at);
    header
}

/// Reads, and keeps a digest of what went by.
struct Hashing<R> {
    source: R,
    sha256: Sha256,
}

impl<R> Hashing<R> {
    fn new(source: R) -> Self {
        Self {
            source,
            sha256: Sha256::new(),
        }
    }

    /// In hex.
    fn digest(&self) -> String {
        hex::encode(self.sha256.clone().finalize())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.sha256.update(&buffer[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
