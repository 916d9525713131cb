//! `GET /api/v1/events/{id}/routes` and `POST /api/v1/rules/test`: who hears of an event by the
//! rules of now, and why.

use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Reply,
        extract::{Body, Form, FromForm, Id},
    },
    owner::{self, Thing},
    pipeline::{ExplainError, Pasted, Pipeline},
    rule::Routes,
    target::no_such,
};
use axum::{Extension, extract::State};
use push_notify_core::{
    i18n::Text,
    id::{EventId, RepoId},
};
use push_notify_host::Event;
use serde_json::{Map, Value};

/// Of a pasted body, in characters.
const LONGEST_BODY: usize = 1 << 20;

/// The body of `POST /rules/test`: one of `event_id`, `body` and `event`.
pub struct Test {
    event_id: Option<EventId>,
    repo_id: Option<RepoId>,
    event: Option<Event>,
    pasted: Option<Pasted>,
}

impl FromForm for Test {
    const EXAMPLE: &'static str = r#"{
        "repo_id": 1,
        "event": { "kind": "pipeline", "action": "failed", "branch": "main" }
    }"#;

    fn read(form: &mut Form) -> Self {
        let event_id = form.id("event_id");
        let repo_id = form.id("repo_id");
        let event = form.object("event").and_then(|event| made_up(form, event));
        let headers = form.object("headers").unwrap_or_default();
        let body = form.prose("body", LONGEST_BODY);
        let given = ["event_id", "event", "body"];
        let count = given.iter().filter(|name| form.is_given(name)).count();
        if count != 1 {
            let problem = Text::new(
                "event_id、event和body必须给出其中一个",
                "give one of event_id, event and body",
            );
            form.refuse("event_id", &problem);
        } else if !form.is_given("event_id") {
            form.require("repo_id");
        }
        Self {
            event_id,
            repo_id,
            event,
            pasted: body.map(|body| Pasted {
                headers: texts(headers),
                body,
            }),
        }
    }
}

/// In the form in which `GET /events/{id}` shows events; what is left out is absent.
fn made_up(form: &mut Form, event: Map<String, Value>) -> Option<Event> {
    let unknown = event
        .keys()
        .find(|name| Event::FIELDS.iter().all(|(field, _)| field != name));
    if let Some(name) = unknown {
        let problem = Text::made(
            format!("没有字段{name}"),
            format!("has no field {name}: give them as GET /events/{{id}} shows them"),
        );
        form.refuse("event", &problem);
        return None;
    }
    let given = event.into_iter().filter(|(_, value)| !value.is_null());
    let read = serde_json::from_value::<Event>(Value::Object(given.collect()));
    match read {
        Ok(event) if !event.kind.is_empty() => Some(event),
        Ok(_) => {
            let problem = Text::new("必须有kind", "must have a kind");
            form.refuse("event", &problem);
            None
        }
        Err(error) => {
            let problem = Text::made(
                format!("不是事件：{error}"),
                format!("is no event: {error}"),
            );
            form.refuse("event", &problem);
            None
        }
    }
}

fn texts(headers: Map<String, Value>) -> Vec<(String, String)> {
    let text = |(name, value): (String, Value)| {
        let value = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        (name.to_ascii_lowercase(), value)
    };
    headers.into_iter().map(text).collect()
}

/// `GET /events/{id}/routes`
pub async fn of_event(
    Extension(pipeline): Extension<Pipeline>,
    Id(id): Id<EventId>,
) -> Answer<Routes> {
    let routes = pipeline.routes_of(id).await.map_err(refused)?;
    Reply::data(routes)
}

/// `POST /rules/test`. Nothing is stored or sent.
pub async fn test(
    State(app): State<App>,
    user: CurrentUser,
    Extension(pipeline): Extension<Pipeline>,
    body: Body<Test>,
) -> Answer<Routes> {
    let test = body.checked()?;
    if let Some(id) = test.event_id {
        if !owner::sees(&app, &user, Thing::Event, id).await? {
            return Err(ApiError::invalid(vec![no_such("event_id", &[id])]));
        }
        return Reply::data(pipeline.routes_of(id).await.map_err(refused)?);
    }
    let repo_id = test.repo_id.unwrap_or_default();
    if !owner::sees(&app, &user, Thing::Repo, repo_id).await? {
        return Err(ApiError::invalid(vec![no_such("repo_id", &[repo_id])]));
    }
    let routes = match (test.event, test.pasted) {
        (Some(event), _) => pipeline.routes_of_made_up(repo_id, &event).await,
        (None, Some(pasted)) => pipeline.routes_of_pasted(repo_id, pasted).await,
        (None, None) => Err(ExplainError::NoEvent),
    };
    Reply::data(routes.map_err(refused)?)
}

fn refused(error: ExplainError) -> ApiError {
    let en = error.to_string();
    match error {
        ExplainError::NoRepo => ApiError::invalid(vec![Text::of_field(
            "repo_id",
            &Text::new("不存在", "is no repository"),
        )]),
        ExplainError::Parked => ApiError::conflict(Text::made(
            "该请求仍处于暂存状态，尚未解析为事件".to_owned(),
            en,
        )),
        ExplainError::Rejected(_) | ExplainError::NoEvent => {
            let problem = Text::made(format!("插件拒绝了请求：{en}"), format!("is refused: {en}"));
            ApiError::invalid(vec![Text::of_field("body", &problem)])
        }
        ExplainError::OutOfOrder(_) => ApiError::conflict(Text::made(
            format!("插件无法使用：{en}"),
            format!("The provider plugin is out of order: {en}"),
        )),
        ExplainError::Store(error) => ApiError::internal(error),
    }
}
