//! `/api/v1/auth/*`: logging in and out.

use super::{
    captcha,
    lockout::{self, Source, Standing},
    login,
    store::{self, Session},
    token::{self, Kind, Pair},
};
use crate::{
    app::App,
    auth::{AuthAttempt, Credential, CurrentUser},
    http::{
        Answer, ApiError, Reply, code,
        cookie::{self, Cookie},
        extract::{Body, Form, FromForm},
    },
    log::operation::{AuditEntry, Visitor},
    user::{self, Badge, Profile, Status, password, store::Account},
};
use axum::{extract::State, http::HeaderValue};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use push_notify_core::{clock::Micros, i18n::Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Two tabs that share a refresh token may both use it within so long.
const GRACE_US: i64 = 10_000_000;

const ONE_OF_TWO: Text = Text::new(
    "必须提供refresh_token，或将cookie设为true，二者选一",
    "must be given, or cookie be true: one of the two",
);

impl FromForm for login::Attempt {
    const EXAMPLE: &'static str = r#"{"username": "admin", "password": "Not-a-real-1"}"#;

    fn read(form: &mut Form) -> Self {
        let username = form.required_line("username", 100);
        form.require("password");
        let password = form.secret("password", password::LONGEST);
        let answer = form.secret("captcha", 20);
        let key = form.secret("captcha_key", 1000);
        Self {
            username,
            password: password.unwrap_or_default(),
            captcha: key.zip(answer),
            in_cookie: form.boolean("cookie").unwrap_or_default(),
        }
    }
}

/// One of the two says where the refresh token is.
pub struct Refresh {
    refresh_token: Option<String>,
    in_cookie: bool,
}

impl FromForm for Refresh {
    const EXAMPLE: &'static str = r#"{"refresh_token": "eyJhbGciOiJIUzI1NiJ9.e30.not-real"}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            refresh_token: form.line("refresh_token", 4096),
            in_cookie: form.boolean("cookie").unwrap_or_default(),
        }
    }
}

/// What a login or refresh hands out.
#[derive(Serialize, JsonSchema)]
pub struct Issued {
    access_token: String,
    /// Null: it is in the cookie that was asked for.
    refresh_token: Option<String>,
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

#[derive(Serialize, JsonSchema)]
pub struct Captcha {
    captcha_key: String,
    /// `data:image/png;base64,...`
    image: String,
    /// In seconds.
    expires_in: u32,
}

/// `POST /auth/login`
pub async fn login(
    State(app): State<App>,
    AuthAttempt(visitor): AuthAttempt,
    body: Body<login::Attempt>,
) -> Answer<LoggedIn> {
    let attempt = body.checked()?;
    let in_cookie = attempt.in_cookie;
    let source = Source::of_login(&attempt.username, &visitor.client);
    let (account, standing) = login::check(&app, attempt, &source).await?;
    let tokens = begin(&app, &visitor, &account, (&source, standing)).await?;
    let (tokens, cookie) = issued(&app, tokens, in_cookie)?;
    let user = account.user.badge();
    let reply = Reply::say(
        Text::new("登录成功", "Logged in"),
        LoggedIn { tokens, user },
    )?;
    Ok(reply.cookie(cookie))
}

/// `GET /auth/captcha`
pub async fn captcha(State(app): State<App>, _: AuthAttempt) -> Answer<Captcha> {
    let (captcha_key, picture) = captcha::make(&app).map_err(ApiError::internal)?;
    Reply::data(Captcha {
        captcha_key,
        image: format!("data:image/png;base64,{}", BASE64.encode(picture)),
        expires_in: captcha::LIFETIME_SECONDS,
    })
}

/// `POST /auth/refresh`. Only the newest refresh token of a session works. An older one was copied
/// by somebody, so its session ends; unless it was the newest until a moment ago: then another tab
/// was faster, and nothing is given or ended.
pub async fn refresh(
    State(app): State<App>,
    _: AuthAttempt,
    Cookie(kept): Cookie,
    body: Body<Refresh>,
) -> Answer<Issued> {
    let (asked, mut form) = body.parts();
    let in_cookie = asked.in_cookie;
    if in_cookie == asked.refresh_token.is_some() {
        form.refuse("refresh_token", &ONE_OF_TWO);
    }
    form.finish()?;
    let given = asked.refresh_token.or(kept);
    let given = given.ok_or_else(ApiError::unauthenticated)?;
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
    let end = end(&app, now);
    if store::rotate(app.db.write(), &claims.sid, &older, &newer, now, end).await? {
        let (tokens, cookie) = issued(&app, tokens, in_cookie)?;
        let reply = Reply::say(Text::new("刷新成功", "Refreshed"), tokens)?;
        return Ok(reply.cookie(cookie));
    }
    if store::was_newest(app.db.write(), &claims.sid, &older, now - GRACE_US).await? {
        return Err(ApiError::conflict(Text::new(
            "令牌刚刚已在别处刷新，请使用新的令牌",
            "This token was refreshed elsewhere a moment ago: use the newer one",
        )));
    }
    if store::revoke(&mut *app.db.writer().await?, &claims.sid, now).await? {
        tracing::warn!(
            user.id = user.id.get(),
            "a used refresh token came back: its session was ended"
        );
    }
    Err(ApiError::unauthenticated())
}

/// `GET /auth/me`
pub async fn me(user: CurrentUser) -> Answer<Profile> {
    Reply::data(user.profile())
}

/// `POST /auth/logout`
pub async fn logout(State(app): State<App>, user: CurrentUser, Cookie(kept): Cookie) -> Answer<()> {
    let mut transaction = app.db.begin().await?;
    if let Credential::Session(id) = &user.credential {
        store::revoke(&mut transaction, id, app.clock.now_us()).await?;
    }
    let audit = AuditEntry::new("user.logout", user.id, &user.username);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    let cookie = kept.map(|_| cookie::keep("", 0, &app.public_base));
    let reply = Reply::say(Text::new("登出成功", "Logged out"), ())?;
    Ok(reply.cookie(cookie.transpose()?))
}

async fn begin(
    app: &App,
    visitor: &Visitor,
    account: &Account,
    (source, standing): (&Source, Standing),
) -> Result<Pair, ApiError> {
    let user = &account.user;
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
    if !user::store::logged_in(&mut transaction, account, now).await? {
        return Err((&code::WRONG_PASSWORD).into());
    }
    store::insert(&mut transaction, &session).await?;
    lockout::passed(&mut transaction, source, standing).await?;
    lockout::store::know(&mut transaction, user.id, source, now).await?;
    visitor
        .did_as(app, &mut transaction, user, "user.login")
        .await?;
    transaction.commit().await?;
    Ok(tokens)
}

/// A session lasts as long as its newest tokens.
fn end(app: &App, now: Micros) -> Micros {
    let auth = &app.config.auth;
    let seconds = auth.refresh_seconds.max(auth.access_seconds);
    now.saturating_add_unsigned(seconds.saturating_mul(1_000_000))
}

/// What the body says, and the cookie beside it.
fn issued(
    app: &App,
    tokens: Pair,
    in_cookie: bool,
) -> Result<(Issued, Option<HeaderValue>), ApiError> {
    let seconds = app.config.auth.refresh_seconds;
    let cookie = in_cookie.then(|| cookie::keep(&tokens.refresh, seconds, &app.public_base));
    let issued = Issued {
        access_token: tokens.access,
        refresh_token: (!in_cookie).then_some(tokens.refresh),
        expires_in: app.config.auth.access_seconds,
        token_type: "Bearer",
    };
    Ok((issued, cookie.transpose()?))
}
