//! Changes of templates: versions, the default, and several people at once.

use push_notify_tests::{Backend, TestApp, both};
use serde_json::json;

both!(
    edits_make_versions_and_a_rollback_makes_another,
    the_default_is_kept_until_another_takes_its_place,
    of_changes_at_the_same_time_one_wins_and_the_others_are_told,
);

async fn edits_make_versions_and_a_rollback_makes_another(on: Backend) {
    let app = TestApp::start(on).await;
    let (id, path) = made(&app, "first", false).await;
    for version in 2..=12 {
        let change = json!({"content": format!("text {version}")});
        let changed = app.put(&path, &change).await.expect(200);
        assert_eq!(changed.data()["version"], version);
    }
    let titled = app.put(&path, &json!({"title": "{{.Author}}"})).await;
    assert_eq!(titled.expect(200).data()["version"], 13);
    // Neither of these is another text.
    let same = json!({"name": "renamed", "title": "{{.Author}}", "content": "text 12", "remark": "a remark"});
    let changed = app.put(&path, &same).await.expect(200);
    assert_eq!(changed.data()["version"], 13);
    assert_eq!(
        (&changed.data()["name"], &changed.data()["remark"]),
        (&json!("renamed"), &json!("a remark"))
    );
    assert_eq!(changed.data()["variables"], json!(["Author"]));

    let rollback = format!("{path}/rollback");
    let back = app
        .post(&rollback, &json!({"version": 3}))
        .await
        .expect(200);
    assert_eq!(back.data()["version"], 14);
    assert_eq!(back.data()["content"], "text 3");
    assert_eq!(back.data()["title"], "{{.RepoName}}");
    // What it says already.
    let same = app.post(&rollback, &json!({"version": 3})).await;
    assert_eq!(same.expect(200).data()["version"], 14);
    let versions = app.get(&format!("{path}/versions")).await.expect(200);
    let numbers: Vec<i64> = versions
        .list()
        .iter()
        .filter_map(|version| version["version"].as_i64())
        .collect();
    assert_eq!(numbers, (1..=14).rev().collect::<Vec<_>>());
    let newest = &versions.list()[0];
    assert_eq!(newest["content"], "text 3");
    assert_eq!(newest["created_by"], "admin");
    assert!(
        newest["created_at"]
            .as_str()
            .is_some_and(|at| at.ends_with('Z'))
    );
    assert_eq!(versions.list()[13]["content"], "{{.CommitMsg}}");

    let page = app.get(&format!("{path}/versions?page=2&size=4")).await;
    let page = page.expect(200);
    assert_eq!(page.data()["pagination"]["total"], 14);
    assert_eq!(page.list()[0]["version"], 10);
    assert_eq!(page.list().len(), 4);

    for unknown in [15, 999] {
        let answer = app.post(&rollback, &json!({"version": unknown})).await;
        answer.expect(422).names("version");
    }
    app.post(&rollback, &json!({"version": "1"}))
        .await
        .expect(400)
        .names("version");
    app.post(&rollback, &json!({}))
        .await
        .expect(422)
        .names("version");
    app.post("/api/v1/templates/999/rollback", &json!({"version": 1}))
        .await
        .expect(404);
    app.get("/api/v1/templates/999/versions").await.expect(404);

    // Only the newest thousand are kept.
    let later = format!("UPDATE templates SET version = 1009 WHERE id = {id}");
    let pool = app.server.app().db.write();
    sqlx::query(sqlx::AssertSqlSafe(later))
        .execute(pool)
        .await
        .expect("a later version");
    let changed = app.put(&path, &json!({"content": "the newest"})).await;
    assert_eq!(changed.expect(200).data()["version"], 1010);
    let versions = app.get(&format!("{path}/versions")).await.expect(200);
    assert_eq!(versions.data()["pagination"]["total"], 5);
    assert_eq!(versions.list()[4]["version"], 11);
    app.stop().await;
}

async fn the_default_is_kept_until_another_takes_its_place(on: Backend) {
    let app = TestApp::start(on).await;
    let (first, first_path) = made(&app, "first", true).await;
    let (_, second_path) = made(&app, "second", false).await;
    app.delete(&first_path).await.expect_code(409, 50003);
    app.put(&first_path, &json!({"status": "inactive"}))
        .await
        .expect(409);
    app.put(&first_path, &json!({"is_default": false}))
        .await
        .expect(409);
    app.put(
        &format!("{first_path}/status"),
        &json!({"status": "inactive"}),
    )
    .await
    .expect(409);
    app.put(&second_path, &json!({"name": "first"}))
        .await
        .expect_code(409, 50001);

    let off = app
        .put(
            &format!("{second_path}/status"),
            &json!({"status": "inactive"}),
        )
        .await;
    assert_eq!(off.expect(200).data()["status"], "inactive");
    let refused = app.put(&second_path, &json!({"is_default": true})).await;
    refused.expect(422).names("is_default");
    let on = app
        .put(
            &second_path,
            &json!({"is_default": true, "status": "active"}),
        )
        .await;
    assert_eq!(on.expect(200).data()["is_default"], true);
    let shown = app.get(&first_path).await.expect(200);
    assert_eq!(shown.data()["is_default"], false);

    app.delete(&first_path).await.expect(200);
    app.get(&first_path).await.expect(404);
    app.delete(&first_path).await.expect(404);
    app.put(&first_path, &json!({"name": "gone"}))
        .await
        .expect(404);
    let list = app.get("/api/v1/templates?size=100").await.expect(200);
    assert!(list.list().iter().all(|template| template["id"] != first));
    // Its name is free again.
    app.put(&second_path, &json!({"name": "first"}))
        .await
        .expect(200);

    let kind = app
        .put(
            &second_path,
            &json!({"type": "email", "scene": "review_notify"}),
        )
        .await;
    let kind = kind.expect(422);
    kind.names("type");
    kind.names("scene");
    app.put(&second_path, &json!({"content": "{{.RepoName"}))
        .await
        .expect(422)
        .names("content");
    app.put(&second_path, &json!({"content": " "}))
        .await
        .expect_code(422, 50002)
        .names("content");
    app.put(&format!("{second_path}/status"), &json!({}))
        .await
        .expect(422)
        .names("status");
    app.put(&format!("{second_path}/status"), &json!({"status": "lost"}))
        .await
        .expect(422)
        .names("status");
    app.stop().await;
}

async fn of_changes_at_the_same_time_one_wins_and_the_others_are_told(on: Backend) {
    let app = TestApp::start(on).await;
    let (_, path) = made(&app, "first", false).await;
    let rollback = format!("{path}/rollback");
    let (mut edited, mut rolled_back) = (0, 0);
    for round in 0..5 {
        let edits = (0..4).map(|edit| {
            let change = json!({"content": format!("text {round}.{edit}")});
            let (app, path) = (&app, &path);
            async move { app.put(path, &change).await }
        });
        let back = json!({"version": 1});
        let rollbacks = (0..4).map(|_| app.post(&rollback, &back));
        let (edits, rollbacks) = futures_util::join!(
            futures_util::future::join_all(edits),
            futures_util::future::join_all(rollbacks)
        );
        for (answers, won) in [(edits, &mut edited), (rollbacks, &mut rolled_back)] {
            for answer in answers {
                match answer.status {
                    200 => *won += 1,
                    409 => {}
                    _ => panic!("{}", answer.text),
                }
            }
        }
    }
    assert!(edited + rolled_back >= 5);
    let shown = app.get(&path).await.expect(200);
    // A rollback to what there is makes no version.
    let version = shown.data()["version"].as_u64().expect("a number") as usize;
    assert!((1 + edited..=1 + edited + rolled_back).contains(&version));
    let versions = app.get(&format!("{path}/versions")).await.expect(200);
    assert_eq!(versions.list().len(), version);
    assert_eq!(versions.list()[0]["content"], shown.data()["content"]);

    // Two that want to be the default.
    let mut paths = vec![path];
    for name in ["second", "third", "fourth"] {
        paths.push(made(&app, name, false).await.1);
    }
    let wish = json!({"is_default": true});
    let wishes = paths.iter().map(|path| app.put(path, &wish));
    for answer in futures_util::future::join_all(wishes).await {
        assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
    }
    let list = app
        .get("/api/v1/templates?type=dingtalk&scene=commit_notify&size=100")
        .await;
    let defaults = list
        .list()
        .iter()
        .filter(|template| template["is_default"] == true);
    assert_eq!(defaults.count(), 1);
    app.stop().await;
}

/// A template for DingTalk: its id and path.
async fn made(app: &TestApp, name: &str, is_default: bool) -> (i64, String) {
    let body = json!({
        "name": name, "type": "dingtalk", "scene": "commit_notify", "title": "{{.RepoName}}", "content": "{{.CommitMsg}}",
        "is_default": is_default,
    });
    let id = app.post("/api/v1/templates", &body).await.expect(200).id();
    (id, format!("/api/v1/templates/{id}"))
}
