use bytes::Bytes;
use push_notify_host::{
    CallError, Ceilings, Channel, Failure, Host, HostConfig, MemoryCache, Message, NetworkPolicy,
    Party, PluginFile, PluginInfo, PluginState, Quarantine, Receipt, SecretValue, Settings, Source,
};
use push_notify_manifest::{Manifest, SECTION, component::Surface};
use serde_json::{Map, Value};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
};

pub(crate) const SECRET: &str = "test-secret-not-real";
pub(crate) const EVERYTHING: [&str; 4] = [
    "http:hooks.example.com",
    "http:${config.url}",
    "smtp:${config.smtp_host}",
    "reuse",
];

/// A host for the test that makes it.
pub(crate) struct Setup {
    pub(crate) config: HostConfig,
}

impl Setup {
    /// Loopback is reachable, because the stand-ins are there.
    pub(crate) fn new() -> Self {
        Self {
            config: HostConfig {
                cache_dir: target().join("cwasm-of-tests"),
                network: NetworkPolicy::new(vec!["127.0.0.0/8".parse().unwrap()]),
                ehlo_name: None,
                extra_roots_pem: vec![],
                limits: Ceilings::default(),
                quarantine: Quarantine::default(),
            },
        }
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut HostConfig)) -> Self {
        change(&mut self.config);
        self
    }

    pub(crate) fn host(self) -> Host {
        Host::new(self.config, Arc::new(MemoryCache::new())).unwrap()
    }

    /// A host with the channel `misbehaving`, granted all that it asks for but for `reuse`.
    pub(crate) async fn misbehaving(self) -> Host {
        let host = self.host();
        load(&host, vec![source("misbehaving", &EVERYTHING[..3])]).await;
        host
    }

    /// A host with the provider `trapper`.
    pub(crate) async fn trapper(self) -> Host {
        let host = self.host();
        load(&host, vec![source("trapper", &[])]).await;
        host
    }
}

/// Loads what is expected to be loadable.
pub(crate) async fn load(host: &Host, sources: Vec<Source>) -> Vec<PluginInfo> {
    let infos = host.load(sources).await;
    for info in &infos {
        assert_eq!(info.state, PluginState::Active, "{}", info.name);
    }
    infos
}

pub(crate) fn source(guest: &str, grants: &[&str]) -> Source {
    Source {
        name: format!("{guest}.wasm"),
        file: PluginFile::read(wasm(guest)),
        enabled: None,
        grants: grants.iter().map(|grant| (*grant).to_owned()).collect(),
    }
}

pub(crate) fn wasm(guest: &str) -> Bytes {
    let path = target().join("guests").join(format!("{guest}.wasm"));
    match std::fs::read(&path) {
        Ok(wasm) => wasm.into(),
        Err(problem) => panic!("{}: {problem}: run `make guests`", path.display()),
    }
}

fn target() -> PathBuf {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    tmp.parent().unwrap().to_owned()
}

/// A component without code, with a manifest of this kind and whatever else `fields` says.
pub(crate) fn component(fields: &str, manifest: Option<Value>) -> Vec<u8> {
    let mut wasm = wat::parse_str(format!("(component {fields})")).unwrap();
    if let Some(manifest) = manifest {
        add_manifest(&mut wasm, manifest.to_string().as_bytes());
    }
    wasm
}

/// The same code with another manifest.
pub(crate) fn with_manifest(wasm: &[u8], manifest: &Manifest) -> Vec<u8> {
    let surface = Surface::read(wasm).unwrap();
    let mut wasm: Vec<u8> = surface.code(wasm).flatten().copied().collect();
    add_manifest(&mut wasm, &manifest.to_json());
    wasm
}

fn add_manifest(wasm: &mut Vec<u8>, json: &[u8]) {
    let mut section = leb(SECTION.len());
    section.extend_from_slice(SECTION.as_bytes());
    section.extend_from_slice(json);
    wasm.push(0);
    wasm.extend(leb(section.len()));
    wasm.extend(section);
}

fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// Settings with these fields; `token` or `webhook_secret` is the secret one.
pub(crate) fn settings(config: Value) -> Settings {
    let Value::Object(mut config) = config else {
        panic!("not an object")
    };
    let mut secrets = Vec::new();
    for name in ["token", "webhook_secret"] {
        if let Some(Value::String(value)) = config.remove(name) {
            secrets.push((name.to_owned(), SecretValue::new(value)));
        }
    }
    Settings {
        config: config.into_iter().collect::<Map<_, _>>(),
        secrets,
        party: Party::Target(1),
    }
}

pub(crate) fn message() -> Message {
    Message {
        id: "message-1".to_owned(),
        title: "the title".to_owned(),
        body: "the body".to_owned(),
        ..Message::default()
    }
}

pub(crate) fn misbehaving(host: &Host) -> Arc<dyn Channel> {
    host.channel("misbehaving").unwrap()
}

pub(crate) async fn send(
    host: &Host,
    config: Value,
) -> Result<Result<Receipt, Failure>, CallError> {
    let channel = misbehaving(host);
    channel.send(&message(), &settings(config)).await
}

/// The note of a call that must succeed.
pub(crate) async fn note(host: &Host, config: Value) -> String {
    match send(host, config).await {
        Ok(Ok(receipt)) => receipt.note.unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Whatever could show a secret. The compiler's millions of lines cannot.
const FILTER: &str = "trace,cranelift_codegen=off,cranelift_frontend=off,cranelift_assembler_x64=off,\
                      wasmtime_internal_cranelift=off,wasmtime=off,wasmtime_environ=off,regalloc2=off,wasmparser=off,mio=off";

/// Everything that this process logs, from the first call on.
pub(crate) fn log() -> Arc<Mutex<Vec<u8>>> {
    static LOG: OnceLock<Arc<Mutex<Vec<u8>>>> = OnceLock::new();
    let log = LOG.get_or_init(|| {
        let log = Arc::new(Mutex::new(Vec::new()));
        let writer = Writer(Arc::clone(&log));
        tracing_subscriber::fmt()
            .with_env_filter(FILTER)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .init();
        log
    });
    Arc::clone(log)
}

pub(crate) fn logged() -> String {
    String::from_utf8_lossy(&log().lock().unwrap()).into_owned()
}

#[derive(Clone)]
struct Writer(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
