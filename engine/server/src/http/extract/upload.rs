use super::body;
use crate::{
    app::App,
    http::{
        ApiError, Text,
        describe::{About, Content, Input},
    },
};
use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request},
    http::{HeaderMap, header},
};
use bytes::Bytes;
use serde_json::json;

/// What the field `file` of a `multipart/form-data` body holds. Other fields are ignored.
pub struct Upload(pub Bytes);

const FIELD: &str = "file";

impl FromRequest<App> for Upload {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        if !is_multipart(request.headers()) {
            return Err(ApiError::not_multipart());
        }
        let (parts, body) = request.into_parts();
        let body = body::arrived(body, app).await?;
        let mut request = Request::from_parts(parts, Body::from(body));
        // It is here, and not too long.
        DefaultBodyLimit::disable().apply(&mut request);
        let form = Multipart::from_request(request, &()).await;
        let mut form = form.map_err(|_| broken())?;
        while let Some(field) = form.next_field().await.map_err(|_| broken())? {
            if field.name() == Some(FIELD) {
                return Ok(Self(field.bytes().await.map_err(|_| broken())?));
            }
        }
        let missing = Text::new("不能为空", "must not be empty");
        Err(ApiError::malformed(vec![Text::of_field(FIELD, &missing)]))
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
