//! The way of spans to the collector: a queue that drops what it has no room for, and a task that
//! sends batches. The road never waits for it. The SDK's own batches go out from a thread without
//! a runtime, and what they drop is told at the end only.

use crate::metrics::Counter;
use anyhow::Context as _;
use opentelemetry::Context;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanExporter as _, SpanProcessor},
};
use parking_lot::Mutex;
use push_notify_core::config;
use push_notify_host::trusting;
use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};
use tokio::{sync::mpsc, task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;

/// Spans that may wait; some 2 MiB.
const WAITING: usize = 4096;
const BATCH: usize = 512;
/// A batch waits so long for more.
const EVERY: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(10);
/// When the server stops.
const LAST_EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// What became of the spans.
#[derive(Default)]
pub struct Exported {
    pub sent: Counter,
    pub dropped: Counter,
}

pub(super) struct Exporting {
    exported: Arc<Exported>,
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// Where ended spans go first.
pub(super) struct Queue {
    spans: mpsc::Sender<SpanData>,
    exported: Arc<Exported>,
}

/// Needs a runtime around it.
pub(super) fn start(
    settings: &config::Otel,
    extra_roots: &[PathBuf],
    resource: &Resource,
) -> anyhow::Result<(Queue, Exporting)> {
    let read = |path: &PathBuf| {
        std::fs::read(path).with_context(|| format!("`network.extra_roots`: {}", path.display()))
    };
    let pems: Vec<_> = extra_roots.iter().map(read).collect::<Result<_, _>>()?;
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(trusting(&pems)?)
        // The headers, which may hold a token, are for this address only.
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .build()?;
    let headers: HashMap<_, _> = settings.headers.clone().into_iter().collect();
    let mut exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(address(&settings.endpoint))
        .with_timeout(TIMEOUT)
        .with_headers(headers)
        .build()?;
    exporter.set_resource(resource);
    let (spans, waiting) = mpsc::channel(WAITING);
    let exported = Arc::new(Exported::default());
    let stop = CancellationToken::new();
    let task = tokio::spawn(run(exporter, waiting, exported.clone(), stop.clone()));
    let exporting = Exporting {
        exported: exported.clone(),
        stop,
        task: Mutex::new(Some(task)),
    };
    Ok((Queue { spans, exported }, exporting))
}

/// A collector's own address is enough.
fn address(endpoint: &str) -> String {
    let endpoint = endpoint.trim_end_matches('/');
    match endpoint.ends_with("/v1/traces") {
        true => endpoint.to_owned(),
        false => format!("{endpoint}/v1/traces"),
    }
}

/// Until `stop`; then what is left is sent.
async fn run(
    exporter: SpanExporter,
    mut spans: mpsc::Receiver<SpanData>,
    exported: Arc<Exported>,
    stop: CancellationToken,
) {
    let mut away = false;
    loop {
        let mut batch = Vec::new();
        tokio::select! {
            _ = spans.recv_many(&mut batch, BATCH) => {}
            () = stop.cancelled() => while let Ok(span) = spans.try_recv() {
                batch.push(span);
            },
        }
        let end = Instant::now() + EVERY;
        while batch.len() < BATCH && !stop.is_cancelled() {
            tokio::select! {
                more = spans.recv_many(&mut batch, BATCH) => if more == 0 { break },
                () = tokio::time::sleep_until(end) => break,
                () = stop.cancelled() => {}
            }
        }
        if batch.is_empty() {
            return;
        }
        let count = batch.len() as u64;
        match exporter.export(batch).await {
            Ok(()) => {
                exported.sent.add(count);
                if away {
                    tracing::info!("the collector of traces takes them again");
                }
                away = false;
            }
            Err(error) => {
                exported.dropped.add(count);
                if !away {
                    tracing::warn!(%error, "the collector of traces does not take them; they are thrown away until it does");
                }
                away = true;
            }
        }
    }
}

impl Exporting {
    pub(super) fn exported(&self) -> &Exported {
        &self.exported
    }

    pub(super) async fn stop(&self) {
        self.stop.cancel();
        let task = self.task.lock().take();
        if let Some(task) = task
            && tokio::time::timeout(LAST_EXPORT_TIMEOUT, task)
                .await
                .is_err()
        {
            tracing::warn!("the last traces did not get to the collector");
        }
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if self.spans.try_send(span).is_err() {
            self.exported.dropped.inc();
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Queue")
    }
}
