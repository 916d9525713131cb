use super::rows::{SECOND, THEN, add};
use push_notify_tests::{Backend, TestApp, both};
use serde_json::json;

both!(the_overview_says_what_reviews_came_to);

async fn the_overview_says_what_reviews_came_to(on: Backend) {
    let app = TestApp::start(on).await;
    let overview = async || {
        app.get("/api/v1/stats/overview")
            .await
            .expect(200)
            .data()
            .clone()
    };
    let none = overview().await;
    assert_eq!(
        none["reviews"],
        json!({"total": 0, "pending": 0, "completed": 0, "skipped": 0, "failed": 0})
    );
    assert!(none["avg_review_ms"].is_null() && none["avg_review_tokens"].is_null());
    // 8.5 s and 2500 tokens; then 2 s and 500.
    add(&app, 1, 1, json!({})).await;
    let quick = json!({
        "decision": "REQUEST_CHANGES", "completed_at": THEN + 3 * SECOND, "input_tokens": 400, "output_tokens": 100,
    });
    add(&app, 2, 1, quick).await;
    let same = json!({"decision": "COMMENT", "same_as": 2, "input_tokens": 0, "output_tokens": 0});
    add(&app, 3, 1, same).await;
    for (id, state) in [(4, "pending"), (5, "skipped"), (6, "failed")] {
        add(&app, id, 1, json!({"state": state, "decision": null})).await;
    }
    let some = overview().await;
    assert_eq!(
        some["reviews"],
        json!({"total": 6, "pending": 1, "completed": 3, "skipped": 1, "failed": 1})
    );
    assert_eq!(
        some["decisions"],
        json!({"APPROVED": 1, "REQUEST_CHANGES": 1, "COMMENT": 1})
    );
    assert_eq!(some["avg_review_ms"], 5250);
    assert_eq!(some["avg_review_tokens"], 1500);
    app.stop().await;
}
