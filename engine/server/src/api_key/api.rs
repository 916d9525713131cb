//! `/api/v1/api-keys`.

use super::{
    ApiKey,
    form::{self, NewApiKey},
    key::NewKey,
    store,
    types::{Created, View},
};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply,
        envelope::CREATED,
        extract::{Asked, Body, FromQuery, Id, Query},
    },
    log::operation::AuditEntry,
    user::Role,
};
use axum::extract::State;
use push_notify_core::{
    i18n::Text,
    id::{ApiKeyId, UserId},
};
use push_notify_db::{list::Filter, page::Page};

/// Of one user.
const MOST: i64 = 100;

pub struct Listing {
    page: Page,
    user_id: Option<UserId>,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&[
                ("created_at", "created_at"),
                ("last_used_at", "COALESCE(last_used_at, 0)"),
                ("name", "name"),
                ("id", "id"),
            ]),
            user_id: query.id("user_id"),
        }
    }
}

/// `GET /api-keys`: one's own; an administrator may ask for somebody else's.
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, user_id }): Asked<Listing>,
) -> Answer<Listed<View>> {
    let of = user_id.unwrap_or(user.id);
    if of != user.id && user.role != Role::Admin {
        return Err(ApiError::forbidden());
    }
    let filter = Filter::default().and("user_id = ?", Some(of));
    let (keys, total) = store::list(app.db.read(), filter, &page).await?;
    Reply::page(keys.iter().map(ApiKey::view).collect(), &page, total)
}

/// `POST /api-keys`. The key is shown this once.
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<NewApiKey>,
) -> Answer<Created> {
    let now = app.clock.now_us();
    let new = form::check(body, now)?;
    let made = NewKey::make_up();
    let mut transaction = app.db.begin().await?;
    if store::count(&mut transaction, user.id).await? >= MOST {
        return Err(ApiError::conflict(Text::made(
            format!("每个用户最多{MOST}个API密钥"),
            format!("A user has at most {MOST} API keys"),
        )));
    }
    let key = ApiKey {
        id: app.db.next_id(&mut transaction).await?,
        user_id: user.id,
        name: new.name,
        prefix: made.prefix,
        scopes: new.scopes,
        expires_at: new.expires_at,
        last_used_at: None,
        created_at: now,
    };
    store::insert(&mut transaction, &key, &made.digest).await?;
    let detail = key.scopes.join(", ");
    let audit = AuditEntry::new("api_key.create", key.id, &key.name).with(&detail);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    let data = Created {
        shown: key.view(),
        key: made.text,
    };
    Reply::say(CREATED, data)
}

/// `DELETE /api-keys/{id}`: one's own; an administrator may revoke anybody's.
pub async fn revoke(State(app): State<App>, user: CurrentUser, Id(id): Id<ApiKeyId>) -> Answer<()> {
    let key = store::find(app.db.read(), id).await?;
    let visible = |key: &ApiKey| key.user_id == user.id || user.role == Role::Admin;
    let key = key.filter(visible).ok_or_else(ApiError::not_found)?;
    let mut transaction = app.db.begin().await?;
    if !store::revoke(&mut transaction, id, app.clock.now_us()).await? {
        return Err(ApiError::not_found());
    }
    let audit = AuditEntry::new("api_key.revoke", id, &key.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Reply::say(Text::new("API密钥已吊销", "The API key is revoked"), ())
}
