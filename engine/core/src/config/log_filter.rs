//! Which lines are logged.

use super::Log;
use anyhow::Context as _;
use tracing_subscriber::filter::Targets;

/// The filter for files and the terminal. Fails when `log.level` is neither a level nor a filter.
pub fn text_filter(settings: &Log) -> anyhow::Result<Targets> {
    // Libraries speak up from warnings on, unless the filter names them.
    let filter = format!(
        "warn,push_notify={level},plugin={level}",
        level = settings.level
    );
    let named = settings.level.contains(['=', ',']);
    let filter = if named { &settings.level } else { &filter };
    filter
        .parse()
        .context("must be error, warn, info, debug, trace or a filter")
}
