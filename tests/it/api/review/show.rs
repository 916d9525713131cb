use super::rows::add;
use push_notify_tests::{Backend, DingTalk, Robot, TestApp, both};
use serde_json::{Value, json};

both!(
    a_review_is_shown_whole,
    a_push_shows_the_review_of_its_event,
);

fn issues() -> Value {
    json!([
        {
            "path": "src/login.go", "line": 12, "severity": "HIGH", "category": "BUG", "message": "The file is never closed.",
            "suggestion": "defer file.Close()",
        },
        {
            "path": null, "line": null, "severity": "LOW", "category": "STYLE", "message": "No test.", "suggestion": null,
        },
    ])
}

async fn a_review_is_shown_whole(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let prompt = json!({"name": "style", "type": "codeview", "content": "{{.DiffContent}}"});
    let prompt = app.post("/api/v1/prompts", &prompt).await.expect(200).id();
    let pushes = app.push(&repo, "aaa").await;
    let push = app.push_in_state(pushes[0], "delivered").await;
    let id = push["event_id"].as_i64().expect("an id");
    let event = async || app.get(&format!("/api/v1/events/{id}")).await.expect(200);
    assert!(event().await.data()["review_id"].is_null());
    let summary = "字".repeat(400);
    let coverage = json!({
        "reviewed": 2, "left_out": {"lock_file": 1}, "files": [{"path": "Cargo.lock", "reason": "lock_file"}],
        "newest_commit_only": false, "truncated": false, "cut": false,
    });
    let fields = json!({
        "decision": "REQUEST_CHANGES", "summary": summary, "issues": issues(), "issue_count": 2, "coverage": coverage,
        "fallbacks": [{"model": "first", "reason": "HTTP 429"}], "prompt_id": prompt, "model_id": 3,
        "publication": "failed", "publication_reason": "HTTP 403", "same_as": null,
    });
    add(&app, id, repo.id, fields).await;
    let shown = app.get(&format!("/api/v1/reviews/{id}")).await.expect(200);
    let shown = shown.data();
    assert_eq!(shown["id"], id);
    assert_eq!(shown["summary"], summary);
    assert_eq!(shown["status"], "completed");
    assert_eq!(shown["comments_count"], 2);
    let mut comment = issues()[0].clone();
    comment["body"] = json!("**[BUG:HIGH]** The file is never closed.");
    assert_eq!(shown["comments"][0], comment);
    assert_eq!(shown["comments"][1]["body"], "**[STYLE:LOW]** No test.");
    assert_eq!(shown["coverage"], coverage);
    assert_eq!(shown["fallbacks"][0]["reason"], "HTTP 429");
    assert_eq!(shown["prompt"], json!({"id": prompt, "name": "style"}));
    assert_eq!(shown["model_id"], 3);
    assert_eq!(shown["input_tokens"], 2000);
    assert_eq!(shown["output_tokens"], 500);
    assert_eq!(shown["attempts"], 1);
    assert_eq!(shown["publication"], "failed");
    assert_eq!(shown["publication_reason"], "HTTP 403");
    assert_eq!(shown["pushes"], json!(pushes));
    assert_eq!(shown["started_at"], "2026-01-19T14:30:01Z");
    assert_eq!(event().await.data()["review_id"], id);
    app.get("/api/v1/reviews/999999")
        .await
        .expect_code(404, 404);
    app.stop().await;
}

async fn a_push_shows_the_review_of_its_event(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let codeview = async |app: &TestApp, id: i64| app.push_detail(id).await["codeview"].clone();
    let mut reviewed = Vec::new();
    for (commit, fields) in [
        ("aaa", json!({"issues": issues(), "issue_count": 2})),
        (
            "bbb",
            json!({"state": "skipped", "reason": "草稿", "decision": null, "summary": null}),
        ),
        (
            "ccc",
            json!({"state": "pending", "decision": null, "summary": null}),
        ),
    ] {
        let id = app.push(&repo, commit).await[0];
        let push = app.push_in_state(id, "delivered").await;
        assert!(push["codeview"].is_null());
        add(
            &app,
            push["event_id"].as_i64().expect("an id"),
            repo.id,
            fields,
        )
        .await;
        reviewed.push(id);
    }
    let shown = codeview(&app, reviewed[0]).await;
    assert_eq!(shown["result"], "有建议");
    assert_eq!(shown["summary"], "没有发现问题。");
    assert_eq!(shown["issues"][0]["message"], "The file is never closed.");
    assert_eq!(codeview(&app, reviewed[1]).await["result"], "未审查：草稿");
    let nothing_yet = json!({"result": "审查未完成", "issues": [], "summary": ""});
    assert_eq!(codeview(&app, reviewed[2]).await, nothing_yet);
    let english = json!({"review": {"language": "en-US"}});
    app.put(&format!("/api/v1/repos/{}", repo.id), &english)
        .await
        .expect(200);
    assert_eq!(codeview(&app, reviewed[0]).await["result"], "Suggestions");
    app.stop().await;
}
