//! A repository's access token is for the project that it was given for, and for nobody who cannot
//! give it.

use push_notify_tests::{Api, Backend, TestApp, both};
use serde_json::{Value, json};

both!(
    a_token_does_not_follow_its_repository_to_another_project,
    whoever_did_not_give_the_token_gives_it_with_a_new_webhook_secret,
);

const TOKEN: &str = "ghp-not-real-0123456789";
const URL: &str = "https://github.com/company/backend";

async fn make(by: &Api) -> String {
    let body = json!({"name": "backend", "url": URL, "type": "github", "access_token": TOKEN});
    let made = by.unrecorded().post("/api/v1/repos", &body).await;
    format!("/api/v1/repos/{}", made.expect(200).id())
}

async fn a_token_does_not_follow_its_repository_to_another_project(on: Backend) {
    let app = TestApp::start(on).await;
    let path = make(&app).await;
    for url in [
        "https://github.com/company/secrets",
        "https://github.com/other/backend",
        "https://github.com/company/backend/wiki",
        "https://github.com/company",
        "https://github.com/company/backend.git.git",
        "https://github.com:8443/company/backend",
        "http://github.com/company/backend",
        "https://github.com.example.com/company/backend",
        "https://example.com/company/backend",
        "git@github.com:company/backend.git",
        "ssh://git@github.com/company/backend",
    ] {
        for kept in [
            json!({}),
            json!({"access_token": "******"}),
            json!({"access_token": ""}),
        ] {
            let mut change = kept.clone();
            change["url"] = json!(url);
            let refused = app.put(&path, &change).await.expect(422);
            refused.names("access_token");
            assert!(
                refused.text.contains("because url changes"),
                "{}",
                refused.text
            );
        }
    }
    let gitlab = json!({"type": "gitlab", "access_token": "******"});
    app.put(&path, &gitlab)
        .await
        .expect(422)
        .names("access_token");
    let elsewhere = json!({"config": {"api_url": "https://elsewhere.example.com"}});
    app.put(&path, &elsewhere)
        .await
        .expect(422)
        .names("access_token");
    assert_eq!(app.get(&path).await.data()["url"], URL);
    for same in [
        "https://github.com/company/backend/",
        "https://GitHub.com/company/backend.git",
        "https://github.com:443/company/backend",
    ] {
        app.put(&path, &json!({"url": same})).await.expect(200);
    }
    let moved = json!({"url": "https://github.com/company/secrets", "access_token": TOKEN});
    app.put(&path, &moved).await.expect(200);
    let without = json!({"url": "https://github.com/company/others", "access_token": Value::Null});
    let moved = app.put(&path, &without).await.expect(200);
    assert_eq!(moved.data()["access_token"], Value::Null);
    app.put(&path, &json!({"url": URL})).await.expect(200);
    app.stop().await;
}

async fn whoever_did_not_give_the_token_gives_it_with_a_new_webhook_secret(on: Backend) {
    let app = TestApp::start(on).await;
    let (_, lisi) = app.user("lisi", "user").await;
    let (wangwu_id, wangwu) = app.user("wangwu", "user").await;
    let team = lisi
        .post("/api/v1/teams", &json!({"name": "payments"}))
        .await;
    let team = team.expect(200).id();
    let members = format!("/api/v1/teams/{team}/members");
    lisi.post(&members, &json!({"user_id": wangwu_id}))
        .await
        .expect(200);
    let path = make(&lisi).await;
    lisi.put(&path, &json!({"team_id": team})).await.expect(200);
    let secret = |text: &str| json!({"webhook_secret": text});
    // Who gave the token may.
    lisi.put(&path, &secret("first-secret-not-real"))
        .await
        .expect(200);
    for who in [&wangwu, &*app] {
        let refused = who
            .put(&path, &secret("their-secret-not-real"))
            .await
            .expect(422);
        refused.names("access_token");
        // What stays as it is is no change.
        for same in ["******", "", "first-secret-not-real"] {
            who.put(&path, &secret(same)).await.expect(200);
        }
        who.put(&path, &json!({"name": "renamed"}))
            .await
            .expect(200);
    }
    let mut given = secret("their-secret-not-real");
    given["access_token"] = json!(TOKEN);
    wangwu.put(&path, &given).await.expect(200);
    // From now on it is theirs.
    wangwu
        .put(&path, &secret("second-secret-not-real"))
        .await
        .expect(200);
    lisi.put(&path, &secret("third-secret-not-real"))
        .await
        .expect(422)
        .names("access_token");
    // What a former release stored, nobody is known to have given.
    sqlx::query("UPDATE repos SET access_token_by = NULL")
        .execute(app.server.app().db.write())
        .await
        .expect("nobody");
    wangwu
        .put(&path, &secret("fourth-secret-not-real"))
        .await
        .expect(422)
        .names("access_token");
    wangwu
        .put(&path, &json!({"access_token": Value::Null}))
        .await
        .expect(200);
    wangwu
        .put(&path, &secret("fourth-secret-not-real"))
        .await
        .expect(200);
    app.stop().await;
}
