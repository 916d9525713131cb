//! Logs: lines of text for people, or JSON for machines, on standard error and in a file; and the
//! lines that the database keeps.

pub mod gate;
mod rotation;
mod writer;

use crate::log::system::{self, Lines, Recorder};
use anyhow::Context as _;
use gate::{Gate, Gated, Wants};
use push_notify_core::{
    clock::Clock,
    config::{DatabaseLevel, Log, LogFormat},
};
use std::{io::IsTerminal as _, path::Path, sync::Arc};
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, fmt, fmt::MakeWriter, prelude::*, registry::LookupSpan};

/// What was started.
pub struct Telemetry {
    /// For the server to keep; none when the database keeps no lines.
    pub lines: Option<Lines>,
    /// Dropping it waits until the file has everything.
    pub file: Option<writer::Guard>,
}

/// Starts logging. Fails when `log.level` is not a filter or `log.file` cannot be written.
pub fn start(settings: &Log, clock: &Clock) -> anyhow::Result<Telemetry> {
    let (file, guard) = match settings.file.as_str() {
        "" => (None, None),
        path => {
            let max_bytes = u64::from(settings.file_max_mib) << 20;
            let file = rotation::Rotating::open(Path::new(path), max_bytes, settings.file_keep)
                .with_context(|| format!("`log.file`: cannot write {path}"))?;
            let (writer, guard) = writer::start(file)?;
            (Some(writer), Some(guard))
        }
    };
    let text =
        push_notify_core::config::text_filter(settings).context("configuration: `log.level`")?;
    let named = text.iter().map(|(_, level)| level);
    let mut finest = named
        .chain(text.default_level())
        .max()
        .unwrap_or(LevelFilter::OFF);
    let wants: Wants =
        Arc::new(move |metadata| text.would_enable(metadata.target(), metadata.level()));
    let mut gate = vec![wants.clone()];
    let colours = std::io::stderr().is_terminal();
    let writers = written(settings.format, colours, std::io::stderr)
        .and_then(file.map(|file| written(settings.format, false, file)));
    let (recorder, lines) = match database_level(settings.database_level) {
        LevelFilter::OFF => (None, None),
        level => {
            let (queue, lines) = system::queue();
            let wants: Wants = Arc::new(move |metadata| Recorder::wants(level, metadata));
            gate.push(wants.clone());
            finest = finest.max(level);
            let layer = Recorder::new(queue, clock.clone());
            (Some(Gated { layer, wants }), Some(lines))
        }
    };
    tracing_subscriber::registry()
        .with(Gated {
            layer: writers,
            wants,
        })
        .with(recorder)
        .with(Gate {
            wants: gate,
            finest,
        })
        .try_init()
        .context("logging was started before")?;
    Ok(Telemetry { lines, file: guard })
}

fn written<S, W>(format: LogFormat, colours: bool, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    match format {
        LogFormat::Text => fmt::layer().with_ansi(colours).with_writer(writer).boxed(),
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(writer)
            .boxed(),
    }
}

fn database_level(level: DatabaseLevel) -> LevelFilter {
    match level {
        DatabaseLevel::Off => LevelFilter::OFF,
        DatabaseLevel::Error => LevelFilter::ERROR,
        DatabaseLevel::Warn => LevelFilter::WARN,
        DatabaseLevel::Info => LevelFilter::INFO,
        DatabaseLevel::Debug => LevelFilter::DEBUG,
    }
}
