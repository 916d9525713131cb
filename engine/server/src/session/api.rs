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
        auth::{AuthAttempt, Credential, CurrentUser},
        code,
        extract::{Body, Form, FromForm},
    },
    user::{self, Badge, Profile, Status, User, password},
};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

pub struct Login {
    username: String,
    password: String,
}

impl FromForm for Login {
    const EXAMPLE: &'static str = r#"{"username": "admin", "password": "Not-a-real-1"}"#;

    fn read(form: &mut Form) -> Self {
        let username = form.required_line("username", 100);
        form.require("password");
        let password = form.secret("password", password::LONGEST);
        Self {
            username,
            password: password.unwrap_or_default(),
        }
    }
}

pub struct Refresh {
    refresh_token: String,
}

impl FromForm for Refresh {
    const EXAMPLE: &'static str = r#"{"refresh_token": "eyJhbGciOiJIUzI1NiJ9.e30.not-real"}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            refresh_token: form.required_line("refresh_token", 4096),
        }
    }
}

/// What a login or refresh hands out.
#[derive(Serialize, JsonSchema)]
pub struct Issued {
    access_token: String,
    refresh_token: String,
    /// Of the access token, in seconds.
    expires_in: u64,
    token_type: &'static str,
}

#[derive(Serialize, JsonSchema)]
pub struct LoggedIn {
    #[serde(flatten)]
    tokens: Issued,
    user: Badge,
}

/// `POST /auth/login`
pub async fn login(State(app): State<App>, _: AuthAttempt, body: Body<Login>) -> Answer<LoggedIn> {
    let login = body.checked()?;
    let account = user::store::find_account(app.db.read(), &login.username).await?;
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let right = password::is_right(login.password, hash)
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
    let data = LoggedIn {
        tokens: issued(&app, tokens),
        user: user.badge(),
    };
    Reply::say(Text::new("登录成功", "Logged in"), data)
}

/// `POST /auth/refresh`. Only the newest refresh token of a session works. An older one was copied by somebody, so its
/// session ends.
pub async fn refresh(
    State(app): State<App>,
    _: AuthAttempt,
    body: Body<Refresh>,
) -> Answer<Issued> {
    let given = body.checked()?.refresh_token;
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
    Reply::say(Text::new("刷新成功", "Refreshed"), issued(&app, tokens))
}

/// `GET /auth/me`
pub async fn me(user: CurrentUser) -> Answer<Profile> {
    Reply::data(user.profile())
}

/// `POST /auth/logout`
pub async fn logout(State(app): State<App>, user: CurrentUser) -> Answer<()> {
    if let Credential::Session(id) = &user.credential {
        store::revoke(app.db.write(), id, app.clock.now_us()).await?;
    }
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

fn issued(app: &App, tokens: Pair) -> Issued {
    Issued {
        access_token: tokens.access,
        refresh_token: tokens.refresh,
        expires_in: app.config.auth.access_seconds,
        token_type: "Bearer",
    }
}
