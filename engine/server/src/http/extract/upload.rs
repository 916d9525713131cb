use super::{body, form::MISSING, unknown::unknown};
use crate::http::{
    ApiError,
    arrival::BodyLimits,
    describe::{About, Content, Input},
};
use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request},
    http::{HeaderMap, header},
};
use bytes::Bytes;
use push_notify_core::i18n::Text;
use serde_json::json;

/// What the field `file` of a `multipart/form-data` body holds. Others are refused.
pub struct Upload(pub Bytes);

const FIELD: &str = "file";

impl<S: BodyLimits> FromRequest<S> for Upload {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_multipart(request.headers()) {
            return Err(ApiError::not_multipart());
        }
        let (parts, body) = request.into_parts();
        let body = body::arrived(&parts, body, state).await?;
        let mut request = Request::from_parts(parts, Body::from(body));
        // It is here, and not too long.
        DefaultBodyLimit::disable().apply(&mut request);
        let form = Multipart::from_request(request, &()).await;
        let mut form = form.map_err(|_| broken())?;
        let mut file = None;
        let mut others = Vec::new();
        while let Some(field) = form.next_field().await.map_err(|_| broken())? {
            match field.name() {
                Some(FIELD) => file = Some(field.bytes().await.map_err(|_| broken())?),
                name => others.push(name.unwrap_or_default().to_owned()),
            }
        }
        let others = unknown(&[FIELD], others.iter().map(String::as_str));
        let mut problems: Vec<Text> = others
            .iter()
            .map(|(name, problem)| Text::of_field(name, problem))
            .collect();
        match file {
            Some(file) if problems.is_empty() => return Ok(Self(file)),
            Some(_) => {}
            None => problems.push(Text::of_field(FIELD, &MISSING)),
        }
        Err(ApiError::malformed(problems))
    }
}

impl Input for Upload {
    fn describe(about: &mut About<'_>) {
        let file = json!({ "type": "string", "contentMediaType": "application/octet-stream" });
        about.body = Some(Content {
            media_type: "multipart/form-data",
            schema: json!({ "type": "object", "properties": { FIELD: file }, "required": [FIELD] }),
            example: None,
            required: true,
        });
    }
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("multipart/form-data")
}

fn broken() -> ApiError {
    ApiError::malformed(vec![Text::new(
        "请求体不是有效的multipart/form-data",
        "the body is not sound multipart/form-data",
    )])
}
