use super::*;
use std::sync::Mutex;
use tracing::{Dispatch, Level};
use tracing_subscriber::prelude::*;

/// Keeps the targets of events.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Heard {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let target = event.metadata().target().to_owned();
        self.0.lock().unwrap().push(target);
    }
}

fn from_level(level: Level) -> Wants {
    Arc::new(move |metadata| *metadata.level() <= level)
}

#[test]
fn each_layer_hears_what_it_wants_whatever_was_asked_before() {
    let (quiet, loud) = (Heard::default(), Heard::default());
    let wants = vec![from_level(Level::WARN), from_level(Level::INFO)];
    let gated = |layer: &Heard, wants: &Wants| Gated {
        layer: layer.clone(),
        wants: wants.clone(),
    };
    let subscriber = tracing_subscriber::registry()
        .with(gated(&quiet, &wants[0]))
        .with(gated(&loud, &wants[1]))
        .with(Gate {
            wants,
            finest: LevelFilter::INFO,
        });
    tracing::dispatcher::with_default(&Dispatch::new(subscriber), || {
        for _ in 0..2 {
            assert!(!tracing::enabled!(target: "library", Level::DEBUG));
            assert!(tracing::enabled!(target: "library", Level::INFO));
            tracing::info!(target: "info", "x");
            tracing::warn!(target: "warn", "x");
            tracing::debug!(target: "debug", "x");
        }
    });
    assert_eq!(*quiet.0.lock().unwrap(), ["warn", "warn"]);
    assert_eq!(*loud.0.lock().unwrap(), ["info", "warn", "info", "warn"]);
}
