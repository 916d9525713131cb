//! Who is asking. The route table says who may; what is here finds out who it is, before the
//! handler runs.

use super::access::{Access, Noun, Scope, Verb};
use crate::{
    api_key,
    app::App,
    http::{
        ApiError, client::Client, describe::Input, extract::ids, locale::Preferred,
        rate_limit::RateLimits, request_id::RequestId,
    },
    log::operation::Visitor,
    owner,
    session::{self, token},
    settings::{self, Settings},
    user::{self, Role, Status, User},
};
use axum::{
    Extension,
    extract::{FromRequestParts, Request, State},
    http::{HeaderName, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use push_notify_core::{i18n::Text, id::ApiKeyId};
use sha2::{Digest as _, Sha256};
use std::{convert::Infallible, ops::Deref, sync::Arc};

/// Where an API key may be sent besides `Authorization`.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The user of this request, as the database has it: a locked or deleted user and a revoked session
/// are refused at once, whatever the token says.
#[derive(Clone)]
pub struct CurrentUser {
    pub user: Arc<User>,
    pub credential: Credential,
    pub client: Client,
    pub request_id: RequestId,
}

/// What the user has shown.
#[derive(Debug, Clone)]
pub enum Credential {
    /// The session of an access token.
    Session(String),
    ApiKey {
        id: ApiKeyId,
        scopes: Vec<Scope>,
    },
}

/// Who looks at what anybody may see, where administrators see more. None: somebody else, or nobody
/// whom we know.
pub struct Onlooker(pub Option<CurrentUser>);

/// The caller has a login or refresh left in this minute.
pub struct AuthAttempt(pub Visitor);

impl CurrentUser {
    /// For what an endpoint does besides that which the route table names a scope for.
    pub fn needs(&self, scope: Scope) -> Result<(), ApiError> {
        match &self.credential {
            Credential::Session(_) => Ok(()),
            Credential::ApiKey { scopes, .. } => check_scope(scope, scopes),
        }
    }
}

impl Deref for CurrentUser {
    type Target = User;

    fn deref(&self) -> &User {
        &self.user
    }
}

impl Input for CurrentUser {}
impl Input for AuthAttempt {}
impl Input for Onlooker {}

/// Lets through who has `access`, and leaves the [`CurrentUser`] to the handler.
pub async fn guard(
    State((app, access)): State<(App, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if access == Access::Scraper && is_scraper(&parts, &app.config.metrics.token) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    match admit(&mut parts, &app, access).await {
        Ok(user) => {
            parts.extensions.insert(user);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => error.into_response(),
    }
}

/// Around what changes users or sessions.
pub async fn change(State(app): State<App>, request: Request, next: Next) -> Response {
    // Also when the client goes away in the middle of it.
    let _told = Changed(app);
    next.run(request).await
}

struct Changed(App);

impl Drop for Changed {
    fn drop(&mut self) {
        self.0.users_changed();
    }
}

async fn admit(parts: &mut Parts, app: &App, access: Access) -> Result<CurrentUser, ApiError> {
    let (user, credential) = identify(parts, app).await?;
    if user.status != Status::Active {
        return Err(ApiError::unauthenticated());
    }
    if let Some(preferred) = parts.extensions.get::<Preferred>() {
        let stored = settings::store::find(app.db.read(), user.id).await?;
        let settings = Settings::from_stored(stored.as_deref());
        preferred.set(settings.preferences.language.into());
    }
    let method = parts.method.clone();
    limits(parts).await?.user(user.id, &method).await?;
    if access.admin_only() && user.role != Role::Admin {
        return Err(ApiError::forbidden());
    }
    if user.must_change_password && !access.before_new_password() {
        return Err(ApiError::forbidden().saying(Text::new(
            "请先修改临时密码",
            "Change the temporary password first (PUT /api/v1/auth/password)",
        )));
    }
    if let Credential::ApiKey { scopes, .. } = &credential {
        check_key(access, scopes)?;
    }
    if access.writes() && !user.confirmed {
        return Err(ApiError::forbidden().saying(Text::new(
            "账号等待管理员确认，确认前不能更改任何内容",
            "An administrator has to confirm your account before you can change anything",
        )));
    }
    if let Some((thing, to)) = access.thing() {
        let ids = ids(parts, app).await?;
        owner::permit(app, &user, thing, &ids, to).await?;
    }
    let Ok(client) = Client::from_request_parts(parts, app).await;
    let Ok(request_id) = RequestId::from_request_parts(parts, app).await;
    Ok(CurrentUser {
        user: Arc::new(user),
        credential,
        client,
        request_id,
    })
}

/// Without a token in the configuration nobody is. Digests are compared: how long that takes tells
/// nothing of the token.
pub fn is_scraper(parts: &Parts, token: &str) -> bool {
    let shown = authorization(parts, "bearer").unwrap_or_default();
    !token.is_empty() && Sha256::digest(shown) == Sha256::digest(token)
}

async fn identify(parts: &Parts, app: &App) -> Result<(User, Credential), ApiError> {
    if let Some(key) = shown_key(parts) {
        return of_key(app, key).await;
    }
    let token = authorization(parts, "bearer").ok_or_else(ApiError::unauthenticated)?;
    let claims =
        token::read(app, token::Kind::Access, token).ok_or_else(ApiError::unauthenticated)?;
    let user = session::user_of(app, &claims.sid)
        .await?
        .filter(|user| user.id == claims.user_id)
        .ok_or_else(ApiError::unauthenticated)?;
    Ok((user, Credential::Session(claims.sid)))
}

async fn of_key(app: &App, key: &str) -> Result<(User, Credential), ApiError> {
    let now = app.clock.now_us();
    let found = api_key::store::find_live(app.db.read(), &api_key::digest(key), now).await?;
    let key = found.ok_or_else(ApiError::unauthenticated)?;
    let owner = user::store::find(app.db.read(), key.user_id).await?;
    let owner = owner.ok_or_else(ApiError::unauthenticated)?;
    if key.is_use_news(now) {
        api_key::store::used(app.db.write(), key.id, now).await?;
    }
    let scopes = key.scopes.iter().filter_map(|name| Scope::parse(name));
    let credential = Credential::ApiKey {
        id: key.id,
        scopes: scopes.collect(),
    };
    Ok((owner, credential))
}

/// Whether a key with these scopes is enough.
fn check_key(access: Access, scopes: &[Scope]) -> Result<(), ApiError> {
    if access.login_only() {
        return Err(ApiError::forbidden().saying(Text::new(
            "API密钥不能进行此操作，请登录",
            "API keys cannot do this: log in",
        )));
    }
    match access.scope() {
        Some(needed) => check_scope(needed, scopes),
        None => Ok(()),
    }
}

fn check_scope(needed: Scope, scopes: &[Scope]) -> Result<(), ApiError> {
    if scopes.iter().any(|scope| scope.covers(needed)) {
        return Ok(());
    }
    Err(ApiError::forbidden().saying(Text::made(
        format!("API密钥没有{needed}权限"),
        format!("The API key lacks the scope {needed}"),
    )))
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let user = parts.extensions.get::<Self>().cloned();
        user.ok_or_else(|| ApiError::internal("the route table lets anybody in here"))
    }
}

impl FromRequestParts<App> for Onlooker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let access = Access::Admin(Noun::System, Verb::Read);
        Ok(Self(admit(parts, app, access).await.ok()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AuthAttempt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Ok(client) = Client::from_request_parts(parts, state).await;
        limits(parts).await?.auth(client.ip).await?;
        let Ok(request_id) = RequestId::from_request_parts(parts, state).await;
        Ok(Self(Visitor { client, request_id }))
    }
}

async fn limits(parts: &mut Parts) -> Result<Arc<RateLimits>, ApiError> {
    Extension::<Arc<RateLimits>>::from_request_parts(parts, &())
        .await
        .map(|Extension(limits)| limits)
        .map_err(|error| ApiError::internal(error.body_text()))
}

fn authorization<'a>(parts: &'a Parts, scheme: &str) -> Option<&'a str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (given, credentials) = value.split_once(' ')?;
    let matches = given.eq_ignore_ascii_case(scheme);
    matches.then(|| credentials.trim())
}

/// `X-API-Key: pnk_...` or `Authorization: ApiKey pnk_...`. A key that is no text is a wrong key.
fn shown_key(parts: &Parts) -> Option<&str> {
    match parts.headers.get(API_KEY) {
        Some(value) => Some(value.to_str().unwrap_or_default().trim()),
        None => authorization(parts, "apikey"),
    }
}
