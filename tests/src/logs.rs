use std::{
    io,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};
use tracing_subscriber::{
    EnvFilter, fmt, fmt::MakeWriter, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Everything that this process logs, whichever test it belongs to. More than any operator would
/// switch on: libraries from `debug`, our own from `trace`.
pub struct Logs;

const FILTER: &str = "debug,push_notify=trace,push_notify_host=trace,plugin=trace,wasmtime=warn,cranelift=warn,\
    wasmtime_cranelift=warn,cranelift_codegen=warn,regalloc2=warn";

static TEXT: Mutex<String> = Mutex::new(String::new());

impl Logs {
    /// Begins to listen, once.
    pub fn capture() {
        static STARTED: OnceLock<()> = OnceLock::new();
        STARTED.get_or_init(|| {
            let layer = fmt::layer().with_ansi(false).with_writer(Self);
            tracing_subscriber::registry()
                .with(EnvFilter::new(FILTER))
                .with(layer)
                .init();
        });
    }

    /// The lines that contain `text`.
    pub fn with(text: &str) -> Vec<String> {
        let lines = Self::text();
        lines
            .lines()
            .filter(|line| line.contains(text))
            .map(str::to_owned)
            .collect()
    }

    fn text() -> MutexGuard<'static, String> {
        TEXT.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::text().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
