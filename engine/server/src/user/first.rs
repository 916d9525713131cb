//! The first administrator.

use super::{Role, Status, User, password, store};
use crate::app::App;
use rand::seq::IndexedRandom as _;

const USERNAME: &str = "admin";

/// Without letters and digits that are mistaken for one another.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Makes `admin` when there is no user yet, with the configured password or one of its own; that one is returned, to be
/// shown once. On every later start this does nothing.
pub async fn ensure_admin(app: &App) -> anyhow::Result<Option<String>> {
    if store::any(app.db.read()).await? {
        return Ok(None);
    }
    let configured = &app.config.auth.admin_password;
    let made_up = configured.is_empty().then(make_password);
    let password = made_up.clone().unwrap_or_else(|| configured.clone());
    let hash = password::hash(password).await?;
    let mut transaction = app.db.begin().await?;
    let user = User {
        id: app.db.next_id(&mut transaction, "users").await?,
        username: USERNAME.to_owned(),
        email: "admin@push-notify.invalid".to_owned(),
        role: Role::Admin,
        status: Status::Active,
        last_login_at: None,
        created_at: app.clock.now_us(),
    };
    // Another node may have been first.
    let inserted = store::insert(&mut transaction, &user, &hash).await?;
    transaction.commit().await?;
    Ok(made_up.filter(|_| inserted))
}

/// 20 characters: 116 bits.
fn make_password() -> String {
    let mut random = rand::rng();
    (0..20)
        .filter_map(|_| ALPHABET.choose(&mut random))
        .map(|letter| char::from(*letter))
        .collect()
}
