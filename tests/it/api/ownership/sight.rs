//! What users see.

use super::{Things, ids, make, repo_body, seeing};
use push_notify_core::config::{Registration, Visibility};
use push_notify_tests::{Backend, DingTalk, TestApp, both};
use serde_json::json;

both!(
    whoever_sees_their_own_only_sees_their_own_everywhere,
    whoever_sees_all_still_changes_their_own_only,
    who_registered_changes_nothing_before_somebody_confirms_them,
);

async fn whoever_sees_their_own_only_sees_their_own_everywhere(on: Backend) {
    let app = seeing(on, Visibility::Own).await;
    let robot = DingTalk::start().await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let (_, wangwu) = app.user("wangwu", "user").await;
    let lisis = Things::of(&app, &lisi, &robot, "lisis", 1).await;
    let wangwus = Things::of(&app, &wangwu, &robot, "wangwus", 2).await;
    for (who, own, others) in [(&lisi, &lisis, &wangwus), (&wangwu, &wangwus, &lisis)] {
        for path in own.paths() {
            who.get(&format!("/api/v1/{path}")).await.expect(200);
        }
        for path in others.paths() {
            who.get(&format!("/api/v1/{path}")).await.expect(404);
        }
        for (path, id) in [
            ("repos", own.repo),
            ("targets", own.target),
            ("events", own.event),
            ("pushes", own.event),
            ("pushes?status=failed&sort=id", own.event),
            ("pushes?keyword=made", own.event),
            ("dead-letters", own.event),
            ("reviews", own.event),
            ("replays", own.replay),
        ] {
            let found = who.get(&format!("/api/v1/{path}")).await.expect(200);
            assert_eq!(ids(&found), [id], "{path}");
            assert_eq!(found.data()["pagination"]["total"], 1, "{path}");
        }
        for (noun, id, other) in [
            ("templates", own.template, others.template),
            ("prompts", own.prompt, others.prompt),
        ] {
            let found = who
                .get(&format!("/api/v1/{noun}?size=100"))
                .await
                .expect(200);
            let found = ids(&found);
            assert!(found.contains(&id) && !found.contains(&other), "{noun}");
        }
        for path in [
            format!("pushes?repo_id={}", others.repo),
            format!("pushes?target_id={}", others.target),
            format!("pushes?event_id={}", others.event),
            format!("dead-letters?repo_id={}", others.repo),
            format!("events?repo_id={}", others.repo),
            format!("reviews?repo_id={}", others.repo),
            format!("replays?event_id={}", others.event),
        ] {
            let found = who.get(&format!("/api/v1/{path}")).await.expect(200);
            assert_eq!(ids(&found), Vec::<i64>::new(), "{path}");
        }
        let summary = who.get("/api/v1/dead-letters/summary").await.expect(200);
        assert_eq!(summary.data()["total"], 1);
        let stats = who.get("/api/v1/stats/overview").await.expect(200);
        let stats = stats.data();
        assert_eq!(stats["repos"]["total"], 1);
        assert_eq!(stats["targets"]["total"], 1);
        assert_eq!(stats["pushes"]["total"], 1);
        assert_eq!(stats["today"]["failed"], 1);
        assert_eq!(stats["ai_calls"]["total"], 1);
        assert_eq!(stats["reviews"]["total"], 1, "{stats}");
        let usage = who.get("/api/v1/stats/usage").await.expect(200);
        let days = usage.list();
        assert_eq!(
            days.iter()
                .map(|day| day["pushes"]["total"].as_i64().unwrap_or(0))
                .sum::<i64>(),
            1
        );
        assert_eq!(
            days.iter()
                .map(|day| day["tokens_used"].as_i64().unwrap_or(0))
                .sum::<i64>(),
            30
        );
        let by_day = who.get("/api/v1/pushes/stats").await.expect(200);
        assert!(by_day.text.contains("\"failed\":1"), "{}", by_day.text);
        // What is not seen is not there to be named either.
        let preview = json!({"template_id": others.template, "data": {}});
        who.post("/api/v1/templates/preview", &preview)
            .await
            .expect(404);
        let link = json!({"target_ids": [others.target]});
        let path = format!("/api/v1/repos/{}/targets", own.repo);
        who.post(&path, &link)
            .await
            .expect_code(422, 30004)
            .names("target_ids");
        let review = json!({"review": {"prompt_id": others.prompt}});
        let path = format!("/api/v1/repos/{}", own.repo);
        who.put(&path, &review)
            .await
            .expect(422)
            .names("review.prompt_id");
    }
    let all = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(all.data()["pagination"]["total"], 2);
    let of_lisi = format!("/api/v1/repos?owner_id={lisi_id}");
    assert_eq!(ids(&app.get(&of_lisi).await.expect(200)), [lisis.repo]);
    app.stop().await;
}

async fn whoever_sees_all_still_changes_their_own_only(on: Backend) {
    let app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (_, lisi) = app.user("lisi", "user").await;
    let (_, wangwu) = app.user("wangwu", "user").await;
    let things = Things::of(&app, &lisi, &robot, "lisis", 1).await;
    for path in things.paths() {
        wangwu.get(&format!("/api/v1/{path}")).await.expect(200);
    }
    for path in &things.paths()[..6] {
        let path = format!("/api/v1/{path}");
        if path.ends_with("versions") || path.ends_with("targets") {
            continue;
        }
        let renamed = json!({"name": "renamed"});
        wangwu.put(&path, &renamed).await.expect(403);
        wangwu.delete(&path).await.expect(403);
        lisi.put(&path, &renamed).await.expect(200);
        app.put(&path, &json!({"name": "by an administrator"}))
            .await
            .expect(200);
    }
    let found = wangwu.get("/api/v1/repos").await.expect(200);
    assert_eq!(found.list()[0]["owner"]["name"], "lisi");
    app.stop().await;
}

async fn who_registered_changes_nothing_before_somebody_confirms_them(on: Backend) {
    let app = TestApp::on(on)
        .config(|config| config.auth.registration = Registration::Open)
        .start()
        .await;
    make(&app, "repos", repo_body("backend")).await;
    let body = json!({
        "username": "stranger", "email": "stranger@example.com", "password": "User-not-real-1",
        "confirm_password": "User-not-real-1",
    });
    let made = app
        .anonymous()
        .post("/api/v1/auth/register", &body)
        .await
        .expect(200);
    let id = made.data()["user_id"].as_i64().expect("an id");
    let (stranger, _) = app
        .anonymous()
        .unrecorded()
        .login("stranger", "User-not-real-1")
        .await;
    let me = stranger.get("/api/v1/auth/me").await.expect(200);
    assert_eq!(me.data()["confirmed"], false);
    // Strangers see nothing of what there is.
    assert_eq!(
        stranger.get("/api/v1/repos").await.expect(200).list().len(),
        0
    );
    stranger.get("/api/v1/repos/1").await.expect(404);
    let key = json!({"name": "all", "scopes": ["repos:write", "teams:write", "targets:write"]});
    let key = stranger.post("/api/v1/api-keys", &key).await.expect(200);
    let by_key = app.with_key(key.data()["key"].as_str().expect("a key"));
    for api in [&stranger, &by_key] {
        for (path, body) in [
            ("repos", repo_body("mine")),
            ("teams", json!({"name": "mine"})),
        ] {
            let refused = api
                .post(&format!("/api/v1/{path}"), &body)
                .await
                .expect(403);
            assert!(refused.text.contains("confirm"), "{}", refused.text);
        }
    }
    let waiting = app.get("/api/v1/users?confirmed=false").await.expect(200);
    assert_eq!(ids(&waiting), [id]);
    stranger
        .put(&format!("/api/v1/users/{id}"), &json!({"confirmed": true}))
        .await
        .expect(403);
    let confirmed = app
        .put(&format!("/api/v1/users/{id}"), &json!({"confirmed": true}))
        .await;
    assert_eq!(confirmed.expect(200).data()["confirmed"], true);
    make(&stranger, "repos", repo_body("mine")).await;
    assert_eq!(
        stranger.get("/api/v1/repos").await.expect(200).list().len(),
        2
    );
    app.stop().await;
}
