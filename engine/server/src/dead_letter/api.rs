//! `/api/v1/dead-letters`.

use super::{
    Entry, Selection, Summary,
    selection::STATES,
    store::{self, SORTABLE},
};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, Listed, Reply,
        extract::{Asked, Body, Form, FromForm, FromQuery, Query},
    },
    log::operation::AuditEntry,
    replay,
};
use axum::{extract::State, http::StatusCode};
use push_notify_core::{i18n::Text, id::ReplayId};
use push_notify_db::page::Page;
use schemars::JsonSchema;
use serde::Serialize;

/// Of a reason that is looked for, in characters.
const LONGEST_REASON: usize = 200;

impl FromQuery for Selection {
    fn read(query: &mut Query) -> Self {
        let selection = Self {
            ids: Vec::new(),
            repo_id: query.id("repo_id"),
            target_id: query.id("target_id"),
            state: query.choice("state", &STATES).map(str::to_owned),
            reason: query.text("reason"),
            since: query.time("start_time"),
            until: query.time("end_time"),
        };
        if is_backwards(&selection) {
            query.refuse("end_time", BACKWARDS);
        }
        selection
    }
}

pub struct Listing {
    page: Page,
    selection: Selection,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&SORTABLE),
            selection: Selection::read(query),
        }
    }
}

pub struct Replaying {
    selection: Selection,
    dry_run: bool,
}

impl FromForm for Replaying {
    const EXAMPLE: &'static str = r#"{"target_id": 3, "state": "failed", "start_time": "2026-01-19T14:30:00Z", "dry_run": true}"#;

    fn read(form: &mut Form) -> Self {
        let selection = Selection {
            ids: form.ids("ids").unwrap_or_default(),
            repo_id: form.id("repo_id"),
            target_id: form.id("target_id"),
            state: form.choice("state", &STATES).map(str::to_owned),
            reason: form.optional_line("reason", LONGEST_REASON),
            since: form.time("start_time"),
            until: form.time("end_time"),
        };
        if is_backwards(&selection) {
            form.refuse("end_time", &BACKWARDS);
        }
        if form.is_given("ids") && selection.ids.is_empty() {
            // An empty list must not mean all.
            form.refuse("ids", &Text::new("不能为空", "must not be empty"));
        }
        Self {
            selection,
            dry_run: form.boolean("dry_run").unwrap_or_default(),
        }
    }
}

const BACKWARDS: Text = Text::new("不能早于start_time", "must not be before start_time");

fn is_backwards(selection: &Selection) -> bool {
    let both = selection.since.zip(selection.until);
    both.is_some_and(|(since, until)| since > until)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeadLetterReplay")]
pub struct Replayed {
    /// Null when it was a dry run.
    replay_id: Option<ReplayId>,
    dry_run: bool,
    /// How many dead letters are meant.
    matched: i64,
}

/// `GET /dead-letters`
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, selection }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let sight = user.sight(&app);
    let (entries, total) = store::list(app.db.read(), &selection, sight, &page).await?;
    Reply::page(entries, &page, total)
}

/// `GET /dead-letters/summary`
pub async fn summary(
    State(app): State<App>,
    user: CurrentUser,
    Asked(selection): Asked<Selection>,
) -> Answer<Summary> {
    let sight = user.sight(&app);
    Reply::data(store::summary(app.db.read(), &selection, sight).await?)
}

/// `POST /dead-letters/replay`: in the background, however many there are.
pub async fn replay(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<Replaying>,
) -> Answer<Replayed> {
    let Replaying { selection, dry_run } = body.checked()?;
    let matched = store::count(app.db.read(), &selection).await?;
    if dry_run {
        let message = Text::new("试运行完成，未发送任何消息", "A dry run: nothing is sent");
        return Reply::say(
            message,
            Replayed {
                replay_id: None,
                dry_run,
                matched,
            },
        );
    }
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    let new = replay::store::New::of_dead_letters(&selection, matched, &user.username, now);
    let id = replay::store::insert(&mut transaction, &new).await?;
    let words = selection.words();
    let audit = AuditEntry::new("dead_letter.replay", id, &words);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.replay_wake.notify_one();
    let message = Text::new("重放任务已创建", "The replay has begun");
    let data = Replayed {
        replay_id: Some(id),
        dry_run,
        matched,
    };
    Ok(Reply::say(message, data)?.status(StatusCode::ACCEPTED))
}
