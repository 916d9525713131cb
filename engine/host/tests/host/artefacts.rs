use crate::setup::{Setup, load, note, source, wasm, with_manifest};
use push_notify_host::{Host, PluginFile};
use push_notify_manifest::Manifest;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

fn host(dir: &Path) -> Host {
    Setup::new()
        .with(|config| config.cache_dir = dir.to_owned())
        .host()
}

async fn timed_load(host: &Host) -> Duration {
    let start = Instant::now();
    load(host, vec![source("misbehaving", &[])]).await;
    start.elapsed()
}

fn artefacts(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn compiled_plugin_is_kept_and_used_again() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("below").join("cache");
    let compiled = timed_load(&host(&dir)).await;
    let kept = artefacts(&dir);
    assert_eq!(kept.len(), 1, "{kept:?}");
    let written = fs::metadata(&kept[0]).unwrap().modified().unwrap();

    let again = host(&dir);
    let loaded = timed_load(&again).await;
    assert!(loaded * 4 < compiled, "{loaded:?} against {compiled:?}");
    assert_eq!(fs::metadata(&kept[0]).unwrap().modified().unwrap(), written);
    assert_eq!(note(&again, json!({"mode": "ok"})).await, "the title");
}

#[cfg(unix)]
#[tokio::test]
async fn cache_belongs_to_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let open = dir.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let planted = open.join("planted.cwasm");
    fs::write(&planted, "").unwrap();
    timed_load(&host(&open)).await;
    assert!(!planted.exists());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&open), 0o700);
    assert_eq!(mode(&artefacts(&open)[0]), 0o600);
}

#[cfg(unix)]
#[tokio::test]
async fn artefact_that_others_can_write_is_compiled_again() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    timed_load(&host(dir.path())).await;
    let path = artefacts(dir.path()).remove(0);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o620)).unwrap();
    let host = host(dir.path());
    timed_load(&host).await;
    assert_eq!(note(&host, json!({"mode": "ok"})).await, "the title");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn shared_cache_is_refused_also_behind_a_link() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let (link, shared) = (dir.path().join("link"), dir.path().join("shared"));
    fs::create_dir(&shared).unwrap();
    std::os::unix::fs::symlink(&shared, &link).unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
    for dir in [link, shared] {
        let config = push_notify_host::HostConfig {
            cache_dir: dir,
            ..Setup::new().config
        };
        let cache = std::sync::Arc::new(push_notify_host::MemoryCache::new());
        assert!(Host::new(config, cache).is_err());
    }
}

#[tokio::test]
async fn damaged_artefact_is_compiled_again() {
    let dir = tempfile::tempdir().unwrap();
    timed_load(&host(dir.path())).await;
    let path = artefacts(dir.path()).remove(0);
    let sound = fs::read(&path).unwrap();

    let mut flipped = sound.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let mut wrong_digest = sound.clone();
    wrong_digest[10] ^= 1;
    for damaged in [flipped, wrong_digest, sound[..100].to_vec(), vec![]] {
        fs::write(&path, &damaged).unwrap();
        let host = host(dir.path());
        timed_load(&host).await;
        assert_eq!(note(&host, json!({"mode": "ok"})).await, "the title");
        let repaired = fs::read(&path).unwrap();
        assert_eq!(repaired.len(), sound.len());
        assert_ne!(repaired, damaged);
    }
}

#[test]
fn cache_that_cannot_be_made_is_reported_at_start() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let config = Setup::new().config;
    let config = push_notify_host::HostConfig {
        cache_dir: file.path().join("cache"),
        ..config
    };
    let cache = std::sync::Arc::new(push_notify_host::MemoryCache::new());
    assert!(Host::new(config, cache).is_err());
}

#[tokio::test]
async fn code_is_not_compiled_again_when_only_the_manifest_changed() {
    let dir = tempfile::tempdir().unwrap();
    timed_load(&host(dir.path())).await;
    let kept = artefacts(dir.path());
    for (description, memory_mib) in [("another one", None), ("说明", Some(16)), ("", Some(8))] {
        let mut source = source("misbehaving", &[]);
        let mut manifest = Manifest::clone(source.file.manifest().unwrap());
        manifest.description = description.to_owned();
        manifest.limits.memory_mib = memory_mib;
        let wasm = with_manifest(&wasm("misbehaving"), &manifest);
        source.file = PluginFile::read(wasm);
        let again = host(dir.path());
        let infos = load(&again, vec![source]).await;
        assert_eq!(infos[0].manifest.as_deref(), Some(&manifest));
        assert_eq!(artefacts(dir.path()), kept, "{description}");
        assert_eq!(note(&again, json!({"mode": "ok"})).await, "the title");
    }
}

#[tokio::test]
async fn code_that_is_gone_when_it_is_called_first_is_compiled_again() {
    let dir = tempfile::tempdir().unwrap();
    timed_load(&host(dir.path())).await;
    let host = host(dir.path());
    timed_load(&host).await;
    fs::remove_file(artefacts(dir.path()).remove(0)).unwrap();
    assert_eq!(note(&host, json!({"mode": "ok"})).await, "the title");
    assert_eq!(artefacts(dir.path()).len(), 1);
}
