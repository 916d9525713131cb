use super::{Reply, finish};
use crate::http::{ApiError, request_id::RequestId};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use push_notify_core::i18n::{Locale, Text};
use push_notify_db::page::{Page, Part, Total};
use serde_json::{Value, json};

async fn body(response: impl IntoResponse, locale: Locale) -> Value {
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", HeaderValue::from_static("r-\"1\""));
    let response = finish(response.into_response(), &RequestId::of(&headers), locale);
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn a_reply_is_enveloped() {
    let reply = Reply::data(json!({"id": 1})).unwrap();
    assert_eq!(
        body(reply, Locale::Chinese).await,
        json!({"code": 200, "message": "success", "data": {"id": 1}, "request_id": "r-\"1\""})
    );
}

#[tokio::test]
async fn a_page_counts_its_pages() {
    let page = Page {
        size: 10,
        ..Page::first("id")
    };
    let pages = |total| Reply::page(vec!["x"], &page, total).unwrap();
    for (total, expected) in [(0, 0), (1, 1), (10, 1), (11, 2)] {
        let body = body(pages(total), Locale::English).await;
        assert_eq!(
            body["data"]["pagination"]["total_pages"], expected,
            "{total}"
        );
        assert_eq!(body["data"]["list"], json!(["x"]));
        assert!(body["data"]["pagination"].get("capped").is_none());
    }
    let capped = Total {
        count: 10_000,
        capped: true,
    };
    let body = body(
        Reply::page(vec!["x"], &page, capped).unwrap(),
        Locale::English,
    )
    .await;
    assert_eq!(body["data"]["pagination"]["total"], 10_000);
    assert_eq!(body["data"]["pagination"]["capped"], true);
}

#[tokio::test]
async fn an_error_speaks_the_callers_language_and_keeps_its_cause() {
    let error = || ApiError::invalid_field("name", &Text::new("不能为空", "must not be empty"));
    let chinese = body(error(), Locale::Chinese).await;
    assert_eq!(chinese["details"], json!(["字段name不能为空"]));
    assert_eq!(chinese["code"], 422);
    let english = body(error(), Locale::English).await;
    assert_eq!(english["details"], json!(["name must not be empty"]));
    let internal = body(ApiError::internal("no such table: users"), Locale::English).await;
    assert!(!internal.to_string().contains("users"));
    assert_eq!(internal["code"], 500);
}

#[tokio::test]
async fn a_refusal_without_words_gets_some() {
    let bare: Response = StatusCode::PAYLOAD_TOO_LARGE.into_response();
    assert_eq!(body(bare, Locale::English).await["code"], 413);
}

#[test]
fn a_short_list_is_whole_or_as_long_as_is_asked_for() {
    let shown = |number, size| {
        let reply = Reply::part(vec![1, 2, 3, 4, 5], Part { number, size });
        let data: Value = serde_json::from_slice(&reply.expect("it can be written").data).unwrap();
        (data["list"].to_string(), data["pagination"].clone())
    };
    for (number, size, list, pages) in [
        (1, None, "[1,2,3,4,5]", 1),
        (2, None, "[]", 1),
        (1, Some(2), "[1,2]", 3),
        (3, Some(2), "[5]", 3),
        (4, Some(2), "[]", 3),
        (u32::MAX, Some(100), "[]", 1),
    ] {
        let (shown, pagination) = shown(number, size);
        assert_eq!(shown, list, "{number} {size:?}");
        assert_eq!(pagination["total"], 5);
        assert_eq!(pagination["total_pages"], pages);
        assert_eq!(pagination["page"], number);
    }
}
