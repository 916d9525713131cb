//! Stage three: one attempt at one push. Render (once), call the channel, settle.

use super::{
    Cast, compose,
    feedback::{penalised, sign},
    redact::readable,
    render,
    verdict::{Verdict, backoff},
};
use crate::{
    app::App,
    otel::{Span, SpanKind},
    person::is_mentioned_by,
    pipeline::{
        cache::{Caches, Destination},
        commit::{Change, Committer, Settlement},
        conversation::{Said, Talk, Told},
        message::{Content, Job},
        queue::lease::uncertain::UncertainLeases,
    },
    push::PushState,
    target::health::{Health, HealthSignal},
};
use push_notify_core::{id::TargetId, random};
use push_notify_host::CallError;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// What an attempt came to.
pub(in crate::pipeline) struct Sent {
    pub outcome: Outcome,
    /// What it says of the target, if anything.
    pub sign: Option<HealthSignal>,
}

struct Attempt {
    verdict: Verdict,
    content: Option<Content>,
    sign: Option<HealthSignal>,
    /// What became of its card.
    told: Option<Told>,
}

/// To be settled. It need not hold up the next send.
pub(in crate::pipeline) struct Outcome {
    settlements: Vec<Settlement>,
    /// Until the next attempt.
    wait: Option<Duration>,
    /// Goes on until it is settled.
    span: Span,
}

impl Outcome {
    /// What is new of the target is written with it.
    pub(in crate::pipeline) fn with_health(
        mut self,
        target_id: TargetId,
        health: Option<Health>,
    ) -> Self {
        if let Some(first) = self.settlements.first_mut() {
            first.health = health.map(|health| Box::new((target_id, health)));
        }
        self
    }
}

pub(in crate::pipeline) struct Sender {
    pub app: App,
    pub caches: Arc<Caches>,
    pub committer: Committer,
    pub uncertain: UncertainLeases,
}

impl Sender {
    /// A lease that ends before this is too short for an attempt: sent late, the push could be
    /// claimed by another worker at the same time.
    pub(in crate::pipeline) fn latest_lease_end(&self) -> i64 {
        self.app.clock.now_us() + self.app.config.plugins.timeout_ms as i64 * 1000
    }

    pub(in crate::pipeline) fn is_too_late(&self, job: &Job) -> bool {
        job.lease.until < self.latest_lease_end() || !self.holds(job)
    }

    /// Not when this server lost the number under which it took the push: others take it over then.
    pub(super) fn holds(&self, job: &Job) -> bool {
        self.app.db.number().holds(job.lease.node())
    }

    /// `talk`: the card that is held for the job.
    pub(in crate::pipeline) async fn send(&self, job: &Job, talk: Option<&Talk>) -> Sent {
        let own = job;
        let job = talk.map_or(own, |talk| talk.lead(own));
        let started_at = self.app.clock.now_us();
        let started = Instant::now();
        let span = self
            .app
            .tracer
            .resume("deliver", job.notification.traceparent.as_deref());
        let sending = self.app.metrics.sending.during();
        let attempt = span.scope(self.attempt(job, talk)).await;
        drop(sending);
        let duration = started.elapsed();
        let sign = attempt.sign.clone();
        let outcome = self.outcome((own, talk), attempt, started_at, duration, span);
        Sent { outcome, sign }
    }

    /// Returns when the outcome is on disk.
    pub(in crate::pipeline) async fn settle(&self, outcome: Outcome) {
        let settled = self.write(outcome.settlements);
        outcome.span.scope(settled).await;
        if let Some(wait) = outcome.wait {
            self.wake_after(wait);
        }
    }

    async fn attempt(&self, job: &Job, talk: Option<&Talk>) -> Attempt {
        let content = job.content.clone();
        let without_a_call = |verdict, content| Attempt {
            verdict,
            content,
            sign: None,
            told: None,
        };
        let destination = match self.caches.destination(job.aim.target_id).await {
            Ok(Some(destination)) => destination,
            Ok(None) => return without_a_call(cancelled("the target is gone"), content),
            Err(error) => {
                tracing::error!(%error, push.id = job.push_id.get(), "cannot read the target");
                let verdict = Verdict::unread(job, "the target could not be read");
                return without_a_call(verdict, content);
            }
        };
        if let Some(why) = destination.off {
            return without_a_call(cancelled(why), content);
        }
        let Some(channel) = self.app.host.channel(&destination.channel) else {
            let reason = format!(
                "no channel plugin `{}` is loaded and enabled",
                destination.channel
            );
            return without_a_call(Verdict::Parked { reason }, content);
        };
        if let Some(carrier) = talk.and_then(|talk| talk.outdone_by(job)) {
            let note = format!("the message of push {carrier} shows what came later");
            return without_a_call(Verdict::Delivered { note: Some(note) }, content);
        }
        let people = self.caches.people().await;
        let report = |error: &_| self.app.db.report(error, "cannot read the people");
        let Ok(people) = people.inspect_err(report) else {
            let verdict = Verdict::unread(job, "the people could not be read");
            return without_a_call(verdict, content);
        };
        let cast = job.cast(&people);
        let content = match content {
            Some(content) => content,
            None => match self.render(job, &destination, &cast).await {
                Ok(content) => content,
                // Each push has a template of its own.
                Err(verdict) if job.is_unserved_digest() => {
                    let verdict = verdict.of_digest(self.is_last(job));
                    return without_a_call(verdict, None);
                }
                Err(verdict) => return without_a_call(verdict, None),
            },
        };
        let locale = destination.reader.locale;
        let can_call = is_mentioned_by(&self.app.host, &destination.channel);
        let origin = self.app.origin();
        let message = compose::message(job, talk, &content, &cast, can_call, locale, origin);
        let call = self.app.tracer.child("send", SpanKind::Client);
        let Said { answer, told } = match talk {
            Some(talk) => {
                let settings = &destination.settings;
                talk.say(channel.as_ref(), &message, settings).await
            }
            None => Said {
                answer: channel.send(&message, &destination.settings).await,
                told: None,
            },
        };
        drop(call);
        let answer =
            answer.map(|answer| answer.map_err(|failure| penalised(failure, destination.penalty)));
        let sign = sign(&answer, job.attempt == 1);
        let broke = matches!(answer, Err(CallError::Trap(_)));
        let verdict = Verdict::of_call(answer, job.recipients.as_ref());
        let verdict = match job.is_unserved_digest() {
            true => verdict.of_digest(broke || self.is_last(job)),
            false => verdict,
        };
        Attempt {
            sign,
            verdict,
            content: Some(content),
            told,
        }
    }

    /// No attempt comes after this one.
    fn is_last(&self, job: &Job) -> bool {
        let usual = i64::from(self.app.config.delivery.max_attempts);
        job.attempt >= job.most_attempts.unwrap_or(usual)
    }

    async fn render(
        &self,
        job: &Job,
        destination: &Destination,
        cast: &Cast<'_>,
    ) -> Result<Content, Verdict> {
        let own = job.choice.as_ref().and_then(|choice| choice.template_id);
        let chosen = match self
            .caches
            .template_for(&destination.channel, &job.scene, own)
            .await
        {
            Ok(Ok(chosen)) => chosen,
            Ok(Err(reason)) => {
                return Err(Verdict::Misconfigured {
                    reason: reason.to_string(),
                });
            }
            Err(error) => {
                tracing::error!(%error, push.id = job.push_id.get(), "cannot read the template");
                return Err(Verdict::unread(job, "the template could not be read"));
            }
        };
        let _span = self.app.tracer.child("render", SpanKind::Internal);
        let rendered = match &job.digest {
            Some(digest) => digest
                .render(
                    &chosen.template,
                    destination.max_body_bytes,
                    destination.reader.locale,
                )
                .map(Arc::new),
            None => {
                let reader = &destination.reader;
                render::render(&job.notification, &chosen, reader, &cast.calls())
            }
        };
        rendered
            .map(|rendered| Content {
                template_id: Some(chosen.id),
                rendered,
            })
            .map_err(|error| Verdict::Misconfigured {
                reason: format!("template {}: {error}", chosen.id),
            })
    }

    fn outcome(
        &self,
        (own, talk): (&Job, Option<&Talk>),
        attempt: Attempt,
        started_at: i64,
        duration: Duration,
        span: Span,
    ) -> Outcome {
        let job = talk.map_or(own, |talk| talk.lead(own));
        let Attempt {
            verdict,
            content,
            told,
            ..
        } = attempt;
        let outcome = verdict.outcome();
        let mut detail = verdict.reason().map(readable);
        let mut run_at = started_at;
        let mut wait = None;
        let state = match &verdict {
            Verdict::Retry { after, .. } => {
                let settings = &self.app.config.delivery;
                let last = job.most_attempts.is_some_and(|most| job.attempt >= most);
                wait = match last {
                    true => None,
                    false => backoff(settings, job.attempt, *after, random::any()),
                };
                match wait {
                    Some(wait) => {
                        run_at = self.app.clock.now_us() + wait.as_micros() as i64;
                        PushState::Pending
                    }
                    None if last => PushState::Failed,
                    None => {
                        let tries = job.attempt;
                        detail = Some(format!(
                            "given up after {tries} attempts: {}",
                            detail.unwrap_or_default()
                        ));
                        PushState::Failed
                    }
                }
            }
            Verdict::Apart { .. } => {
                wait = Some(Duration::ZERO);
                detail = detail.map(|detail| format!("{detail}; each is sent by itself"));
                PushState::Pending
            }
            _ => outcome.state(),
        };
        let pushes = job.digest.as_ref().map(|digest| digest.len());
        let duration_ms = duration.as_millis() as u64;
        match state {
            PushState::Delivered => tracing::debug!(
                push.id = job.push_id.get(),
                attempt = job.attempt,
                digest.pushes = pushes,
                duration_ms,
                "delivered"
            ),
            PushState::Pending => tracing::info!(
                push.id = job.push_id.get(),
                attempt = job.attempt,
                digest.pushes = pushes,
                duration_ms,
                wait_ms = wait.unwrap_or_default().as_millis() as u64,
                reason = detail.as_deref(),
                "will try again"
            ),
            _ => tracing::warn!(
                push.id = job.push_id.get(),
                attempt = job.attempt,
                digest.pushes = pushes,
                duration_ms,
                state = state.name(),
                reason = detail.as_deref(),
                "not delivered"
            ),
        }
        self.observe(job, outcome, state, duration, started_at, &span);
        let together = !matches!(verdict, Verdict::Apart { .. } | Verdict::Cancelled { .. });
        let recipients = match verdict {
            Verdict::Retry { recipients, .. } => recipients,
            Verdict::Partial { recipients, .. } => Some(recipients),
            // Who has it already stays known, whatever comes next.
            _ => job.recipients.clone(),
        };
        let is_stored = job.digest.is_none() || state != PushState::Pending;
        if let (Some(content), None, true) = (&content, &job.content, is_stored) {
            let repo_id = job.notification.repo_id;
            self.app.storage.add(repo_id, content.bytes());
        }
        let change = match state {
            // No call was made.
            PushState::Parked => Change::Parked {
                attempts: job.attempt - 1,
                reason: detail,
                run_at,
                content,
                recipients,
            },
            _ => Change::Attempted {
                attempt: job.attempt,
                outcome,
                detail,
                started_at,
                duration_us: duration.as_micros() as i64,
                state,
                run_at,
                content,
                recipients,
            },
        };
        let settlements = match (&job.digest, talk) {
            (Some(digest), _) => digest.settlements(job.lease, together, &change),
            (None, Some(talk)) => {
                let most = i64::from(self.app.config.delivery.max_attempts);
                talk.settlements(own, told, &change, most, self.app.clock.now_us())
            }
            (None, None) => vec![Settlement {
                push_id: job.push_id,
                lease: job.lease,
                carried_by: None,
                change,
                health: None,
                card: None,
            }],
        };
        Outcome {
            settlements,
            wait,
            span,
        }
    }
}

fn cancelled(reason: &str) -> Verdict {
    Verdict::Cancelled {
        reason: reason.to_owned(),
    }
}
