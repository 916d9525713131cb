//! What the stages read of repositories, targets, templates and events.

use super::{
    cache::{Former, Route},
    ingest::lookup,
    message::Reviewed,
};
use crate::{
    app::App,
    event::codec,
    repo,
    storage::Owner,
    target::{Conversation, DigestRule, Quiet, QuietHours},
};
use jiff::tz::TimeZone;
use push_notify_core::{
    calendar,
    i18n::Locale,
    id::{EventId, ReplayId, RepoId, RowId, TargetId, TemplateId},
    secret::{Place, VaultError},
};
use push_notify_db::list::among;
use push_notify_host::{Event, LIST, Party, SecretValue, Settings};
use push_notify_review::ReviewSettings;
use push_notify_review::{Coverage, Decision, Issue, words};
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, Row as _, any::AnyRow};
use std::collections::BTreeMap;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("a stored row cannot be read: {0}")]
    Row(String),
}

pub(super) struct TargetRow {
    pub channel: String,
    pub off: Option<&'static str>,
    pub settings: Settings,
    pub quiet: Option<Quiet>,
    pub zone: Option<TimeZone>,
    pub locale: Option<Locale>,
    pub digest: DigestRule,
    pub conversation: Conversation,
}

/// What a stored event gives to its pushes.
pub(super) struct EventRow {
    pub repo_id: RepoId,
    pub uid: String,
    pub event: Event,
    pub repo_name: String,
    pub repo_url: String,
    pub received_at: i64,
    pub traceparent: Option<String>,
    pub review: Option<Reviewed>,
}

pub(super) async fn route(app: &App, webhook_id: &str) -> Result<Option<Route>, Error> {
    let row = sqlx::query(
        "SELECT id, name, url, type, status, webhook_secret, access_token, config, secrets, webhook_events,
            model_id, review, tell_repeats, owner_id, team_id
         FROM repos WHERE webhook_id = $1 AND deleted_at IS NULL",
    )
    .bind(webhook_id)
    .fetch_optional(app.db.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    repo_route(app, &row).await.map(Some)
}

pub(super) async fn route_of_repo(app: &App, repo_id: RepoId) -> Result<Option<Route>, Error> {
    let row = sqlx::query(
        "SELECT id, name, url, type, status, webhook_secret, access_token, config, secrets, webhook_events,
            model_id, review, tell_repeats, owner_id, team_id
         FROM repos WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(repo_id)
    .fetch_optional(app.db.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    repo_route(app, &row).await.map(Some)
}

/// All of them.
pub(super) async fn repos(app: &App) -> Result<Vec<lookup::Entry>, Error> {
    let rows = sqlx::query(
        "SELECT id, type, url, webhook_id FROM repos WHERE deleted_at IS NULL ORDER BY id",
    )
    .fetch_all(app.db.read())
    .await?;
    let entry = |row: &AnyRow| lookup::Entry {
        repo_id: row.get("id"),
        provider: row.get("type"),
        url: row.get("url"),
        webhook_id: row.get("webhook_id"),
    };
    Ok(rows.iter().map(entry).collect())
}

async fn repo_route(app: &App, row: &AnyRow) -> Result<Route, Error> {
    let repo_id: RepoId = row.get("id");
    let url: String = row.get("url");
    let mut settings = settings(app, "repos", repo_id, row)?;
    settings.config.insert("url".to_owned(), url.clone().into());
    for column in ["webhook_secret", "access_token"] {
        let Some(stored) = row.get::<Option<String>, _>(column) else {
            continue;
        };
        let place = Place {
            table: "repos",
            column,
            row: repo_id.get(),
        };
        let value = app.vault.open_text(place, &stored)?;
        settings
            .secrets
            .push((column.to_owned(), SecretValue::new(value)));
    }
    let former = repo::former::store::of_repo(app.db.read(), repo_id).await?;
    let place = repo::former::place(repo_id);
    // One that cannot be opened any more lets nothing in; the others need not suffer for it.
    let former = former.iter().filter_map(|former| {
        let value = app.vault.open_text(place, &former.sealed).ok()?;
        Some(Former {
            settings: with_webhook_secret(&settings, &SecretValue::new(value)),
            valid_until: former.valid_until,
        })
    });
    let former = former.collect();
    let targets = sqlx::query_scalar(
        "SELECT id FROM targets t WHERE deleted_at IS NULL AND (scope = 'global'
            OR scope = 'repo' AND EXISTS (SELECT 1 FROM repo_targets l WHERE l.target_id = t.id AND l.repo_id = $1))
         ORDER BY id",
    )
    .bind(repo_id)
    .fetch_all(app.db.read())
    .await?;
    let owner = Owner::of_columns(row.get("owner_id"), row.get("team_id"));
    Ok(Route {
        repo_id,
        name: row.get("name"),
        url,
        provider: row.get("type"),
        active: row.get::<String, _>("status") == "active",
        kinds: json(&row.get::<String, _>("webhook_events"))?,
        settings,
        former,
        targets,
        review: ReviewSettings::from_stored(row.get::<Option<String>, _>("review").as_deref())
            .map_err(|error| Error::Row(error.to_string()))?,
        tells_repeats: row.get::<i64, _>("tell_repeats") != 0,
        model_id: row.get("model_id"),
        account: app.storage.account(repo_id, owner),
        owner,
    })
}

pub(super) async fn target(app: &App, target_id: TargetId) -> Result<Option<TargetRow>, Error> {
    let row = sqlx::query(
        "SELECT t.type, t.status, t.deleted_at, t.config, t.secrets, t.timezone, t.digest, t.conversation,
            COALESCE(t.quiet_hours, p.quiet_hours) AS quiet_hours, COALESCE(t.language, p.language) AS language
         FROM targets t LEFT JOIN people p ON p.id = t.person_id AND p.deleted_at IS NULL WHERE t.id = $1",
    )
    .bind(target_id)
    .fetch_optional(app.db.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let off = if row.get::<Option<i64>, _>("deleted_at").is_some() {
        Some("the target is deleted")
    } else if row.get::<String, _>("status") != "active" {
        Some("the target is disabled")
    } else {
        None
    };
    Ok(Some(TargetRow {
        channel: row.get("type"),
        off,
        settings: settings(app, "targets", target_id, &row)?,
        quiet: quiet(row.get("quiet_hours"))?,
        zone: row
            .get::<Option<String>, _>("timezone")
            .and_then(|name| calendar::zone(&name)),
        locale: row
            .get::<Option<String>, _>("language")
            .and_then(|tag| Locale::of_tag(&tag)),
        digest: DigestRule::from_stored(row.get::<Option<String>, _>("digest").as_deref())
            .map_err(|error| Error::Row(error.to_string()))?,
        conversation: row.try_get("conversation")?,
    }))
}

/// Of the column `quiet_hours`.
pub(super) fn quiet(stored: Option<String>) -> Result<Option<Quiet>, Error> {
    let quiet = QuietHours::from_stored(stored.as_deref());
    let quiet = quiet.map_err(|error| Error::Row(error.to_string()))?;
    Ok(quiet.and_then(|quiet| quiet.in_force()))
}

/// A template of the channel by its id, title and content, while it is switched on.
pub(super) async fn named_template(
    app: &App,
    channel: &str,
    id: TemplateId,
) -> Result<Option<(String, String)>, Error> {
    let row = sqlx::query(
        "SELECT title, content FROM templates WHERE id = $1 AND type = $2 AND status = 'active' AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(channel)
    .fetch_optional(app.db.read())
    .await?;
    Ok(row.map(|row| (row.get("title"), row.get("content"))))
}

/// The default template of a channel and scene, else the newest active one of an administrator: id,
/// title, content.
pub(super) async fn template(
    app: &App,
    channel: &str,
    scene: &str,
) -> Result<Option<(TemplateId, String, String)>, Error> {
    let row = sqlx::query(
        "SELECT m.id, m.title, m.content FROM templates m LEFT JOIN users u ON u.id = m.owner_id AND u.deleted_at IS NULL
         WHERE m.type = $1 AND m.scene = $2 AND m.status = 'active' AND m.deleted_at IS NULL
            AND (m.is_default = 1 OR m.team_id IS NULL AND COALESCE(u.role, 'admin') = 'admin')
         ORDER BY m.is_default DESC, m.id DESC LIMIT 1",
    )
    .bind(channel)
    .bind(scene)
    .fetch_optional(app.db.read())
    .await?;
    Ok(row.map(|row| (row.get("id"), row.get("title"), row.get("content"))))
}

/// In the form that the replay `form_id` gave it, if there is one. None: it was deleted, or its
/// repository was. That of a test message may have none at all.
pub(super) async fn event(
    app: &App,
    event_id: EventId,
    form_id: Option<ReplayId>,
) -> Result<Option<EventRow>, Error> {
    let rows = event_rows(app, &[event_id], form_id).await?;
    rows.first().map(event_row).transpose()
}

/// By their ids, those that are there and can be read.
pub(super) async fn events(app: &App, ids: &[EventId]) -> Result<Vec<(EventId, EventRow)>, Error> {
    let rows = event_rows(app, ids, None).await?;
    let readable = |row: &AnyRow| Some((row.get("id"), event_row(row).ok()?));
    Ok(rows.iter().filter_map(readable).collect())
}

async fn event_rows(
    app: &App,
    ids: &[EventId],
    form_id: Option<ReplayId>,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    let sql = format!(
        "SELECT e.id, e.repo_id, e.uid, COALESCE(f.event, e.event) AS event, e.received_at, e.traceparent, COALESCE(r.name, '') AS name,
            COALESCE(r.url, '') AS url,
            r.review AS review_settings, v.state, v.reason, v.decision, v.score, v.summary, v.issues, v.coverage,
            v.completed_at
         FROM events e LEFT JOIN repos r ON r.id = e.repo_id AND r.deleted_at IS NULL
            LEFT JOIN reviews v ON v.id = e.id LEFT JOIN replays f ON f.id = $1
         WHERE {} AND e.event IS NOT NULL AND (r.id IS NOT NULL OR e.repo_id = 0)",
        among("e.id", ids.iter().copied())
    );
    sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(form_id)
        .fetch_all(app.db.read())
        .await
}

fn event_row(row: &AnyRow) -> Result<EventRow, Error> {
    let event_id: EventId = row.get("id");
    let unreadable = |what: String| Error::Row(format!("event {event_id}: {what}"));
    let text = codec::unpack(row.get::<Vec<u8>, _>("event").as_slice(), codec::MOST_BYTES)
        .map_err(|error| unreadable(error.to_string()))?;
    Ok(EventRow {
        repo_id: row.get("repo_id"),
        uid: row.get("uid"),
        event: serde_json::from_slice(&text).map_err(|error| unreadable(error.to_string()))?,
        repo_name: row.get("name"),
        repo_url: row.get("url"),
        received_at: row.get("received_at"),
        traceparent: row.get("traceparent"),
        review: reviewed(row)?,
    })
}

/// None: the repository wanted none.
fn reviewed(row: &AnyRow) -> Result<Option<Reviewed>, Error> {
    let text = |column: &str| row.get::<Option<String>, _>(column);
    let Some(state) = text("state") else {
        return Ok(None);
    };
    let settings = text("review_settings");
    let settings = ReviewSettings::from_stored(settings.as_deref());
    let language = settings
        .map_err(|error| Error::Row(error.to_string()))?
        .language;
    let issues: Vec<Issue> = text("issues").map_or_else(|| Ok(vec![]), |issues| json(&issues))?;
    let coverage: Option<Coverage> = text("coverage").as_deref().map(json).transpose()?;
    let decision = text("decision").and_then(|name| Decision::from_name(&name));
    let reason = text("reason");
    let came = words::Came {
        state: &state,
        decision,
        issues: issues.len(),
        reason: reason.as_deref(),
        is_cut: coverage.as_ref().is_some_and(|coverage| coverage.cut),
    };
    Ok(Some(Reviewed {
        result: words::result(came, language),
        decision,
        score: row.get("score"),
        severity: issues.iter().map(|issue| issue.severity).max(),
        summary: text("summary").unwrap_or_default(),
        issues: issues
            .iter()
            .map(|issue| words::issue_line(issue, language))
            .collect(),
        left_out: coverage.map_or_else(Vec::new, |coverage| words::left_out(&coverage, language)),
        completed_at: row.get("completed_at"),
    }))
}

fn with_webhook_secret(settings: &Settings, secret: &SecretValue) -> Settings {
    let mut settings = settings.clone();
    for (name, value) in &mut settings.secrets {
        if name == "webhook_secret" {
            *value = secret.clone();
        }
    }
    settings
}

/// The columns `config` and `secrets` of a row.
fn settings(app: &App, table: &str, id: impl RowId, row: &AnyRow) -> Result<Settings, Error> {
    let config: Map<String, Value> = json(&row.get::<String, _>("config"))?;
    let sealed: BTreeMap<String, String> = json(&row.get::<String, _>("secrets"))?;
    let open = |(field, stored): (String, String)| {
        let place = Place {
            table,
            column: &field,
            row: id.get(),
        };
        let value = app.vault.open_text(place, &stored)?;
        let values = match field.ends_with(LIST) {
            true => json(&value)?,
            false => vec![value],
        };
        let named = |value| (field.clone(), SecretValue::new(value));
        Ok(values.into_iter().map(named).collect())
    };
    let secrets: Vec<Vec<_>> = sealed.into_iter().map(open).collect::<Result<_, Error>>()?;
    let party = match table {
        "repos" => Party::Repo(id.get()),
        _ => Party::Target(id.get()),
    };
    Ok(Settings {
        config,
        secrets: secrets.into_iter().flatten().collect(),
        party,
    })
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Row(error.to_string()))
}

/// Whom it belongs to is told, once for a day.
pub(super) async fn repo_rests(
    app: &App,
    repo_id: RepoId,
    why: &str,
    now: i64,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO repo_rests (repo_id, since, reason) VALUES ($1, $2, $3) ON CONFLICT (repo_id) DO NOTHING",
    )
    .bind(repo_id)
    .bind(now)
    .bind(why)
    .execute(app.db.write())
    .await?;
    Ok(())
}
