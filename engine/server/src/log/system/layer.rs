use super::{
    Level, Line, Sender,
    line::{Fields, Origin, module},
};
use push_notify_core::clock::Clock;
use tracing::{Event, Metadata, Subscriber, level_filters::LevelFilter, span};
use tracing_subscriber::{
    layer::{Context, Layer},
    registry::LookupSpan,
};

/// Hands events to the queue.
pub struct Recorder {
    queue: Sender,
    clock: Clock,
}

impl Recorder {
    pub fn new(queue: Sender, clock: Clock) -> Self {
        Self { queue, clock }
    }

    /// What is recorded: our own lines down to `level`, libraries' from warnings on; never what
    /// writing a line may itself cause to be said, or one line would be followed by another without
    /// end.
    pub fn wants(level: LevelFilter, metadata: &Metadata<'_>) -> bool {
        let begins = |names: &[&str]| names.iter().any(|name| metadata.target().starts_with(name));
        let own = begins(&["push_notify", "plugin"]);
        let itself = begins(&["sqlx", "push_notify::log::system::writer"]);
        let finest = if own {
            level
        } else {
            level.min(LevelFilter::WARN)
        };
        !itself && *metadata.level() <= finest
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(
        &self,
        attributes: &span::Attributes<'_>,
        id: &span::Id,
        context: Context<'_, S>,
    ) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let origin = fields.origin;
        if (origin.request_id.is_some() || origin.client_ip.is_some())
            && let Some(span) = context.span(id)
        {
            span.extensions_mut().insert(origin);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut origin = std::mem::take(&mut fields.origin);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(around) = span.extensions().get::<Origin>() {
                origin.request_id = origin.request_id.or_else(|| around.request_id.clone());
                origin.client_ip = origin.client_ip.or_else(|| around.client_ip.clone());
            }
        }
        let metadata = event.metadata();
        self.queue.offer(Line {
            level: Level::of(*metadata.level()),
            module: module(metadata.target(), fields.plugin.as_deref()),
            message: std::mem::take(&mut fields.message),
            detail: fields.detail(),
            request_id: origin.request_id,
            client_ip: origin.client_ip,
            created_at: self.clock.now_us(),
        });
    }
}
