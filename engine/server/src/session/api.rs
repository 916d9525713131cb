//! `/api/v1/auth/*`.

use super::{
    store::{self, Session},
    token::{self, Kind, Pair},
};
use crate::{
    app::App,
    clock::Micros,
    http::{
        Answer, ApiError, Reply, Text,
        auth::{AuthAttempt, CurrentUser},
        code,
        extract::Form,
    },
    user::{self, Status, User, password},
};
use axum::extract::State;
use serde_json::json;

/// `POST /auth/login`
pub async fn login(State(app): State<App>, _: AuthAttempt, mut form: Form) -> Answer {
    let username = form.required_line("username", 100);
    let given = form.secret("password", password::LONGEST);
    form.require("password");
    form.finish()?;
    let account = user::store::find_account(app.db.read(), &username).await?;
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let right = password::is_right(given.unwrap_or_default(), hash)
        .await
        .map_err(ApiError::internal)?;
    let user = match account {
        Some(account) if right => account.user,
        _ => return Err((&code::WRONG_PASSWORD).into()),
    };
    // Only said to whoever knows the password.
    if user.status != Status::Active {
        return Err((&code::ACCOUNT_LOCKED).into());
    }
    let tokens = begin(&app, &user).await?;
    let mut data = issued(&app, &tokens);
    data["user"] = json!(user.badge());
    Reply::say(Text::new("登录成功", "Logged in"), data)
}

/// `POST /auth/refresh`. Only the newest refresh token of a session works. An older one was copied by somebody, so its
/// session ends.
pub async fn refresh(State(app): State<App>, _: AuthAttempt, mut form: Form) -> Answer {
    let given = form.required_line("refresh_token", 4096);
    form.finish()?;
    let claims = token::read(&app, Kind::Refresh, &given).ok_or_else(ApiError::unauthenticated)?;
    let now = app.clock.now_us();
    let user = store::find_user(app.db.read(), &claims.sid, now)
        .await?
        .ok_or_else(ApiError::unauthenticated)?;
    if user.status != Status::Active {
        return Err((&code::ACCOUNT_LOCKED).into());
    }
    let tokens = token::issue(&app, &user, &claims.sid).map_err(ApiError::internal)?;
    let (older, newer) = (token::digest(&given), token::digest(&tokens.refresh));
    let expires_at = end(&app, now);
    if !store::rotate(app.db.write(), &claims.sid, &older, &newer, expires_at).await? {
        if store::revoke(app.db.write(), &claims.sid, now).await? {
            tracing::warn!(
                user.id = user.id,
                "a used refresh token came back: its session was ended"
            );
        }
        return Err(ApiError::unauthenticated());
    }
    Reply::say(Text::new("刷新成功", "Refreshed"), issued(&app, &tokens))
}

/// `GET /auth/me`
pub async fn me(user: CurrentUser) -> Answer {
    Reply::data(user.profile())
}

/// `POST /auth/logout`
pub async fn logout(State(app): State<App>, user: CurrentUser) -> Answer {
    store::revoke(app.db.write(), &user.session_id, app.clock.now_us()).await?;
    Reply::say(Text::new("登出成功", "Logged out"), ())
}

async fn begin(app: &App, user: &User) -> Result<Pair, ApiError> {
    let id = token::random_id();
    let tokens = token::issue(app, user, &id).map_err(ApiError::internal)?;
    let now = app.clock.now_us();
    let session = Session {
        id: &id,
        user_id: user.id,
        token_digest: &token::digest(&tokens.refresh),
        created_at: now,
        expires_at: end(app, now),
    };
    let mut transaction = app.db.begin().await?;
    store::insert(&mut transaction, &session).await?;
    user::store::logged_in(&mut transaction, user.id, now).await?;
    transaction.commit().await?;
    Ok(tokens)
}

/// A session lasts as long as its newest tokens.
fn end(app: &App, now: Micros) -> Micros {
    let auth = &app.config.auth;
    let seconds = auth.refresh_seconds.max(auth.access_seconds);
    now.saturating_add_unsigned(seconds.saturating_mul(1_000_000))
}

fn issued(app: &App, tokens: &Pair) -> serde_json::Value {
    json!({
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "expires_in": app.config.auth.access_seconds,
        "token_type": "Bearer",
    })
}
