//! What is done to many pushes at once. What cannot be done to one of them does not keep it from the others.

use super::retry_one;
use crate::{
    app::App,
    calendar,
    db::rows::MOST,
    http::{
        Answer, ApiError, Locale, Reply, Text,
        auth::CurrentUser,
        code,
        extract::{Body, Form, FromForm},
    },
    log::operation::Deed,
    push::store,
    settings,
};
use axum::extract::State;
use jiff::{civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::Serialize;

/// As many as one request deletes by date.
const MOST_BY_DATE: usize = 50_000;

#[derive(Serialize, JsonSchema)]
pub struct Batch {
    total: usize,
    success: usize,
    failed: usize,
    /// Of the pushes that were named, in ascending order.
    results: Vec<Outcome>,
    /// More pushes are older than the date than one request deletes: the same again deletes the next ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<bool>,
}

#[derive(Serialize, JsonSchema)]
pub struct Outcome {
    push_id: i64,
    status: Ending,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_push_id: Option<i64>,
    /// Why not, as a request about this push alone would be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Ending {
    Success,
    Failed,
}

pub struct Retries {
    push_ids: Vec<i64>,
}

impl FromForm for Retries {
    const EXAMPLE: &'static str = r#"{"push_ids": [1001, 1002]}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            push_ids: form.required_ids("push_ids"),
        }
    }
}

/// At least one of ids and date is given.
pub struct Deletions {
    push_ids: Vec<i64>,
    before_date: Option<Date>,
    zone: Option<TimeZone>,
}

impl FromForm for Deletions {
    const EXAMPLE: &'static str = r#"{"push_ids": [1001, 1002]}"#;

    fn read(form: &mut Form) -> Self {
        let push_ids = form.ids("push_ids").unwrap_or_default();
        let before_date = form.date("before_date");
        let zone = form.zone("timezone");
        if push_ids.is_empty() && !form.is_given("before_date") {
            let problem = Text::new(
                "不能为空，除非指定了before_date",
                "must not be empty unless there is a before_date",
            );
            form.refuse("push_ids", &problem);
        }
        Self {
            push_ids,
            before_date,
            zone,
        }
    }
}

/// `POST /pushes/batch-retry`
pub async fn retry_many(
    State(app): State<App>,
    user: CurrentUser,
    locale: Locale,
    body: Body<Retries>,
) -> Answer<Batch> {
    let push_ids = body.checked()?.push_ids;
    let mut results = Vec::with_capacity(push_ids.len());
    for push_id in push_ids {
        results.push(match retry_one(&app, &user, push_id).await {
            Ok(new_push_id) => Outcome {
                new_push_id: Some(new_push_id),
                ..Outcome::success(push_id)
            },
            Err(error) if error.status.is_server_error() => return Err(error),
            Err(error) => Outcome::failed(push_id, &error, locale),
        });
    }
    app.wake.notify_one();
    let message = Text::new("批量重试任务已创建", "Retries were created");
    Reply::say(message, Batch::of(results))
}

/// `DELETE /pushes/batch-delete`: what has ended, of the ids and of what was created before the date. What waits stays.
pub async fn delete_many(
    State(app): State<App>,
    user: CurrentUser,
    locale: Locale,
    body: Body<Deletions>,
) -> Answer<Batch> {
    let Deletions {
        push_ids,
        before_date,
        zone,
    } = body.checked()?;
    let mut deleted = Vec::with_capacity(push_ids.len());
    for run in push_ids.chunks(MOST) {
        deleted.extend(delete_run(&app, &user, run).await?);
    }
    let kept: Vec<i64> = push_ids
        .iter()
        .filter(|id| deleted.binary_search(id).is_err())
        .copied()
        .collect();
    let waiting = store::existing(app.db.read(), &kept).await?;
    let outcome = |id: &i64| {
        if deleted.binary_search(id).is_ok() {
            Outcome::success(*id)
        } else if waiting.contains(id) {
            let reason = Text::new(
                "推送尚未结束，无法删除",
                "This push has not ended yet: it cannot be deleted",
            );
            Outcome::failed(*id, &ApiError::conflict(reason), locale)
        } else {
            Outcome::failed(*id, &(&code::PUSH_NOT_FOUND).into(), locale)
        }
    };
    let mut batch = Batch::of(push_ids.iter().map(outcome).collect());
    if let Some(date) = before_date {
        let (older, more) = delete_before(&app, &user, date, zone).await?;
        batch.total += older;
        batch.success += older;
        batch.more = more.then_some(true);
    }
    Reply::say(Text::new("批量删除完成", "Deleted"), batch)
}

/// How many were deleted, and whether some may be left.
async fn delete_before(
    app: &App,
    user: &CurrentUser,
    date: Date,
    zone: Option<TimeZone>,
) -> Result<(usize, bool), ApiError> {
    let zone = settings::zone_or_own(app, user.id, zone).await?;
    let Ok(before) = calendar::start_of(&zone, date) else {
        let problem = Text::new("超出了时间范围", "is beyond all time");
        return Err(ApiError::invalid_field("before_date", &problem));
    };
    let (mut deleted, mut mark) = (0, (i64::MIN, i64::MIN));
    while let Some((ids, last)) = store::ended_before(app.db.read(), before, mark).await? {
        if deleted >= MOST_BY_DATE {
            return Ok((deleted, true));
        }
        deleted += delete_run(app, user, &ids).await?.len();
        mark = last;
    }
    Ok((deleted, false))
}

/// In a transaction of its own: others that write come in between. Ascending ids.
async fn delete_run(app: &App, user: &CurrentUser, ids: &[i64]) -> Result<Vec<i64>, ApiError> {
    let mut transaction = app.db.begin().await?;
    let deleted = store::delete(&mut transaction, ids).await?;
    if !deleted.is_empty() {
        let name = some_of(&deleted);
        let deed = Deed {
            action: "push.delete",
            object_id: None,
            object_name: &name,
            detail: "",
        };
        user.did(app, &mut transaction, deed).await?;
    }
    transaction.commit().await?;
    Ok(deleted)
}

/// `1, 2, 3`, or `1, 2, 3, 4, 5, ... (200)`
fn some_of(ids: &[i64]) -> String {
    let few: Vec<String> = ids.iter().take(5).map(i64::to_string).collect();
    let few = few.join(", ");
    match ids.len() {
        0..=5 => few,
        count => format!("{few}, ... ({count})"),
    }
}

impl Batch {
    fn of(results: Vec<Outcome>) -> Self {
        let success = results.iter().filter(|one| one.status == Ending::Success);
        let success = success.count();
        Self {
            total: results.len(),
            success,
            failed: results.len() - success,
            results,
            more: None,
        }
    }
}

impl Outcome {
    fn success(push_id: i64) -> Self {
        Self {
            push_id,
            status: Ending::Success,
            new_push_id: None,
            code: None,
            message: None,
        }
    }

    fn failed(push_id: i64, error: &ApiError, locale: Locale) -> Self {
        Self {
            status: Ending::Failed,
            code: Some(error.code),
            message: Some(error.message.as_str(locale).to_owned()),
            ..Self::success(push_id)
        }
    }
}
