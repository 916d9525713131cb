//! Several layers, each with a filter of its own.
//!
//! tracing-subscriber has this too (`with_filter`), but there what `enabled!` is answered is taken
//! for the next event's answer on that thread, and the event is lost. sqlx asks `enabled!` at each
//! statement.

use std::sync::Arc;
use tracing::{
    Event, Metadata, Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::layer::{Context, Layer};

/// Whether a layer wants what is said there. Depends on nothing else.
pub type Wants = Arc<dyn Fn(&Metadata<'_>) -> bool + Send + Sync>;

/// A layer that is told only what it wants, and of all spans.
pub struct Gated<L> {
    pub layer: L,
    pub wants: Wants,
}

impl<S: Subscriber, L: Layer<S>> Layer<S> for Gated<L> {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        self.layer.on_new_span(attributes, id, context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        self.layer.on_record(id, values, context);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if (self.wants)(event.metadata()) {
            self.layer.on_event(event, context);
        }
    }
}

/// Keeps away what no layer wants.
pub struct Gate {
    pub wants: Vec<Wants>,
    /// Nothing finer is wanted.
    pub finest: LevelFilter,
}

impl<S: Subscriber> Layer<S> for Gate {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        match self.wants.iter().any(|wants| wants(metadata)) {
            true => Interest::always(),
            false => Interest::never(),
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.wants.iter().any(|wants| wants(metadata))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.finest)
    }
}

#[cfg(test)]
mod tests;
