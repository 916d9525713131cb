//! Deletes many pushes, by their ids or by date.

use super::batch::{Batch, Outcome};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        AcceptLanguage, Answer, ApiError, code,
        extract::{Body, Form, FromForm},
    },
    log::operation::AuditEntry,
    push::store,
    settings,
};
use axum::extract::State;
use jiff::{civil::Date, tz::TimeZone};
use push_notify_core::{
    calendar,
    clock::Micros,
    i18n::{Locale, Text},
    id::{PushId, listed},
};
use push_notify_db::rows::MOST;
use std::collections::HashMap;

/// As many as one request deletes by date.
const MOST_BY_DATE: usize = 50_000;

/// At least one of ids and date is given; with both, those of the ids that are older.
pub struct Deletions {
    push_ids: Vec<PushId>,
    before_date: Option<Date>,
    zone: Option<TimeZone>,
}

impl FromForm for Deletions {
    const EXAMPLE: &'static str = r#"{"push_ids": [1001, 1002]}"#;

    fn read(form: &mut Form) -> Self {
        let push_ids = form.ids("push_ids").unwrap_or_default();
        let before_date = form.date("before_date");
        let zone = form.zone("timezone");
        if push_ids.is_empty() && !form.is_filled("before_date") {
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

/// `DELETE /pushes/batch-delete`: of the ids, with a date of those that were created before it;
/// without ids all that were. What waits stays.
pub async fn delete_many(
    State(app): State<App>,
    user: CurrentUser,
    AcceptLanguage(locale): AcceptLanguage,
    body: Body<Deletions>,
) -> Answer<Batch> {
    let Deletions {
        push_ids,
        before_date,
        zone,
    } = body.checked()?;
    let before = match before_date {
        Some(date) => Some(Before::new(&app, &user, date, zone).await?),
        None => None,
    };
    let (batch, broken) = match before {
        Some(before) if push_ids.is_empty() => delete_before(&app, &user, &before).await,
        before => {
            let before = before.map(|before| before.at);
            delete_ids(&app, &user, locale, &push_ids, before).await
        }
    };
    batch.answer(Text::new("批量删除完成", "Deleted"), broken, &user)
}

/// A date in a zone.
struct Before {
    at: Micros,
    /// For the log of operations.
    words: String,
}

impl Before {
    async fn new(
        app: &App,
        user: &CurrentUser,
        date: Date,
        zone: Option<TimeZone>,
    ) -> Result<Self, ApiError> {
        let zone = settings::zone_or_own(app, user.id, zone).await?;
        let Ok(at) = calendar::start_of(&zone, date) else {
            let problem = Text::new("超出了时间范围", "is beyond all time");
            return Err(ApiError::invalid_field("before_date", &problem));
        };
        let zone = zone.iana_name().unwrap_or("UTC");
        Ok(Self {
            at,
            words: format!("< {date} {zone}"),
        })
    }
}

/// One outcome for each id.
async fn delete_ids(
    app: &App,
    user: &CurrentUser,
    locale: Locale,
    ids: &[PushId],
    before: Option<Micros>,
) -> (Batch, Option<ApiError>) {
    let mut results = Vec::with_capacity(ids.len());
    let mut broken = None;
    for run in ids.chunks(MOST) {
        let (deleted, kept) = match delete_run(app, user, run, before, None).await {
            Ok(done) => done,
            Err(error) => {
                let failed = |id: &PushId| Outcome::failed(*id, &error, locale);
                results.extend(run.iter().map(failed));
                broken = Some(error);
                continue;
            }
        };
        results.extend(run.iter().map(|id| {
            if deleted.binary_search(id).is_ok() {
                return Outcome::success(*id);
            }
            let error = match kept.get(id) {
                None => (&code::PUSH_NOT_FOUND).into(),
                Some(at) if before.is_some_and(|before| *at >= before) => {
                    ApiError::conflict(Text::new(
                        "推送不早于before_date，未删除",
                        "This push is not from before before_date: it was not deleted",
                    ))
                }
                Some(_) => ApiError::conflict(Text::new(
                    "推送尚未结束，无法删除",
                    "This push has not ended yet: it cannot be deleted",
                )),
            };
            Outcome::failed(*id, &error, locale)
        }));
    }
    (Batch::of(results), broken)
}

/// The oldest first, until there are no more, or it were too many for one request.
async fn delete_before(
    app: &App,
    user: &CurrentUser,
    before: &Before,
) -> (Batch, Option<ApiError>) {
    let (mut deleted, mut mark) = (0, Some((Micros::MIN, PushId::new(i64::MIN))));
    let mut broken = None;
    while let Some(from) = mark.filter(|_| deleted < MOST_BY_DATE) {
        match delete_some_before(app, user, before, from).await {
            Ok((some, next)) => {
                deleted += some;
                mark = next;
            }
            Err(error) => {
                broken = Some(error);
                break;
            }
        }
    }
    (Batch::unnamed(deleted, mark.is_some()), broken)
}

/// How many were deleted, and behind which mark there may be more.
async fn delete_some_before(
    app: &App,
    user: &CurrentUser,
    before: &Before,
    mark: store::Mark,
) -> Result<(usize, Option<store::Mark>), ApiError> {
    let Some((ids, last)) = store::ended_before(app.db.read(), before.at, mark).await? else {
        return Ok((0, None));
    };
    let (deleted, _) = delete_run(app, user, &ids, None, Some(&before.words)).await?;
    Ok((deleted.len(), Some(last)))
}

/// In a transaction of its own: others that write come in between. The ids that were deleted,
/// ascending, and of the others those that are there. `words` say in the log of operations which
/// they were, in place of the ids.
async fn delete_run(
    app: &App,
    user: &CurrentUser,
    ids: &[PushId],
    before: Option<Micros>,
    words: Option<&str>,
) -> Result<(Vec<PushId>, HashMap<PushId, Micros>), ApiError> {
    let mut transaction = app.db.begin().await?;
    let deleted = store::delete(&mut transaction, ids, before).await?;
    let others: Vec<PushId> = ids
        .iter()
        .filter(|id| deleted.binary_search(id).is_err())
        .copied()
        .collect();
    let kept = store::existing(&mut transaction, &others).await?;
    if !deleted.is_empty() {
        let ranges = ranges(&deleted);
        let audit = AuditEntry {
            action: "push.delete",
            object_id: None,
            object_name: &some_of(&deleted),
            detail: words.unwrap_or(&ranges),
        };
        user.record(app, &mut transaction, audit).await?;
    }
    transaction.commit().await?;
    Ok((deleted, kept))
}

/// `1, 2, 3`, or `1, 2, 3, 4, 5, ... (200)`
fn some_of(ids: &[PushId]) -> String {
    let few = listed(ids.iter().take(5).copied());
    match ids.len() {
        0..=5 => few,
        count => format!("{few}, ... ({count})"),
    }
}

/// Of ascending ids: `1-3, 7`
fn ranges(ids: &[PushId]) -> String {
    let runs = ids.chunk_by(|one, next| one.get() + 1 == next.get());
    let runs = runs.filter_map(|run| match run {
        [only] => Some(only.to_string()),
        [first, .., last] => Some(format!("{first}-{last}")),
        [] => None,
    });
    runs.collect::<Vec<_>>().join(", ")
}
