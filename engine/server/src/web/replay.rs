//! `POST /api/v1/events/{id}/replay`.

use crate::{
    app::App,
    auth::CurrentUser,
    event::{self, EventState},
    http::{
        AcceptLanguage, Answer, ApiError, Reply,
        extract::{Body, Form, FromForm, Id},
    },
    log::operation::AuditEntry,
    pipeline::{Pipeline, ReplayError, ReplayRequest, Replayed},
    replay::difference::Difference,
};
use axum::{Extension, extract::State};
use push_notify_core::{
    i18n::Text,
    id::{EventId, PushId, ReplayId, listed},
};
use schemars::JsonSchema;
use serde::Serialize;

const REPLAYED: Text = Text::new("事件已重放", "Event replayed");
const DRY: Text = Text::new("试运行完成，未发送任何消息", "A dry run: nothing is sent");

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Replay")]
pub struct Shown {
    event_id: EventId,
    /// processing; dry_run; of a parked event also discarded or parked.
    status: &'static str,
    push_ids: Vec<PushId>,
    reason: Option<String>,
    /// Null when it was a dry run, or the event was parked.
    replay_id: Option<ReplayId>,
    /// Of a dry run.
    difference: Option<Difference>,
}

pub struct Asked {
    wish: ReplayRequest,
    dry_run: bool,
}

impl FromForm for Asked {
    const EXAMPLE: &'static str = r#"{"dry_run": true}"#;
    const OPTIONAL: bool = true;

    fn read(form: &mut Form) -> Self {
        let target_ids = form.ids("target_ids");
        if target_ids.as_ref().is_some_and(Vec::is_empty) {
            // An empty list must not mean all.
            form.refuse("target_ids", &Text::new("不能为空", "must not be empty"));
        }
        Self {
            wish: ReplayRequest {
                target_ids,
                review: form.boolean("review").unwrap_or_default(),
            },
            dry_run: form.boolean("dry_run").unwrap_or_default(),
        }
    }
}

/// A parked delivery is authenticated and normalised as if it came now. One that was accepted is
/// read once more, by the plugin and for the templates of today, and sent to the targets of today.
pub async fn event(
    State(app): State<App>,
    user: CurrentUser,
    AcceptLanguage(locale): AcceptLanguage,
    Extension(pipeline): Extension<Pipeline>,
    Id(id): Id<EventId>,
    body: Body<Asked>,
) -> Answer<Shown> {
    let Asked { wish, dry_run } = body.checked()?;
    let blank = Shown {
        event_id: id,
        status: "processing",
        push_ids: Vec::new(),
        reason: None,
        replay_id: None,
        difference: None,
    };
    if dry_run {
        let difference = pipeline.preview(id, &wish, locale).await.map_err(refused)?;
        let shown = Shown {
            status: "dry_run",
            difference: Some(difference),
            ..blank
        };
        return Reply::say(DRY, shown);
    }
    let stored = event::store::find(app.db.read(), id).await;
    let stored = stored.map_err(ApiError::internal)?;
    let is_parked = stored.is_some_and(|event| event.state == EventState::Parked);
    if is_parked {
        return take_up(&app, &user, &pipeline, blank).await;
    }
    let made = pipeline.reprocess(id, &wish, &user).await;
    let made = made.map_err(refused)?;
    let shown = Shown {
        push_ids: made.push_ids,
        replay_id: Some(made.replay_id),
        ..blank
    };
    Reply::say(REPLAYED, shown)
}

/// Of a parked one.
async fn take_up(
    app: &App,
    user: &CurrentUser,
    pipeline: &Pipeline,
    blank: Shown,
) -> Answer<Shown> {
    let id = blank.event_id;
    let (status, push_ids, reason) = match pipeline.replay(id).await.map_err(ApiError::internal)? {
        Replayed::Accepted { push_ids } => ("processing", push_ids, None),
        Replayed::Discarded { reason } => ("discarded", vec![], Some(reason)),
        Replayed::StillParked { reason, .. } => ("parked", vec![], Some(reason)),
        Replayed::Unknown => return Err(ApiError::not_found()),
        Replayed::NotParked => return Err(ApiError::changed_meanwhile()),
    };
    let audit = AuditEntry::new("event.replay", id, "").with(status);
    user.record(app, &mut *app.db.writer().await?, audit)
        .await?;
    let shown = Shown {
        status,
        push_ids,
        reason,
        ..blank
    };
    Reply::say(REPLAYED, shown)
}

pub(super) fn refused(trouble: ReplayError) -> ApiError {
    let because = |zh: &str, reason: &str, en: &str| {
        Text::made(format!("{zh}：{reason}"), format!("{en}: {reason}"))
    };
    let message = match trouble {
        ReplayError::Unknown => return ApiError::not_found(),
        ReplayError::Store(error) => return ApiError::internal(error),
        ReplayError::OutOfOrder(reason) => {
            let message = because(
                "该仓库的插件当前不可用",
                &reason,
                "The repository's plugin is out of order",
            );
            return ApiError::unavailable(message);
        }
        ReplayError::NotTargets(ids) => {
            let ids = listed(ids);
            let problem = Text::made(
                format!("包含不接收此仓库消息的目标：{ids}"),
                format!("names targets that do not get what the repository sends: {ids}"),
            );
            return ApiError::invalid_field("target_ids", &problem);
        }
        ReplayError::NoReview => {
            let problem = Text::new(
                "不可用：该仓库不审查此类事件",
                "is of no use: the repository wants no review of such an event",
            );
            return ApiError::invalid_field("review", &problem);
        }
        ReplayError::Discarded => Text::new(
            "该事件未通过验证或已被忽略，无法重放",
            "This delivery was never accepted: it cannot be replayed",
        ),
        ReplayError::BodyGone => Text::new(
            "原始请求已不再保留（retention.keep_body_days）",
            "The delivery is no longer kept as it came (retention.keep_body_days)",
        ),
        ReplayError::RepoGone => Text::new(
            "该事件的仓库已删除",
            "The repository of this event is deleted",
        ),
        ReplayError::NoTarget => Text::new(
            "仓库没有推送目标，不会发送任何消息",
            "The repository has no target: nothing would be sent",
        ),
        ReplayError::Refused(reason) => because(
            "插件不再接受此请求",
            &reason,
            "The plugin takes the stored delivery no longer",
        ),
        ReplayError::Uninteresting(reason) => because(
            "仓库不再接收此事件",
            &reason,
            "The repository does not take this event any more",
        ),
        ReplayError::Busy => Text::new(
            "该事件的推送尚未结束，请稍后重放",
            "Pushes of this event have not ended yet: replay it when they have",
        ),
        ReplayError::ReviewBusy => Text::new(
            "该事件的审查尚未结束，请稍后重放",
            "The review of this event has not ended yet: replay it when it has",
        ),
    };
    ApiError::conflict(message)
}
