use super::{Counter, Family, Gauge, Histogram};
use std::time::Duration;

/// What this node has counted and measured since it started. `page.rs` says what each is.
pub struct Metrics {
    /// By provider and outcome.
    pub deliveries: Family<Counter, 2>,
    /// By reason.
    pub refusals: Family<Counter, 1>,
    pub ack: Histogram,
    /// By status.
    pub requests: Family<Counter, 1>,

    /// By channel and outcome.
    pub attempts: Family<Counter, 2>,
    /// By channel and state.
    pub pushes: Family<Counter, 2>,
    /// By channel.
    pub send: Family<Histogram, 1>,
    pub queue_wait: Histogram,
    pub delivery: Histogram,
    pub held: Gauge,
    pub sending: Gauge,

    pub commit: Histogram,
    pub commit_rows: Histogram,
    pub commit_failures: Counter,

    /// By state.
    pub reviews: Family<Counter, 1>,
    pub review: Histogram,
    /// By AI plugin and outcome.
    pub ai_calls: Family<Counter, 2>,
    /// By AI plugin and direction.
    pub ai_tokens: Family<Counter, 2>,
    /// By AI plugin.
    pub ai_call: Family<Histogram, 1>,
}

/// Fast ones: in memory, on disk, one round trip.
const QUICK: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// Of a far side that may take its time.
const FAR: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];
/// Of waits that may be hours.
const LONG: &[f64] = &[
    0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0,
];
/// Of models.
const THINKING: &[f64] = &[
    0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 300.0, 600.0, 1800.0,
];
const ROWS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

impl Default for Metrics {
    fn default() -> Self {
        Self {
            deliveries: Family::new(["provider", "outcome"], Counter::default),
            refusals: Family::new(["reason"], Counter::default),
            ack: Histogram::new(QUICK),
            requests: Family::new(["status"], Counter::default),
            attempts: Family::new(["channel", "outcome"], Counter::default),
            pushes: Family::new(["channel", "state"], Counter::default),
            send: Family::new(["channel"], || Histogram::new(FAR)),
            queue_wait: Histogram::new(LONG),
            delivery: Histogram::new(LONG),
            held: Gauge::default(),
            sending: Gauge::default(),
            commit: Histogram::new(QUICK),
            commit_rows: Histogram::new(ROWS),
            commit_failures: Counter::default(),
            reviews: Family::new(["state"], Counter::default),
            review: Histogram::new(THINKING),
            ai_calls: Family::new(["plugin", "outcome"], Counter::default),
            ai_tokens: Family::new(["plugin", "direction"], Counter::default),
            ai_call: Family::new(["plugin"], || Histogram::new(THINKING)),
        }
    }
}

impl Metrics {
    /// A push came to its end.
    pub fn ended(&self, channel: &str, state: &str) {
        self.pushes.of([channel, state]).inc();
    }

    /// An attempt at a push that was due for `waited`.
    pub fn attempted(&self, channel: &str, outcome: &str, waited: Duration, took: Duration) {
        self.attempts.of([channel, outcome]).inc();
        self.send.of([channel]).took(took);
        self.queue_wait.took(waited);
    }

    pub fn reviewed(&self, state: &str, took: Duration) {
        self.reviews.of([state]).inc();
        self.review.took(took);
    }

    pub fn committed(&self, rows: usize, took: Duration) {
        self.commit.took(took);
        self.commit_rows.observe(rows);
    }
}

/// Between two points in time, in microseconds.
pub fn between(from: i64, to: i64) -> Duration {
    Duration::from_micros(u64::try_from(to - from).unwrap_or_default())
}
