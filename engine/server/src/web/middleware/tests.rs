use super::surround;
use crate::http::{ApiError, Reply, client::Proxies};
use axum::{Router, body::Body, extract::Request, http::StatusCode, middleware, routing::get};
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt as _;

async fn panics() -> StatusCode {
    panic!("a broken handler")
}

async fn answer(path: &str) -> (StatusCode, axum::http::HeaderMap, Value) {
    let router: Router = Router::new()
        .route("/api/v1/fine", get(|| async { Reply::data(1) }))
        .route("/api/v1/panics", get(panics))
        .route(
            "/api/v1/bare",
            get(|| async { StatusCode::SERVICE_UNAVAILABLE }),
        )
        .route("/webhook/secret-id", get(|| async { Reply::data(1) }))
        .fallback(|| async { ApiError::not_found() })
        .layer(middleware::from_fn_with_state(
            Arc::new(Proxies::default()),
            surround,
        ));
    let request = Request::get(path)
        .header("x-request-id", "test-1")
        .header("accept-language", "en")
        .body(Body::empty())
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    (
        parts.status,
        parts.headers,
        serde_json::from_slice(&body).unwrap(),
    )
}

#[tokio::test]
async fn a_panic_is_an_enveloped_500_that_says_nothing() {
    let (status, headers, body) = answer("/api/v1/panics").await;
    assert_eq!(status, 500);
    assert_eq!(body["request_id"], "test-1");
    assert_eq!(headers["x-request-id"], "test-1");
    assert!(!body.to_string().contains("broken handler"));
}

#[tokio::test]
async fn a_status_without_a_body_is_enveloped() {
    let (status, _, body) = answer("/api/v1/bare").await;
    assert_eq!((status.as_u16(), body["code"].as_u64()), (503, Some(503)));
    let (status, _, body) = answer("/api/v1/nowhere").await;
    assert_eq!((status.as_u16(), body["code"].as_u64()), (404, Some(404)));
}

#[tokio::test]
async fn answers_are_not_for_keeping_or_framing() {
    let (status, headers, _) = answer("/api/v1/fine").await;
    assert_eq!(status, 200);
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["x-frame-options"], "DENY");
    let (_, headers, _) = answer("/webhook/secret-id").await;
    assert!(!headers.contains_key("cache-control"));
}
