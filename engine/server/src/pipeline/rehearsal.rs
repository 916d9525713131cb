//! A delivery that nobody sent: made from the provider's sample, signed with the repository's secret, and taken down the road up
//! to each channel. Nothing is stored and nothing is sent.

mod sample;

use super::{Pipeline, context::Route, message::Occasion, receive::uninteresting, render, store};
use push_notify_host::{CallError, Delivery, Event};
use push_notify_manifest::Kind;
use std::sync::Mutex;
use tokio::time::Instant;

/// One step of the road.
#[derive(Debug)]
pub struct Step {
    /// `sample`, `receive`, `accept`, `render` or `channel`.
    pub name: &'static str,
    /// Of the last two.
    pub target_id: Option<i64>,
    pub outcome: Outcome,
    /// What came of it, or what is wrong.
    pub detail: String,
    pub duration_ms: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Success,
    Failed,
    /// An earlier step failed.
    Skipped,
}

/// Adds steps, each with the time since the one before.
struct Report {
    steps: Vec<Step>,
    since: Instant,
}

impl Report {
    fn add(
        &mut self,
        name: &'static str,
        target_id: Option<i64>,
        result: Result<String, String>,
    ) -> bool {
        let outcome = match result {
            Ok(_) => Outcome::Success,
            Err(_) => Outcome::Failed,
        };
        let duration_ms = (self.since.elapsed().as_secs_f64() * 1e5).round() / 100.0;
        self.since = Instant::now();
        self.steps.push(Step {
            name,
            target_id,
            outcome,
            detail: result.unwrap_or_else(|problem| problem),
            duration_ms,
        });
        outcome == Outcome::Success
    }

    fn skip(&mut self, names: &[&'static str]) {
        self.steps.extend(names.iter().map(|name| Step {
            name,
            target_id: None,
            outcome: Outcome::Skipped,
            detail: String::new(),
            duration_ms: 0.0,
        }));
    }
}

impl Pipeline {
    /// The steps that a delivery to this repository takes. None: there is no such repository.
    pub async fn rehearse(&self, repo_id: i64) -> Result<Option<Vec<Step>>, store::Error> {
        let Some(route) = store::route_of_repo(&self.app, repo_id).await? else {
            return Ok(None);
        };
        let mut report = Report {
            steps: vec![],
            since: Instant::now(),
        };
        if let Some(event) = self.rehearse_receiving(&route, &mut report).await {
            let occasion = Occasion {
                uid: "rehearsal".to_owned(),
                event,
                repo_name: route.name.clone(),
                repo_url: route.url.clone(),
                received_at: self.app.clock.now_us(),
                rendered: Mutex::default(),
            };
            for &target_id in &route.targets {
                self.rehearse_sending(target_id, &occasion, &mut report)
                    .await?;
            }
        }
        Ok(Some(report.steps))
    }

    async fn rehearse_receiving(&self, route: &Route, report: &mut Report) -> Option<Event> {
        let manifest = self.app.host.manifest(Kind::Provider, &route.provider);
        let provider = self.app.host.provider(&route.provider);
        let (Some(manifest), Some(provider)) = (manifest, provider) else {
            let problem = format!("no provider plugin `{}` is loaded", route.provider);
            report.add("sample", None, Err(problem));
            report.skip(&["receive", "accept", "render", "channel"]);
            return None;
        };
        let Some(sample) = &manifest.webhook.sample else {
            let problem = "the provider plugin declares no sample delivery".to_owned();
            report.add("sample", None, Err(problem));
            report.skip(&["receive", "accept", "render", "channel"]);
            return None;
        };
        let webhook = sample::made(sample, route, self.app.clock.now_us());
        let size = format!("{} bytes", webhook.body.len());
        report.add("sample", None, Ok(size));
        let received = match provider.receive(webhook, &route.settings).await {
            Ok(Ok(delivery)) => Ok(delivery),
            Ok(Err(rejection)) => Err(rejection.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let described = |delivery: &Delivery| delivery.event.kind.clone();
        let result = received.as_ref().map(described).map_err(String::clone);
        if !report.add("receive", None, result) {
            report.skip(&["accept", "render", "channel"]);
            return None;
        }
        let event = received.ok()?.event;
        let accepted = match uninteresting(route, &event.kind) {
            Some(reason) => Err(reason),
            None if route.targets.is_empty() => {
                Err("the repository has no target: nothing would be sent".to_owned())
            }
            None => Ok(format!("{} targets", route.targets.len())),
        };
        if !report.add("accept", None, accepted) {
            report.skip(&["render", "channel"]);
            return None;
        }
        Some(event)
    }

    async fn rehearse_sending(
        &self,
        target_id: i64,
        occasion: &Occasion,
        report: &mut Report,
    ) -> Result<(), store::Error> {
        let id = Some(target_id);
        let Some(destination) = self.contexts.destination(target_id).await? else {
            report.add("render", id, Err("the target is gone".to_owned()));
            return Ok(());
        };
        let chosen = self
            .contexts
            .template(&destination.channel, super::receive::SCENE)
            .await?;
        let rendered = match chosen {
            Ok(chosen) => render::render(occasion, &chosen)
                .map(|rendered| rendered.title.clone())
                .map_err(|error| format!("template {}: {error}", chosen.id)),
            Err(problem) => Err(problem.to_string()),
        };
        report.add("render", id, rendered);
        let reached = match (destination.off, self.app.host.channel(&destination.channel)) {
            (Some(why), _) => Err(why.to_owned()),
            (None, None) => Err(format!(
                "no channel plugin `{}` is loaded and enabled",
                destination.channel
            )),
            (None, Some(channel)) => probed(channel.probe(&destination.settings).await),
        };
        report.add("channel", id, reached);
        Ok(())
    }
}

fn probed(
    result: Result<Result<(), push_notify_host::Failure>, CallError>,
) -> Result<String, String> {
    match result {
        Ok(Ok(())) => Ok("the settings are in order".to_owned()),
        Ok(Err(failure)) => Err(failure.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
