//! `/api/v1/reviews`.

use super::{Detail, Entry, Status, store};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply,
        extract::{Asked, Dates, FromQuery, Id, Query},
    },
    log::operation::AuditEntry,
    owner, settings,
};
use axum::extract::State;
use push_notify_core::{
    calendar,
    clock::Micros,
    i18n::Text,
    id::{RepoId, ReviewId},
};
use push_notify_db::{list::Filter, page::Page};
use push_notify_review::{Decision, Trigger};
use schemars::JsonSchema;
use serde::Serialize;

pub struct Listing {
    page: Page,
    /// But for repository and time no index serves it: all reviews that meet those are read.
    filter: Filter,
    dates: Dates,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        let filter = Filter::default()
            .and("v.repo_id = ?", query.id::<RepoId>("repo_id"))
            .and("v.decision = ?", query.choice("decision", &Decision::NAMES))
            .and("v.kind = ?", query.choice("kind", &Trigger::NAMES))
            .and("v.number = ?", query.positive("number"))
            .containing(
                "LOWER(v.title) LIKE LOWER(?) ESCAPE '\\'",
                query.text("keyword"),
            );
        Self {
            page: query.page(&[("created_at", "v.created_at"), ("id", "v.id")]),
            filter: match query.choice("status", &Status::NAMES) {
                Some(name) => filter.always(Status::condition(name)),
                None => filter,
            },
            dates: Dates::read(query),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReviewRetried")]
pub struct Retried {
    review_id: ReviewId,
    status: Status,
}

/// `GET /reviews`, the newest first; the dates are days of `timezone`, or else of the caller's.
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(asked): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let Listing {
        page,
        filter,
        dates,
    } = asked;
    let zone = settings::zone_or_own(&app, user.id, dates.zone).await?;
    let (from, end) = calendar::span(&zone, dates.first, dates.last)?;
    let filter = filter
        .and(owner::store::REVIEWS, user.sight(&app).only())
        .and("v.created_at >= ?", from)
        .and("v.created_at < ?", end);
    let (reviews, total) = store::list(app.db.read(), &filter, &page).await?;
    Reply::page(reviews, &page, total)
}

/// `GET /reviews/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<ReviewId>) -> Answer<Detail> {
    let review = store::find(app.db.read(), id).await?;
    Reply::data(review.ok_or_else(ApiError::not_found)?)
}

/// `POST /reviews/{id}/retry`: also of one that is completed. Whoever was told of it is told again.
pub async fn retry(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<ReviewId>,
) -> Answer<Retried> {
    let mut transaction = app.db.begin().await?;
    let standing = store::standing(&mut transaction, id).await?;
    let standing = standing.ok_or_else(ApiError::not_found)?;
    if !standing.event_is_there {
        return Err(refused(
            "该审查的事件已不存在，无法重试",
            "The event of this review is gone",
        ));
    }
    if !standing.repo_is_there {
        return Err(refused(
            "该审查的仓库已删除，无法重试",
            "The repository of this review is deleted",
        ));
    }
    let now = app.clock.now_us();
    let wait = app.config.review.deadline_seconds as Micros * 1_000_000;
    if !store::restart(&mut transaction, id, now, now + wait).await? {
        return Err(refused(
            "审查尚未结束，无法重试",
            "This review has not ended yet",
        ));
    }
    let title = standing.title.unwrap_or_default();
    let audit = AuditEntry::new("review.retry", id, &title);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.reviews_due();
    let data = Retried {
        review_id: id,
        status: Status::Pending,
    };
    Reply::say(Text::new("重试任务已创建", "A retry was created"), data)
}

fn refused(zh: &'static str, en: &'static str) -> ApiError {
    ApiError::conflict(Text::new(zh, en))
}
