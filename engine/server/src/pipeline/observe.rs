//! What receiving and sending leave in the metrics and in the trace.

use super::{Answer, Pipeline, Refusal, cache::Route, deliver::send::Sender, message::Job};
use crate::{
    metrics::between,
    otel::Span,
    push::{Outcome, PushState},
};
use push_notify_host::Webhook;
use std::time::{Duration, SystemTime};

impl Pipeline {
    /// Only what is authentic, or may be, gets a trace: nobody else can fill the collector.
    pub(super) fn traced(
        &self,
        route: &Route,
        webhook: &Webhook,
        since: Option<SystemTime>,
    ) -> Span {
        let span = self.app.tracer.receive(since, &webhook.headers);
        self.app.tracer.part(&span, "authenticate", since);
        if span.is_recorded() {
            span.set("repo.id", route.repo_id.get());
            span.set("provider", route.provider.clone());
        }
        span
    }

    pub(super) fn observe(&self, route: &Route, answer: &Result<Answer, Refusal>, span: &Span) {
        let outcome = match answer {
            Ok(Answer::Accepted {
                event_id,
                push_ids,
                duplicate,
                ..
            }) => {
                span.set("event.id", event_id.get());
                span.set("pushes", push_ids.len() as i64);
                if *duplicate { "duplicate" } else { "accepted" }
            }
            Ok(Answer::Challenge(_)) => return,
            Ok(Answer::Ignored { .. }) => "ignored",
            Ok(Answer::Parked { event_id, .. }) => {
                span.set("event.id", event_id.get());
                "parked"
            }
            // Counted by reason where it is answered.
            Err(_) => return span.fail("not stored"),
        };
        span.set("outcome", outcome);
        let outcome = [route.provider.as_str(), outcome];
        self.app.metrics.deliveries.of(outcome).inc();
    }
}

impl Sender {
    pub(super) fn observe(
        &self,
        job: &Job,
        outcome: Outcome,
        state: PushState,
        took: Duration,
        started_at: i64,
        span: &Span,
    ) {
        let metrics = &self.app.metrics;
        let channel = &*job.aim.channel;
        let waited = between(job.due_at, started_at);
        metrics.attempted(channel, outcome.name(), waited, took);
        if !state.is_waiting() {
            for _ in 0..job.digest.as_ref().map_or(1, |digest| digest.len()) {
                metrics.ended(channel, state.name());
            }
        }
        if state.is_sent() {
            let since = between(job.notification.received_at, self.app.clock.now_us());
            metrics.delivery.took(since);
        }
        if !span.is_recorded() {
            return;
        }
        span.set("push.id", job.push_id.get());
        span.set("attempt", job.attempt);
        span.set("state", state.name());
        span.set("target.id", job.aim.target_id.get());
        span.set("channel", channel.to_owned());
        span.set("waited_ms", waited.as_millis() as i64);
        span.set("outcome", outcome.name());
        // Not why: far sides put names and addresses into their answers.
        if outcome != Outcome::Delivered {
            span.fail(outcome.name());
        }
    }
}
