use super::{Form, Notes, Shown};
use crate::http::{
    ApiError,
    arrival::{self, BodyLimits, Uncounted},
    client::Client,
    describe::{About, Content, Input},
    rate_limit::RateLimits,
};
use axum::{
    body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header, request::Parts},
};
use bytes::Bytes;
use push_notify_core::i18n::Text;
use std::sync::Arc;

const PACKED: Text = Text::new(
    "请求体不能压缩（Content-Encoding）",
    "The body must not be packed (Content-Encoding)",
);

/// The fields of a JSON body.
pub trait FromForm: Sized {
    /// One that is sound, in JSON, for the documentation.
    const EXAMPLE: &'static str;
    /// No body at all will do too.
    const OPTIONAL: bool = false;

    /// Reads each field, whatever the others are: this is also how the documentation learns of
    /// them.
    fn read(form: &mut Form) -> Self;
}

/// A JSON body with the fields `T`.
pub struct Body<T> {
    fields: T,
    form: Form,
}

impl<T> Body<T> {
    /// Fails with everything that is wrong with the fields.
    pub fn checked(self) -> Result<T, ApiError> {
        self.form.finish()?;
        Ok(self.fields)
    }

    /// For rules that go beyond single fields: more can be refused before the form is finished.
    pub fn parts(self) -> (T, Form) {
        (self.fields, self.form)
    }
}

impl<S: BodyLimits, T: FromForm> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let json = is_json(request.headers());
        if !json && !T::OPTIONAL {
            return Err(ApiError::unsupported_media_type());
        }
        let (parts, body) = request.into_parts();
        let body = arrived(&parts, body, state).await?;
        let mut form = match (body.is_empty() && T::OPTIONAL, json) {
            (true, _) => Form::parse(b"{}")?,
            (false, true) => Form::parse(&body)?,
            (false, false) => return Err(ApiError::unsupported_media_type()),
        };
        if let Some(shown) = parts.extensions.get::<Shown>() {
            form.leave(shown.clone());
        }
        let fields = T::read(&mut form);
        Ok(Self { fields, form })
    }
}

impl<T: FromForm> Input for Body<T> {
    fn describe(about: &mut About<'_>) {
        let mut recorder = Form::recorder();
        T::read(&mut recorder);
        about.body = Some(Content {
            media_type: "application/json",
            schema: Notes::schema(recorder.into_notes()),
            example: serde_json::from_str(T::EXAMPLE).ok(),
            required: !T::OPTIONAL,
        });
    }
}

/// Fails when there is anything in a body that nothing reads. `null` and an object without fields
/// are nothing.
pub async fn nothing_in(
    parts: &Parts,
    body: body::Body,
    limits: &impl BodyLimits,
) -> Result<(), ApiError> {
    let json = is_json(&parts.headers);
    let body = arrived(parts, body, limits).await?;
    match body.trim_ascii() {
        b"" | b"null" => Ok(()),
        _ if !json => Err(ApiError::unsupported_media_type()),
        body => Form::parse(body)?.finish(),
    }
}

/// The whole body of a request to the API.
pub(super) async fn arrived(
    parts: &Parts,
    body: body::Body,
    limits: &impl BodyLimits,
) -> Result<Bytes, ApiError> {
    let packed = parts.headers.get(header::CONTENT_ENCODING);
    if packed.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(ApiError::unsupported_media_type().saying(PACKED));
    }
    let rates = parts.extensions.get::<Arc<RateLimits>>();
    let client = parts.extensions.get::<Client>();
    let _slow = match rates.zip(client) {
        Some((rates, client)) => rates.body(client)?,
        None => None,
    };
    let most = limits.max_bytes(parts);
    arrival::read(body, most, limits.pace(), &mut Uncounted).await
}

/// `application/json` or `application/...+json`, whatever the parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json"
        || essence.starts_with("application/") && essence.ends_with("+json")
}
