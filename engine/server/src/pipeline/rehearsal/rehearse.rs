//! A delivery that nobody sent: made from the provider's sample, signed with the repository's
//! secret, and taken down the road up to each channel. Nothing is stored and nothing is sent.

use super::{mapped, sample};
use crate::{
    event::Untold,
    event::scene::scene,
    pipeline::{
        Pipeline,
        cache::Route,
        deliver::render,
        ingest::{Refusal, receive::uninteresting, route::Routed},
        message::Notification,
        store,
    },
    template,
};
use parking_lot::Mutex;
use push_notify_core::{
    clock::{Micros, rfc3339},
    i18n::{Locale, Text},
    id::{RepoId, TargetId, TemplateId},
};
use push_notify_host::{CallError, Event, Failure, Reception, Rejection};
use push_notify_manifest::{Capability, Kind};
use std::sync::Arc;
use tokio::time::Instant;

/// What a delivery would come to.
#[derive(Debug)]
pub struct Rehearsal {
    pub steps: Vec<Step>,
    /// None: no delivery could be made up, so nobody knows.
    pub expected: Option<Expected>,
}

/// What the Git host would be answered.
#[derive(Debug)]
pub enum Expected {
    Accepted,
    Ignored,
    Parked,
    Refused(Refusal),
}

/// One step of the road.
#[derive(Debug)]
pub struct Step {
    /// `sample`, `receive`, `accept`, `render` or `channel`.
    pub name: &'static str,
    /// Of the last two.
    pub target_id: Option<TargetId>,
    pub outcome: Outcome,
    /// What came of it, or what is wrong.
    pub detail: Text,
    /// Of `channel`: when the quiet hours end that a message would wait for.
    pub quiet_until: Option<Micros>,
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
    fn add(&mut self, name: &'static str, target_id: Option<TargetId>, result: Result<Text, Text>) {
        let (outcome, detail) = match result {
            Ok(detail) => (Outcome::Success, detail),
            Err(problem) => (Outcome::Failed, problem),
        };
        let duration_ms = (self.since.elapsed().as_secs_f64() * 1e5).round() / 100.0;
        self.since = Instant::now();
        self.steps.push(Step {
            name,
            target_id,
            outcome,
            detail,
            quiet_until: None,
            duration_ms,
        });
    }

    /// What the last step found in order waits for the end of its target's quiet hours.
    fn waits(&mut self, until: Micros) {
        let Some(step) = self
            .steps
            .last_mut()
            .filter(|step| step.outcome == Outcome::Success)
        else {
            return;
        };
        let time = rfc3339(until);
        step.detail = Text::made(
            format!(
                "{}；现在是免打扰时段，消息将等到{time}",
                step.detail.as_str(Locale::Chinese)
            ),
            format!(
                "{}; these are quiet hours: a message would wait until {time}",
                step.detail.as_str(Locale::English)
            ),
        );
        step.quiet_until = Some(until);
    }

    /// A step that fails, and those that would have followed.
    fn end(&mut self, name: &'static str, problem: Text, skipped: &[&'static str]) {
        self.add(name, None, Err(problem));
        self.steps.extend(skipped.iter().map(|name| Step {
            name,
            target_id: None,
            outcome: Outcome::Skipped,
            detail: Text::new("", ""),
            quiet_until: None,
            duration_ms: 0.0,
        }));
    }
}

impl Pipeline {
    /// What a delivery to this repository would come to. None: there is no such repository.
    pub async fn rehearse(&self, repo_id: RepoId) -> Result<Option<Rehearsal>, store::Error> {
        let Some(route) = store::route_of_repo(&self.app, repo_id).await? else {
            return Ok(None);
        };
        let mut report = Report {
            steps: vec![],
            since: Instant::now(),
        };
        let (expected, event) = self.rehearse_receiving(&route, &mut report).await?;
        if let Some((event, routed)) = event {
            let notification = Notification {
                repo_id: route.repo_id,
                uid: "rehearsal".to_owned(),
                event,
                repo_name: route.name.clone(),
                repo_url: route.url.clone(),
                received_at: self.app.clock.now_us(),
                traceparent: None,
                review: None,
                rendered: Mutex::default(),
            };
            for aim in &routed.aims {
                self.rehearse_sending(aim.target_id, &routed, &notification, &mut report)
                    .await?;
            }
        }
        Ok(Some(Rehearsal {
            steps: report.steps,
            expected,
        }))
    }

    /// What the host would be answered, and the event where it is to be sent.
    async fn rehearse_receiving(
        &self,
        route: &Route,
        report: &mut Report,
    ) -> Result<(Option<Expected>, Option<(Event, Routed)>), store::Error> {
        let all = ["receive", "accept", "render", "channel"];
        let manifest = self.app.host.manifest(Kind::Provider, &route.provider);
        let provider = self.app.host.provider(&route.provider);
        let (Some(manifest), Some(provider)) = (manifest, provider) else {
            report.end("sample", not_loaded(&route.provider), &all);
            return Ok((Some(self.parked_or_full(route).await?), None));
        };
        let Some(sample) = &manifest.webhook.sample else {
            let problem = Text::new(
                "该仓库类型的插件未声明示例请求，无法测试",
                "the provider plugin declares no sample delivery",
            );
            report.end("sample", problem, &all);
            return Ok((None, None));
        };
        let mut webhook = sample::made(sample, route, self.app.clock.now_us());
        let is_mapped = manifest.capabilities.contains(&Capability::Mapping);
        if is_mapped && let Some(body) = mapped::sample(&*provider, route).await {
            webhook.body = body;
        }
        let size = webhook.body.len();
        let made = Text::made(format!("{size}字节"), format!("{size} bytes"));
        report.add("sample", None, Ok(made));
        let received = match is_mapped {
            true => mapped::received(&*provider, webhook, route).await,
            false => provider.receive(webhook, &route.settings).await,
        };
        let event = match received {
            Ok(Ok(Reception::Delivery(mut delivery))) if !delivery.events.is_empty() => {
                delivery.events.remove(0)
            }
            Ok(Ok(_)) => {
                let problem =
                    Text::new("示例请求不是事件", "the sample delivery tells of no event");
                report.end("receive", problem, &all[1..]);
                return Ok((None, None));
            }
            Ok(Err(rejection)) => {
                let (problem, expected) = rejected(rejection);
                report.end("receive", problem, &all[1..]);
                return Ok((Some(expected), None));
            }
            Err(error) => {
                report.end("receive", broken(&error), &all[1..]);
                return Ok((Some(self.parked_or_full(route).await?), None));
            }
        };
        let kind = &event.kind;
        report.add("receive", None, Ok(Text::made(kind.clone(), kind.clone())));
        if let Some(reason) = uninteresting(route, kind) {
            let zh = match route.active {
                false => "仓库已停用".to_owned(),
                true => format!("仓库不接收{kind}事件"),
            };
            report.end("accept", Text::made(zh, reason), &all[2..]);
            return Ok((Some(Expected::Ignored), None));
        }
        let is_reviewed = self.review_of(route, &event).is_some();
        let routed = self.routed(route, &event, is_reviewed).await?;
        if routed.aims.is_empty() {
            let problem = match routed.untold {
                Some(Untold::Muted) => Text::new(
                    "规则将事件静音，不会发送任何消息",
                    "a rule mutes the event: nothing would be sent",
                ),
                _ => Text::new(
                    "仓库没有推送目标，也没有匹配的规则，不会发送任何消息",
                    "the repository has no target, and no rule matches: nothing would be sent",
                ),
            };
            report.end("accept", problem, &all[2..]);
            return Ok((Some(Expected::Accepted), None));
        }
        let count = routed.aims.len();
        let targets = Text::made(format!("{count}个推送目标"), format!("{count} targets"));
        report.add("accept", None, Ok(targets));
        Ok((Some(Expected::Accepted), Some((event, routed))))
    }

    /// What becomes of a delivery whose parser is out of order.
    async fn parked_or_full(&self, route: &Route) -> Result<Expected, store::Error> {
        Ok(match self.has_room_to_park(route.repo_id, 0).await? {
            true => Expected::Parked,
            false => Expected::Refused(Refusal::ParkedFull),
        })
    }

    async fn rehearse_sending(
        &self,
        target_id: TargetId,
        routed: &Routed,
        notification: &Notification,
        report: &mut Report,
    ) -> Result<(), store::Error> {
        let id = Some(target_id);
        let Some(destination) = self.caches.destination(target_id).await? else {
            let problem = Text::new("推送目标已不存在", "the target is gone");
            report.add("render", id, Err(problem));
            return Ok(());
        };
        let channel = &destination.channel;
        let choice = routed.choice_for(target_id).unwrap_or_default();
        let chosen = self
            .caches
            .template_for(channel, scene(&notification.event), choice.template_id)
            .await?;
        let rendered = match chosen {
            Ok(chosen) => {
                render::render(notification, &chosen, &destination.reader, &Arc::default())
                    .map(|rendered| Text::made(rendered.title.clone(), rendered.title.clone()))
                    .map_err(|error| about_template(chosen.id, &template::problem(&error)))
            }
            Err(problem) => Err(Text::made(
                format!("没有可用的模板：{problem}"),
                problem.to_string(),
            )),
        };
        report.add("render", id, rendered);
        let reached = match (destination.off, self.app.host.channel(channel)) {
            (Some(why), _) => Err(Text::new("推送目标已停用或已删除", why)),
            (None, None) => Err(not_loaded(channel)),
            (None, Some(plugin)) => probed(plugin.probe(&destination.settings).await),
        };
        report.add("channel", id, reached);
        let now = self.app.clock.now_us();
        let quiet = destination.quiet.as_ref().filter(|_| !choice.urgent);
        if let Some(until) = quiet.and_then(|quiet| quiet.until(now, None)) {
            report.waits(until);
        }
        Ok(())
    }
}

pub(in crate::pipeline) fn not_loaded(plugin: &str) -> Text {
    Text::made(
        format!("插件{plugin}未加载或已停用"),
        format!("no plugin `{plugin}` is loaded and enabled"),
    )
}

fn broken(error: &CallError) -> Text {
    Text::made(format!("插件出错：{error}"), error.to_string())
}

fn rejected(rejection: Rejection) -> (Text, Expected) {
    let en = rejection.to_string();
    let (zh, expected) = match rejection {
        Rejection::Unauthenticated(reason) => (
            format!("签名或令牌不正确：{reason}"),
            Expected::Refused(Refusal::Unauthenticated(reason)),
        ),
        Rejection::Malformed(reason) => (
            format!("请求体无法解析：{reason}"),
            Expected::Refused(Refusal::Malformed(reason)),
        ),
        Rejection::Ignored(reason) => (format!("已忽略：{reason}"), Expected::Ignored),
    };
    (Text::made(zh, en), expected)
}

pub(in crate::pipeline) fn about_template(id: TemplateId, problem: &Text) -> Text {
    Text::made(
        format!("模板{id}{}", problem.as_str(Locale::Chinese)),
        format!("template {id} {}", problem.as_str(Locale::English)),
    )
}

fn probed(result: Result<Result<(), Failure>, CallError>) -> Result<Text, Text> {
    match result {
        Ok(Ok(())) => Ok(Text::new("配置正确", "the settings are in order")),
        Ok(Err(failure)) => Err(Text::made(
            format!("插件报告：{failure}"),
            failure.to_string(),
        )),
        Err(error) => Err(broken(&error)),
    }
}
