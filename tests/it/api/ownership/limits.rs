//! What an owner cannot do, since it would be done to others.

use super::{Things, make, repo_body, seeing};
use push_notify_core::config::Visibility;
use push_notify_tests::{Backend, DingTalk, Robot, TestApp, both};
use serde_json::json;

both!(
    global_targets_and_default_templates_are_the_administrators,
    links_need_both_ends_to_be_made_and_one_to_be_ended,
    a_batch_answers_for_each_push_whether_it_is_ones_own,
    what_others_wrote_is_nobody_elses_template,
);

async fn global_targets_and_default_templates_are_the_administrators(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let mut global = Robot::at(&robot).target("all hands");
    // A target is global unless its body says otherwise.
    lisi.post("/api/v1/targets", &global)
        .await
        .expect(403)
        .names("scope");
    global["owner_id"] = json!(lisi_id);
    let id = app.target(global).await;
    let path = format!("/api/v1/targets/{id}");
    // Who is told of its troubles does not own what everybody hears.
    for (method, path, body) in [
        ("PUT", path.clone(), json!({"name": "mine"})),
        ("PUT", path.clone(), json!({"scope": "repo"})),
        ("DELETE", path.clone(), json!({})),
        ("POST", format!("{path}/test"), json!({})),
    ] {
        let request = lisi
            .request(method.parse().expect("a method"), &path)
            .json(&body);
        lisi.send(request).await.expect(403);
    }
    let repo = make(&lisi, "repos", repo_body("backend")).await;
    let mut own = Robot::at(&robot).target("own");
    own["scope"] = json!("repo");
    own["repo_ids"] = json!([repo]);
    let own = make(&lisi, "targets", own).await;
    let own = format!("/api/v1/targets/{own}");
    lisi.put(&own, &json!({"scope": "global"}))
        .await
        .expect(403)
        .names("scope");
    // Nor are others told through it.
    lisi.put(&own, &json!({"notice_target_id": id}))
        .await
        .expect(403)
        .names("notice_target_id");

    let template = json!({
        "name": "loud", "type": "dingtalk", "scene": "commit_notify", "title": "x", "content": "{{.CommitMsg}}",
    });
    let mut greedy = template.clone();
    greedy["is_default"] = json!(true);
    lisi.post("/api/v1/templates", &greedy)
        .await
        .expect(403)
        .names("is_default");
    let made = make(&lisi, "templates", template).await;
    let made = format!("/api/v1/templates/{made}");
    lisi.put(&made, &json!({"is_default": true}))
        .await
        .expect(403)
        .names("is_default");
    app.put(&made, &json!({"is_default": true}))
        .await
        .expect(200);
    // Now everybody's messages are made with it.
    lisi.put(&made, &json!({"content": "{{.Author}}"}))
        .await
        .expect(403);
    lisi.delete(&made).await.expect(403);
    app.stop().await;
}

async fn links_need_both_ends_to_be_made_and_one_to_be_ended(on: Backend) {
    let app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (_, lisi) = app.user("lisi", "user").await;
    let (_, wangwu) = app.user("wangwu", "user").await;
    let lisis = Things::of(&app, &lisi, &robot, "lisis", 1).await;
    let wangwus = Things::of(&app, &wangwu, &robot, "wangwus", 2).await;
    let from_repo = format!("/api/v1/repos/{}/targets", lisis.repo);
    let from_target = format!("/api/v1/targets/{}/repos", wangwus.target);
    let target_ids = json!({"target_ids": [lisis.target, wangwus.target]});
    let repo_ids = json!({"repo_ids": [lisis.repo]});
    lisi.post(&from_repo, &target_ids)
        .await
        .expect(403)
        .names("target_ids");
    wangwu.post(&from_repo, &target_ids).await.expect(403);
    wangwu
        .post(&from_target, &repo_ids)
        .await
        .expect(403)
        .names("repo_ids");
    lisi.post(&from_target, &repo_ids).await.expect(403);
    let both = json!({"repo_ids": [wangwus.repo, lisis.repo]});
    let target = format!("/api/v1/targets/{}", wangwus.target);
    wangwu
        .put(&target, &both)
        .await
        .expect(403)
        .names("repo_ids");
    let mut new = Robot::at(&robot).target("another");
    new["scope"] = json!("repo");
    new["repo_ids"] = json!([lisis.repo]);
    wangwu
        .post("/api/v1/targets", &new)
        .await
        .expect(403)
        .names("repo_ids");
    for by in [&lisi, &wangwu] {
        app.post(&from_repo, &target_ids).await.expect(200);
        // A list that says again what is so needs nothing more.
        wangwu.put(&target, &both).await.expect(200);
        by.delete(&format!("{from_target}/{}", lisis.repo))
            .await
            .expect(200);
    }
    // Of the link between wangwu's two lisi ends nothing.
    lisi.delete(&format!("{from_target}/{}", wangwus.repo))
        .await
        .expect(403);
    app.stop().await;
}

async fn a_batch_answers_for_each_push_whether_it_is_ones_own(on: Backend) {
    let robot = DingTalk::start().await;
    for (visibility, of_others) in [(Visibility::All, 403), (Visibility::Own, 70001)] {
        let app = seeing(on, visibility).await;
        let (_, lisi) = app.user("lisi", "user").await;
        let (_, wangwu) = app.user("wangwu", "user").await;
        let lisis = Things::of(&app, &lisi, &robot, "lisis", 1).await;
        let wangwus = Things::of(&app, &wangwu, &robot, "wangwus", 2).await;
        let all = json!({"push_ids": [lisis.event, wangwus.event, 999_999]});
        let answer = lisi
            .post("/api/v1/pushes/batch-retry", &all)
            .await
            .expect(200);
        let results = &answer.data()["results"];
        let result = |id: i64| {
            let mut results = results.as_array().expect("results").iter();
            results
                .find(|result| result["push_id"] == id)
                .expect("one for each")
                .clone()
        };
        assert_eq!(result(lisis.event)["status"], "success", "{results}");
        assert_eq!(result(wangwus.event)["code"], of_others, "{results}");
        assert_eq!(result(999_999)["code"], 70001, "{results}");
        assert_eq!(answer.data()["success"], 1);
        app.stop().await;
    }
}

async fn what_others_wrote_is_nobody_elses_template(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (_, lisi) = app.user("lisi", "user").await;
    let template = json!({
        "name": "mine", "type": "dingtalk", "scene": "commit_notify", "title": "x", "content": "{{.CommitMsg}}",
    });
    let made = make(&lisi, "templates", template).await;
    // Even where the default is gone, which only a fault in the database can bring about.
    sqlx::query(
        "UPDATE templates SET deleted_at = 1 WHERE is_default = 1 AND scene = 'commit_notify'",
    )
    .execute(app.server.app().db.write())
    .await
    .expect("no default");
    app.server.app().changed();
    let target = app.target(Robot::at(&robot).target("team")).await;
    let test = format!("/api/v1/targets/{target}/test");
    app.post(&test, &json!({})).await.expect(409);
    let shown = lisi
        .get(&format!("/api/v1/templates/{made}"))
        .await
        .expect(200);
    assert_eq!(shown.data()["is_default"], false);
    app.stop().await;
}
