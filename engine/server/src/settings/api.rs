//! `/api/v1/settings`.

use super::{
    Settings,
    change::{self, Changes},
    store,
};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{Answer, ApiError, Reply, envelope::UPDATED, extract::Body},
    log::operation::AuditEntry,
};
use axum::extract::State;

/// `GET /settings`
pub async fn show(State(app): State<App>, user: CurrentUser) -> Answer<Settings> {
    let stored = store::find(app.db.read(), user.id).await?;
    Reply::data(Settings::from_stored(stored.as_deref()))
}

/// `PUT /settings`. What the body does not name stays.
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<Changes>,
) -> Answer<Settings> {
    let stored = store::find(app.db.read(), user.id).await?;
    let settings = change::change(&app, body, Settings::from_stored(stored.as_deref()))?;
    let json = serde_json::to_string(&settings).map_err(ApiError::internal)?;
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    let before = stored.as_deref();
    if !store::replace(&mut transaction, user.id, before, &json, now).await? {
        return Err(ApiError::changed_meanwhile());
    }
    let audit = AuditEntry::new("settings.update", user.id, &user.username);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Reply::say(UPDATED, settings)
}
