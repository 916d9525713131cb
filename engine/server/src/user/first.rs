//! The first administrator.

use super::{Role, Status, User, password, store};
use crate::app::App;

const USERNAME: &str = "admin";

/// Makes `admin` when there is no user yet, with the configured password or one of its own; that
/// one is returned, to be shown once and to be changed before anything else. On every later start
/// this does nothing.
pub async fn ensure_admin(app: &App) -> anyhow::Result<Option<String>> {
    if store::any(app.db.read()).await? {
        return Ok(None);
    }
    let configured = &app.config.auth.admin_password;
    let made_up = configured.is_empty().then(password::make_up);
    let password = made_up.clone().unwrap_or_else(|| configured.clone());
    let hash = app.hasher.hash(password).await?;
    let mut transaction = app.db.begin().await?;
    let user = User {
        id: app.db.next_id(&mut transaction).await?,
        username: USERNAME.to_owned(),
        email: "admin@push-notify.invalid".to_owned(),
        role: Role::Admin,
        status: Status::Active,
        // What was printed may be in a log.
        must_change_password: made_up.is_some(),
        confirmed: true,
        last_login_at: None,
        created_at: app.clock.now_us(),
    };
    // Another node may have been first.
    let inserted = store::insert(&mut transaction, &user, &hash).await?;
    transaction.commit().await?;
    Ok(made_up.filter(|_| inserted))
}
