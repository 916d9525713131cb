use super::{Form, Notes};
use crate::{
    app::App,
    http::{
        ApiError, Text,
        describe::{About, Content, Input},
    },
};
use axum::{
    body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use std::time::Duration;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// The fields of a JSON body.
pub trait FromForm: Sized {
    /// One that is sound, in JSON, for the documentation.
    const EXAMPLE: &'static str;
    /// No body at all will do too.
    const OPTIONAL: bool = false;

    /// Reads each field, whatever the others are: this is also how the documentation learns of them.
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

impl<T: FromForm> FromRequest<App> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let json = is_json(request.headers());
        if !json && !T::OPTIONAL {
            return Err(ApiError::unsupported_media_type());
        }
        let body = arrived(request.into_body(), app).await?;
        let mut form = match (body.is_empty() && T::OPTIONAL, json) {
            (true, _) => Form::parse(b"{}")?,
            (false, true) => Form::parse(&body)?,
            (false, false) => return Err(ApiError::unsupported_media_type()),
        };
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

/// The whole body of a request to the API.
pub(super) async fn arrived(body: body::Body, app: &App) -> Result<Bytes, ApiError> {
    let body = read_body(body, app.config.server.max_body_bytes);
    let body = tokio::time::timeout(PATIENCE, body);
    body.await.map_err(|_| ApiError::body_timeout())?
}

/// Reads a body of at most `most` bytes; 413 as soon as there are more.
pub async fn read_body(body: body::Body, most: usize) -> Result<Bytes, ApiError> {
    let mut chunks = body.into_data_stream();
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| incomplete())?;
        if first.len() + all.len() + chunk.len() > most {
            return Err(ApiError::too_large(most));
        }
        // Most bodies are one chunk, which need not be copied.
        if first.is_empty() && all.is_empty() {
            first = chunk;
            continue;
        }
        if !first.is_empty() {
            all.extend_from_slice(&std::mem::take(&mut first));
        }
        all.extend_from_slice(&chunk);
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

fn incomplete() -> ApiError {
    ApiError::malformed(vec![Text::new(
        "请求体接收不完整",
        "the body did not arrive in full",
    )])
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
