use super::rows::{HOUR, THEN, add};
use push_notify_tests::{Backend, TestApp, both};
use serde_json::json;

both!(a_review_is_listed_in_short, lists_are_filtered_and_sorted);

async fn a_review_is_listed_in_short(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("后端服务").await;
    let summary = "字".repeat(400);
    add(
        &app,
        7,
        repo.id,
        json!({"summary": summary, "issue_count": 3}),
    )
    .await;
    let list = app.get("/api/v1/reviews").await.expect(200);
    let expected = json!({
        "id": 7, "event_id": 7, "repo": {"id": repo.id, "name": "后端服务"}, "kind": "merge_request", "number": 42,
        "title": "feat: 新增登录功能", "author": "张三", "branch": "feature",
        "url": "https://github.com/company/backend-service/pull/42", "head_sha": "9fceb02d0ae598e95dc970b74767f19372d61af8",
        "status": "completed", "reason": null, "same_as": null, "decision": "APPROVED", "score": 95,
        "summary": "字".repeat(300), "comments_count": 3, "model": "test-model", "tokens_used": 2500, "duration_ms": 8500,
        "triggered_by": "webhook", "publication": null, "created_at": "2026-01-19T14:30:00Z",
        "completed_at": "2026-01-19T14:30:09.5Z",
    });
    assert_eq!(list.list(), &[expected]);
    assert_eq!(list.data()["pagination"]["total"], 1);
    app.stop().await;
}

async fn lists_are_filtered_and_sorted(on: Backend) {
    let mut app = TestApp::start(on).await;
    let first = app.repo("first").await.id;
    let second = app.repo("second").await.id;
    let unfinished = json!({
        "state": "pending", "decision": null, "completed_at": null, "kind": "push", "number": null, "title": "fix_100%",
        "created_at": THEN + 6 * HOUR,
    });
    add(&app, 1, first, json!({})).await;
    add(&app, 2, first, unfinished.clone()).await;
    let mut held = unfinished;
    held["lease"] = json!(1);
    held["created_at"] = json!(THEN - 24 * HOUR);
    add(&app, 3, second, held).await;
    let skipped = json!({"state": "skipped", "reason": "a draft", "decision": null, "created_at": THEN + HOUR});
    add(&app, 4, second, skipped).await;
    let failed =
        json!({"state": "failed", "decision": null, "number": 7, "created_at": THEN + 2 * HOUR});
    add(&app, 5, second, failed).await;
    let faulty = json!({"decision": "REQUEST_CHANGES", "created_at": THEN + 3 * HOUR});
    add(&app, 6, second, faulty).await;
    let ids = async |query: &str| {
        let zone = match query.contains("timezone") {
            true => "",
            false => "timezone=Asia/Shanghai&",
        };
        let path = format!("/api/v1/reviews?{zone}{query}");
        let list = app.get(&path).await.expect(200);
        let ids = list
            .list()
            .iter()
            .filter_map(|review| review["id"].as_i64());
        ids.collect::<Vec<i64>>()
    };
    assert_eq!(ids("").await, [2, 6, 5, 4, 1, 3], "the newest first");
    assert_eq!(ids("sort=id&order=asc").await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(ids("size=2&page=2").await, [5, 4]);
    assert_eq!(ids(&format!("repo_id={first}")).await, [2, 1]);
    assert_eq!(ids("status=pending").await, [2]);
    assert_eq!(ids("status=processing").await, [3]);
    assert_eq!(ids("status=completed").await, [6, 1]);
    assert_eq!(ids("status=skipped").await, [4]);
    assert_eq!(ids("status=failed").await, [5]);
    assert_eq!(ids("decision=REQUEST_CHANGES").await, [6]);
    assert_eq!(ids("kind=push").await, [2, 3]);
    assert_eq!(ids("number=7").await, [5]);
    assert_eq!(ids("keyword=X_100%25").await, [2, 3]);
    assert_eq!(ids("keyword=登录").await, [6, 5, 4, 1]);
    // 14:30 in UTC is 22:30 in Shanghai: three hours later it is another day there.
    assert_eq!(ids("start_date=2026-01-20").await, [2, 6, 5]);
    assert_eq!(ids("end_date=2026-01-18").await, [3]);
    assert_eq!(
        ids("start_date=2026-01-19&end_date=2026-01-19").await,
        [4, 1]
    );
    assert_eq!(
        ids("start_date=2026-01-19&end_date=2026-01-19&timezone=UTC").await,
        [2, 6, 5, 4, 1]
    );
    for (query, name) in [
        ("status=lost", "status"),
        ("decision=approved", "decision"),
        ("kind=tag_push", "kind"),
        ("number=0", "number"),
        ("start_date=yesterday", "start_date"),
        ("start_date=2026-01-02&end_date=2026-01-01", "end_date"),
        ("start_date=0001-01-01", "start_date"),
        ("sort=title", "sort"),
    ] {
        let answer = app.get(&format!("/api/v1/reviews?{query}")).await;
        answer.expect(400).names(name);
    }
    app.stop().await;
}
