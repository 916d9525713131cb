//! Who is asking. The route table says who may; what is here finds out who it is, before the handler runs.

use super::{
    ApiError,
    access::{Access, Scope},
    client::Client,
    rate_limit::RateLimits,
    request_id::RequestId,
};
use crate::{
    app::App,
    session::{self, token},
    user::{Role, Status, User},
};
use axum::{
    Extension,
    extract::{FromRequestParts, Request, State},
    http::{HeaderName, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use std::{ops::Deref, sync::Arc};

/// Where an API key may be sent besides `Authorization`.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The user of this request, read from the database: a locked or deleted user and a revoked session are refused at once,
/// whatever the token says.
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
        id: i64,
        scopes: Vec<Scope>,
    },
}

/// The caller has a login or refresh left in this minute.
pub struct AuthAttempt;

impl Deref for CurrentUser {
    type Target = User;

    fn deref(&self) -> &User {
        &self.user
    }
}

/// Lets through who has `access`, and leaves the [`CurrentUser`] to the handler.
pub(super) async fn guard(
    State((app, access)): State<(App, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&mut parts, &app, access).await {
        Ok(user) => {
            parts.extensions.insert(user);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => error.into_response(),
    }
}

async fn admit(parts: &mut Parts, app: &App, access: Access) -> Result<CurrentUser, ApiError> {
    let (user, credential) = identify(parts, app).await?;
    if user.status != Status::Active {
        return Err(ApiError::unauthenticated());
    }
    let method = parts.method.clone();
    limits(parts).await?.user(user.id, &method)?;
    if access.admin_only() && user.role != Role::Admin {
        return Err(ApiError::forbidden());
    }
    if let Credential::ApiKey { scopes, .. } = &credential {
        let covered = match access {
            Access::Login => false,
            _ => access
                .scope()
                .is_none_or(|needed| scopes.iter().any(|scope| scope.covers(needed))),
        };
        if !covered {
            return Err(ApiError::forbidden());
        }
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

async fn identify(parts: &Parts, app: &App) -> Result<(User, Credential), ApiError> {
    let token = bearer(parts).ok_or_else(ApiError::unauthenticated)?;
    let claims =
        token::read(app, token::Kind::Access, token).ok_or_else(ApiError::unauthenticated)?;
    let now = app.clock.now_us();
    let user = session::store::find_user(app.db.read(), &claims.sid, now)
        .await?
        .filter(|user| user.id == claims.user_id)
        .ok_or_else(ApiError::unauthenticated)?;
    Ok((user, Credential::Session(claims.sid)))
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let user = parts.extensions.get::<Self>().cloned();
        user.ok_or_else(|| ApiError::internal("the route table lets anybody in here"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AuthAttempt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Ok(client) = Client::from_request_parts(parts, state).await;
        limits(parts).await?.auth(client.ip)?;
        Ok(Self)
    }
}

async fn limits(parts: &mut Parts) -> Result<Arc<RateLimits>, ApiError> {
    Extension::<Arc<RateLimits>>::from_request_parts(parts, &())
        .await
        .map(|Extension(limits)| limits)
        .map_err(|error| ApiError::internal(error.body_text()))
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
