//! Quiet hours of targets, their owners, and where it is told that they fail.

use push_notify_tests::{Backend, DingTalk, Robot, TestApp, both};
use serde_json::{Value, json};

both!(
    quiet_hours_are_set_shown_changed_and_removed,
    a_target_belongs_to_who_made_it_until_an_administrator_gives_it_away,
    another_target_is_told_when_one_fails,
);

async fn quiet_hours_are_set_shown_changed_and_removed(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let mut body = Robot::at(&robot).target("team");
    body["quiet_hours"] = json!({"start": "22:00", "end": "08:00", "timezone": "asia/shanghai"});
    let id = app.target(body).await;
    let path = format!("/api/v1/targets/{id}");
    let mut night = json!({
        "enabled": true, "start": "22:00", "end": "08:00", "timezone": "Asia/Shanghai", "days": null,
        "unless_severity": null,
    });
    let shown = app.get(&path).await.expect(200).data().clone();
    assert_eq!(shown["quiet_hours"], night);
    // Sent back as it was shown, and left out: it stays.
    app.put(&path, &shown).await.expect(200);
    let renamed = app.put(&path, &json!({"name": "renamed"})).await;
    assert_eq!(renamed.expect(200).data()["quiet_hours"], night);

    night["enabled"] = json!(false);
    night["days"] = json!(["monday", "sunday"]);
    night["unless_severity"] = json!("HIGH");
    let changed = app.put(&path, &json!({"quiet_hours": night})).await;
    assert_eq!(changed.expect(200).data()["quiet_hours"], night);
    let removed = app.put(&path, &json!({"quiet_hours": null})).await;
    assert_eq!(removed.expect(200).data()["quiet_hours"], Value::Null);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quiet_hours_that_make_no_sense_are_refused_by_the_name_of_the_field() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let robot = DingTalk::start().await;
    let id = app.target(Robot::at(&robot).target("team")).await;
    let path = format!("/api/v1/targets/{id}");
    for (field, value, status, named) in [
        ("start", json!("24:00"), 422, "quiet_hours.start"),
        ("start", json!(22), 400, "quiet_hours.start"),
        ("start", Value::Null, 422, "quiet_hours.start"),
        ("end", json!("8:00"), 422, "quiet_hours.end"),
        // Always, and so never anything.
        ("end", json!("22:00"), 422, "quiet_hours.end"),
        ("timezone", json!("Shanghai"), 422, "quiet_hours.timezone"),
        ("timezone", json!(""), 422, "quiet_hours.timezone"),
        ("timezone", Value::Null, 422, "quiet_hours.timezone"),
        ("days", json!(["someday"]), 422, "quiet_hours.days"),
        ("days", json!([]), 422, "quiet_hours.days"),
        ("days", json!("monday"), 400, "quiet_hours.days"),
        (
            "unless_severity",
            json!("awful"),
            422,
            "quiet_hours.unless_severity",
        ),
        ("enabled", json!("yes"), 400, "quiet_hours.enabled"),
        ("begin", json!("22:00"), 422, "quiet_hours.begin"),
    ] {
        let mut quiet = json!({"start": "22:00", "end": "08:00", "timezone": "UTC"});
        quiet[field] = value;
        let answer = app.put(&path, &json!({"quiet_hours": quiet})).await;
        answer.expect(status).names(named);
    }
    let weekend = json!({"start": "00:00", "end": "00:00", "timezone": "UTC", "days": ["saturday", "sunday"]});
    app.put(&path, &json!({"quiet_hours": weekend}))
        .await
        .expect(200);
    app.put(&path, &json!({"quiet_hours": "22:00-08:00"}))
        .await
        .expect(400)
        .names("quiet_hours");
    app.stop().await;
}

async fn a_target_belongs_to_who_made_it_until_an_administrator_gives_it_away(on: Backend) {
    let app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let (wangwu_id, wangwu) = app.user("wangwu", "user").await;
    let repo =
        json!({"name": "backend", "url": "https://github.com/company/backend", "type": "github"});
    let repo = lisi.unrecorded().post("/api/v1/repos", &repo).await;
    let mut body = Robot::at(&robot).target("team");
    body["scope"] = json!("repo");
    body["repo_ids"] = json!([repo.expect(200).id()]);
    let made = lisi.post("/api/v1/targets", &body).await.expect(200);
    let lisis = json!({"type": "user", "id": lisi_id, "name": "lisi"});
    assert_eq!(made.data()["owner"], lisis);
    let path = format!("/api/v1/targets/{}", made.id());
    let listed = app.get("/api/v1/targets").await.expect(200);
    assert_eq!(listed.list()[0]["owner"], lisis);

    let to_wangwu = json!({"owner_id": wangwu_id});
    lisi.put(&path, &to_wangwu).await.expect(403);
    // To say what is so already is no change.
    lisi.put(&path, &json!({"owner_id": lisi_id}))
        .await
        .expect(200);
    app.put(&path, &json!({"owner_id": 999_999}))
        .await
        .expect(422)
        .names("owner_id");
    let given = app.put(&path, &to_wangwu).await.expect(200);
    assert_eq!(given.data()["owner"]["name"], "wangwu");
    lisi.put(&path, &json!({"name": "renamed"}))
        .await
        .expect(403);
    // Another change leaves it where it is.
    let renamed = wangwu.put(&path, &json!({"name": "renamed"})).await;
    assert_eq!(renamed.expect(200).data()["owner"]["id"], wangwu_id);
    app.delete(&format!("/api/v1/users/{wangwu_id}"))
        .await
        .expect(200);
    assert_eq!(app.get(&path).await.data()["owner"], Value::Null);
    app.stop().await;
}

async fn another_target_is_told_when_one_fails(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let duty = app.target(Robot::at(&robot).target("duty")).await;
    let mut body = Robot::at(&robot).target("team");
    body["notice_target_id"] = json!(duty);
    let id = app.target(body.clone()).await;
    let path = format!("/api/v1/targets/{id}");
    let shown = app.get(&path).await.expect(200);
    assert_eq!(shown.data()["notice_target_id"], duty);

    for (body, status) in [
        (json!({"notice_target_id": id}), 422),
        (json!({"notice_target_id": 999_999}), 422),
        (json!({"notice_target_id": "duty"}), 400),
    ] {
        let answer = app.put(&path, &body).await;
        answer.expect(status).names("notice_target_id");
    }
    body["name"] = json!("other");
    body["notice_target_id"] = json!(999_999);
    let answer = app.post("/api/v1/targets", &body).await;
    answer.expect(422).names("notice_target_id");

    let removed = app.put(&path, &json!({"notice_target_id": null})).await;
    assert_eq!(removed.expect(200).data()["notice_target_id"], Value::Null);
    app.put(&path, &json!({"notice_target_id": duty}))
        .await
        .expect(200);
    app.delete(&format!("/api/v1/targets/{duty}"))
        .await
        .expect(200);
    let shown = app.get(&path).await.expect(200);
    assert_eq!(shown.data()["notice_target_id"], Value::Null, "it is gone");
    app.stop().await;
}
