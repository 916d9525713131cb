//! Where the plugins are that the tests load.

use push_notify_host::{
    Ceilings, Host, HostConfig, MemoryCache, NetworkPolicy, PluginFile, PluginState, Quarantine,
    Source,
};
use push_notify_manifest::Manifest;
use push_notify_plugin::component;
use std::{
    fs::File,
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::OnceCell;

/// The root of the source tree.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of it")
}

/// A guest of `tests/guests`, as `make guests` built it.
pub fn guest(id: &str) -> Vec<u8> {
    built("guests", id)
}

/// An official plugin, as `make plugins` built it.
pub fn official(id: &str) -> Vec<u8> {
    built("plugins", id)
}

fn built(folder: &str, id: &str) -> Vec<u8> {
    let path = workspace()
        .join("target")
        .join(folder)
        .join(format!("{id}.wasm"));
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{} ({error}): run `make plugins guests` first, or `make test`",
            path.display()
        )
    })
}

/// The example of the SDK, as `make guests` built it with the tool.
pub fn example_channel() -> Vec<u8> {
    guest("hook")
}

/// The folder of compiled plugins. Compiling one takes longer than most tests, so all of them share
/// it.
pub async fn compiled_plugins() -> &'static Path {
    static COMPILED: OnceCell<PathBuf> = OnceCell::const_new();
    COMPILED.get_or_init(compile).await
}

pub(crate) async fn share_compiled_plugins(data_dir: &Path) {
    let shared = compiled_plugins().await;
    std::fs::create_dir_all(data_dir).expect("a data folder");
    std::os::unix::fs::symlink(shared, data_dir.join("plugin-cache")).expect("a link to it");
}

/// The plugins that come with the engine, by id.
pub const OFFICIAL: [&str; 32] = [
    "github",
    "gitea",
    "gitlab",
    "gitee",
    "bitbucket",
    "bitbucket_dc",
    "alertmanager",
    "jenkins",
    "sentry",
    "harbor",
    "sonarqube",
    "generic",
    "dingtalk",
    "feishu",
    "wecom",
    "slack",
    "telegram",
    "discord",
    "email",
    "webhook",
    "ntfy",
    "gotify",
    "bark",
    "serverchan",
    "pushplus",
    "pagerduty",
    "mattermost",
    "teams",
    "matrix",
    "openai",
    "anthropic",
    "ollama",
];
const GUESTS: [&str; 4] = ["hook", "misbehaving", "misbehaving_ai", "trapper"];

/// Each once, before many tests want it at the same time: the first process does it while others
/// wait, and leaves a note of what it was for those that come later.
async fn compile() -> PathBuf {
    let target = workspace().join("target");
    let shared = target.join("cwasm-cache");
    let note = target.join("cwasm-cache.note");
    let mut note = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(note)
        .expect("a note");
    note.lock().expect("a turn at the note");
    let mut noted = String::new();
    note.read_to_string(&mut noted).expect("a note");
    let wanted = wanted();
    if noted != wanted || !shared.is_dir() {
        compile_to(&shared).await;
        note.set_len(0).expect("an empty note");
        note.rewind().expect("the beginning");
        note.write_all(wanted.as_bytes()).expect("a new note");
    }
    shared
}

/// The plugins' files and this program, with the compiler in it, as they are now.
fn wanted() -> String {
    let folder = |name: &str| workspace().join("target").join(name);
    let official = OFFICIAL.map(|id| folder("plugins").join(format!("{id}.wasm")));
    let guests = GUESTS.map(|id| folder("guests").join(format!("{id}.wasm")));
    let program = std::env::current_exe().expect("a program");
    let files = official.into_iter().chain(guests).chain([program]);
    let changed = files.map(|file| {
        let changed = file.metadata().and_then(|about| about.modified()).ok();
        format!("{} {changed:?}\n", file.display())
    });
    changed.collect()
}

async fn compile_to(folder: &Path) {
    let host = Host::new(
        HostConfig {
            cache_dir: folder.to_owned(),
            network: NetworkPolicy::default(),
            ehlo_name: None,
            extra_roots_pem: Vec::new(),
            limits: Ceilings::default(),
            quarantine: Quarantine::default(),
        },
        Arc::new(MemoryCache::default()),
    )
    .expect("a plugin host");
    let plugins = OFFICIAL.map(|id| (id, official(id)));
    let guests = GUESTS.map(|id| (id, guest(id)));
    let sources = plugins.into_iter().chain(guests).map(|(id, wasm)| Source {
        name: id.to_owned(),
        file: PluginFile::read(wasm),
        enabled: None,
        grants: Vec::new(),
    });
    for plugin in host.load(sources.collect()).await {
        assert_eq!(plugin.state, PluginState::Active, "{}", plugin.name);
    }
}

/// What a component says of itself.
pub fn manifest_of(wasm: &[u8]) -> Manifest {
    let (manifest, _) = push_notify_manifest::component::load(wasm).expect("a plugin");
    manifest
}

/// The same component under another manifest.
pub fn replace_manifest(wasm: &[u8], manifest: &Manifest) -> Vec<u8> {
    component::embed(without_manifest(wasm), manifest)
}

/// Sections are an id, a length (LEB128) and that many bytes; those of id 0 begin with a name.
fn without_manifest(wasm: &[u8]) -> Vec<u8> {
    const PREAMBLE: usize = 8;
    let mut kept = wasm[..PREAMBLE].to_vec();
    let mut at = PREAMBLE;
    while at < wasm.len() {
        let (length, start) = unsigned(wasm, at + 1);
        let end = start + length;
        let named = || {
            let (length, name) = unsigned(wasm, start);
            wasm[name..name + length] == *push_notify_manifest::SECTION.as_bytes()
        };
        if wasm[at] != 0 || !named() {
            kept.extend(&wasm[at..end]);
        }
        at = end;
    }
    kept
}

/// The number at `at`, and where it ends.
fn unsigned(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[at];
        at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return (value, at);
        }
    }
}
