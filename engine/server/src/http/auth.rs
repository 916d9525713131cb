//! Who is asking. A handler that takes [`CurrentUser`] is for both roles, one that takes [`Admin`] for administrators.

use super::{ApiError, rate_limit::RateLimits};
use crate::{
    app::App,
    session::{self, token},
    user::{Role, Status, User},
};
use axum::{
    Extension,
    extract::{ConnectInfo, FromRequestParts},
    http::{header, request::Parts},
};
use std::{net::SocketAddr, ops::Deref, sync::Arc};

/// The logged-in user of this request, read from the database: a locked or deleted user and a revoked session are
/// refused at once, whatever the token says.
pub struct CurrentUser {
    pub user: User,
    pub session_id: String,
}

/// A logged-in administrator.
pub struct Admin(pub CurrentUser);

/// The caller has a login or refresh left in this minute.
pub struct AuthAttempt;

impl Deref for CurrentUser {
    type Target = User;

    fn deref(&self) -> &User {
        &self.user
    }
}

impl FromRequestParts<App> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = bearer(parts).ok_or_else(ApiError::unauthenticated)?;
        let claims =
            token::read(app, token::Kind::Access, token).ok_or_else(ApiError::unauthenticated)?;
        let now = app.clock.now_us();
        let user = session::store::find_user(app.db.read(), &claims.sid, now)
            .await?
            .filter(|user| user.id == claims.user_id)
            .ok_or_else(ApiError::unauthenticated)?;
        if user.status != Status::Active {
            return Err(ApiError::unauthenticated());
        }
        let method = parts.method.clone();
        limits(parts).await?.user(user.id, &method)?;
        Ok(Self {
            user,
            session_id: claims.sid,
        })
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let user = CurrentUser::from_request_parts(parts, app).await?;
        match user.role {
            Role::Admin => Ok(Self(user)),
            Role::User => Err(ApiError::forbidden()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AuthAttempt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = peer.map(|ConnectInfo(address)| address.ip());
        limits(parts).await?.auth(address)?;
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
