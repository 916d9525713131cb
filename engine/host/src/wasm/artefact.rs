//! Compiled plugins on disk. They are native code: what is mapped is what we wrote, or it is
//! compiled again.

use super::private;
use crate::{capability::clock, error::HostError};
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};
use wasmtime::{Engine, component::Component};

/// A file is the code, this, and the code's SHA-256: one file, so that code and digest are replaced
/// together. The code comes first, since it is mapped from there.
const MAGIC: &[u8; 8] = b"pnaot\x00\x03\n";
const FOOTER: usize = MAGIC.len() + 32;
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Artefacts that were not used for so long are of plugins or engines that are gone.
const LONG: Duration = Duration::from_secs(30 * 24 * 3600);

/// How the name of a file begins that is being written.
const PART: &str = ".tmp";

pub(super) struct Artefacts {
    dir: PathBuf,
    /// Changes with the format, wasmtime's version, the target and every setting that code depends
    /// on.
    engine: u64,
}

impl Artefacts {
    pub(super) fn open(dir: PathBuf, engine: &Engine) -> Result<Self, HostError> {
        let setup = |problem| HostError::Setup(format!("{}: {problem}", dir.display()));
        private::dir(&dir).map_err(setup)?;
        let mut hasher = DefaultHasher::new();
        MAGIC.hash(&mut hasher);
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Self {
            dir,
            engine: hasher.finish(),
        })
    }

    /// The component of `wasm`, of whose code the SHA-256 is `digest`. Compiles for as long as that
    /// takes: call it where blocking is fine.
    pub(super) fn component(
        &self,
        engine: &Engine,
        wasm: &[u8],
        digest: &str,
    ) -> Result<Component, HostError> {
        let path = self.path(digest);
        let compile = |problem: wasmtime::Error| HostError::Compile(format!("{problem:#}"));
        if let Some(loaded) = load(engine, &path) {
            return loaded.map_err(compile);
        }
        let code = engine.precompile_component(wasm).map_err(compile)?;
        let kept = match self.store(&path, &code) {
            Ok(()) => map(engine, &path).ok(),
            Err(problem) => {
                tracing::warn!(error = %problem, "cannot keep a compiled plugin; it will be compiled again next time");
                None
            }
        };
        kept.map_or_else(|| deserialize(engine, &code), Ok)
            .map_err(compile)
    }

    /// Whether there is code of this digest, which was linked. It may turn out to be damaged.
    pub(super) fn has(&self, digest: &str) -> bool {
        self.path(digest).is_file()
    }

    pub(super) fn forget(&self, digest: &str) {
        let _ = fs::remove_file(self.path(digest));
    }

    fn path(&self, digest: &str) -> PathBuf {
        let engine = self.engine;
        self.dir.join(format!("{digest}-{engine:016x}.cwasm"))
    }

    /// Removes what was not used for long and does not belong to one of `digests`. What cannot be
    /// removed stays.
    pub(super) fn prune(&self, digests: &HashSet<String>) {
        let Ok(entries) = fs::read_dir(&self.dir) else {
            return;
        };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().and_then(|name| name.to_str());
            let ours = name.and_then(|name| name.strip_suffix(".cwasm")?.split_once('-'));
            let gone = ours.is_some_and(|(digest, _)| !digests.contains(digest));
            // What a process that died was writing.
            let torn = name.is_some_and(|name| name.starts_with(PART));
            let age = age(&path).unwrap_or_default();
            if gone && age > LONG || torn && age > DAY {
                let _ = fs::remove_file(&path);
            }
        }
    }

    /// Under its name only when it is whole.
    fn store(&self, path: &Path, code: &[u8]) -> io::Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix(PART)
            .tempfile_in(&self.dir)?;
        file.write_all(code)?;
        file.write_all(MAGIC)?;
        file.write_all(&Sha256::digest(code))?;
        file.persist(path)?;
        Ok(())
    }
}

/// None: it has to be compiled. One that is whole and cannot be used would be no better then.
fn load(engine: &Engine, path: &Path) -> Option<wasmtime::Result<Component>> {
    let mut file = fs::File::open(path).ok()?;
    let refuse = |why: &str| {
        tracing::warn!(file = %path.display(), "a compiled plugin is {why}; compiling it again");
        None
    };
    let sound = path
        .parent()
        .is_some_and(|dir| private::is_ours(&file, dir));
    if !sound {
        return refuse("not of this user alone");
    }
    match is_whole(&mut file) {
        Ok(true) => {}
        Ok(false) => return refuse("not what was written"),
        Err(_) => return refuse("not to be read"),
    }
    mark_used(path);
    Some(map(engine, path).or_else(|_| copy(engine, path)))
}

fn is_whole(file: &mut fs::File) -> io::Result<bool> {
    let Some(length) = file.metadata()?.len().checked_sub(FOOTER as u64) else {
        return Ok(false);
    };
    let mut digest = Sha256::new();
    let mut code = file.take(length);
    let mut bytes = vec![0; 64 << 10];
    loop {
        match code.read(&mut bytes)? {
            0 => break,
            read => digest.update(&bytes[..read]),
        }
    }
    let mut footer = [0; FOOTER];
    file.read_exact(&mut footer)?;
    Ok(footer[..MAGIC.len()] == MAGIC[..] && footer[MAGIC.len()..] == digest.finalize()[..])
}

/// The file's time says when it was used last, to a day.
fn mark_used(path: &Path) {
    if age(path).is_some_and(|age| age > DAY) {
        let file = fs::File::options().append(true).open(path);
        // Only pruning suffers when this fails.
        let _ = file.and_then(|file| file.set_modified(clock::now()));
    }
}

fn age(path: &Path) -> Option<Duration> {
    let used = fs::metadata(path).ok()?.modified().ok()?;
    clock::now().duration_since(used).ok()
}

/// What is not used of it takes no memory.
#[expect(
    unsafe_code,
    reason = "deserialising maps native code; sound because the file is this engine's compiler's, from a directory of this user alone, \
              where files are replaced and never changed, with its digest checked"
)]
fn map(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    unsafe { Component::deserialize_file(engine, path) }
}

/// Where the file system allows no code to be mapped.
fn copy(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    let mut code = fs::read(path)?;
    code.truncate(code.len().saturating_sub(FOOTER));
    deserialize(engine, &code)
}

#[expect(
    unsafe_code,
    reason = "deserialising maps native code; sound because `code` came from this engine's compiler, directly or as `map` says"
)]
fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    unsafe { Component::deserialize(engine, code) }
}
