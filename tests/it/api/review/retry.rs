use super::rows::{THEN, add};
use push_notify::review::store;
use push_notify_core::id::ReviewId;
use push_notify_tests::{Backend, TestApp, both};
use serde_json::{Value, json};
use sqlx::Row as _;

both!(
    a_review_is_made_again_by_hand,
    a_review_is_not_retried_while_it_is_under_way,
    a_review_is_not_retried_without_its_event_or_repository,
    a_restart_clears_what_came_out,
);

/// The event of a delivery, without pushes.
async fn event(app: &TestApp, repo: &push_notify_tests::Repo, commit: &str) -> i64 {
    app.push(repo, commit).await;
    let newest = app.get("/api/v1/events").await.expect(200);
    newest.list()[0]["id"].as_i64().expect("an id")
}

async fn retry(app: &TestApp, id: i64) -> push_notify_tests::Answer {
    let path = format!("/api/v1/reviews/{id}/retry");
    app.post(&path, &json!({})).await
}

async fn a_review_is_made_again_by_hand(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let id = event(&app, &repo, "aaa").await;
    add(
        &app,
        id,
        repo.id,
        json!({"state": "failed", "reason": "HTTP 500", "decision": null}),
    )
    .await;
    let answer = retry(&app, id).await.expect_code(200, 200);
    assert_eq!(
        answer.data(),
        &json!({"review_id": id, "status": "pending"})
    );
    let shown = app.get(&format!("/api/v1/reviews/{id}")).await.expect(200);
    assert_eq!(shown.data()["triggered_by"], "retry");
    let did = app
        .get("/api/v1/logs/operations?action=review.retry")
        .await
        .expect(200);
    assert_eq!(did.list()[0]["object_id"], id);
    assert_eq!(
        did.list()[0]["detail"],
        "Retried review: feat: 新增登录功能"
    );
    retry(&app, 999_999).await.expect_code(404, 404);
    app.stop().await;
}

async fn a_review_is_not_retried_while_it_is_under_way(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    // Due in a hundred years: no worker takes them.
    let run_at = THEN + 100 * 365 * 86_400_000_000;
    for (commit, mut fields) in [
        (
            "aaa",
            json!({"state": "pending", "step": "review", "decision": null}),
        ),
        (
            "bbb",
            json!({"state": "pending", "step": "review", "lease": 1}),
        ),
        ("ccc", json!({"state": "completed", "step": "publish"})),
    ] {
        let id = event(&app, &repo, commit).await;
        fields["run_at"] = json!(run_at);
        add(&app, id, repo.id, fields).await;
        let answer = retry(&app, id).await.expect_code(409, 409);
        assert_eq!(answer.json["message"], "This review has not ended yet");
    }
    app.stop().await;
}

async fn a_review_is_not_retried_without_its_event_or_repository(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    add(&app, 4711, repo.id, json!({})).await;
    let answer = retry(&app, 4711).await.expect_code(409, 409);
    assert_eq!(answer.json["message"], "The event of this review is gone");
    let id = event(&app, &repo, "aaa").await;
    add(&app, id, repo.id, json!({})).await;
    app.delete(&format!("/api/v1/repos/{}", repo.id))
        .await
        .expect(200);
    let answer = retry(&app, id).await.expect_code(409, 409);
    assert_eq!(
        answer.json["message"],
        "The repository of this review is deleted"
    );
    app.stop().await;
}

/// Seen before any worker does.
async fn a_restart_clears_what_came_out(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let fields = json!({
        "reason": "x", "same_as": 1, "issues": [Value::Null], "issue_count": 1, "coverage": {}, "fallbacks": [1],
        "prompt_id": 1, "model_id": 1, "publication": "failed", "publication_reason": "HTTP 403", "summary_ref": "c-17",
        "attempts": 4,
    });
    add(&app, 7, repo.id, fields).await;
    let db = &app.server.app().db;
    let mut transaction = db.begin().await.expect("a transaction");
    let done = store::restart(&mut transaction, ReviewId::new(7), THEN + 1, THEN + 2).await;
    assert!(done.expect("it is written"));
    let row = sqlx::query("SELECT * FROM reviews WHERE id = 7")
        .fetch_one(&mut *transaction)
        .await
        .expect("it is there");
    let text = |column: &str| row.get::<Option<String>, _>(column);
    let number = |column: &str| row.get::<Option<i64>, _>(column);
    for (column, expected) in [
        ("state", Some("pending")),
        ("step", Some("review")),
        ("triggered_by", Some("retry")),
        ("summary_ref", Some("c-17")),
        ("issues", Some("[]")),
        ("fallbacks", Some("[]")),
        ("reason", None),
        ("decision", None),
        ("summary", None),
        ("coverage", None),
        ("model", None),
        ("publication", None),
        ("publication_reason", None),
    ] {
        assert_eq!(text(column).as_deref(), expected, "{column}");
    }
    for (column, expected) in [
        ("attempts", Some(0)),
        ("run_at", Some(THEN + 1)),
        ("due_by", Some(THEN + 2)),
        ("issue_count", Some(0)),
        ("input_tokens", Some(2000)),
        ("same_as", None),
        ("score", None),
        ("prompt_id", None),
        ("model_id", None),
        ("started_at", None),
        ("completed_at", None),
    ] {
        assert_eq!(number(column), expected, "{column}");
    }
    drop(row);
    let again = store::restart(&mut transaction, ReviewId::new(7), THEN + 3, THEN + 4).await;
    assert!(!again.expect("it is asked"), "it is under way");
    drop(transaction);
    app.stop().await;
}
