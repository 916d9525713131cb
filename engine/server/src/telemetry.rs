//! Logs: lines of text for people, or JSON for machines, on standard error.

use crate::config::{Log, LogFormat};
use anyhow::Context as _;
use std::io::IsTerminal as _;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Starts logging. Fails when `log.level` is not a filter.
pub fn start(settings: &Log) -> anyhow::Result<()> {
    // Libraries speak up from warnings on, unless the filter names them.
    let filter = format!(
        "warn,push_notify={level},push_notify_host={level},plugin={level}",
        level = settings.level
    );
    let named = settings.level.contains(['=', ',']);
    let filter = EnvFilter::try_new(if named { &settings.level } else { &filter }).context(
        "configuration: `log.level` must be error, warn, info, debug, trace or a filter",
    )?;
    let registry = tracing_subscriber::registry().with(filter);
    match settings.format {
        LogFormat::Text => registry
            .with(
                fmt::layer()
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_writer(std::io::stderr),
            )
            .try_init(),
        LogFormat::Json => registry
            .with(
                fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_writer(std::io::stderr),
            )
            .try_init(),
    }
    .context("logging was started before")
}
