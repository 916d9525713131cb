//! `/api/v1/events`: what never became an event is looked at and removed.

use push_notify_tests::{Backend, Delivery, TestApp, both, push_body, until};
use serde_json::{Value, json};

both!(what_is_parked_or_discarded_is_looked_at_and_removed);

/// Off or on again.
async fn switch(app: &TestApp, plugin: &str, enabled: bool) {
    let mut config = app.config.clone();
    let switch = config.plugins.each.get_mut(plugin);
    switch.expect("it is in the configuration").enabled = enabled;
    app.server.reload(&config).await.expect("it reloads");
}

async fn parked(app: &TestApp) -> i64 {
    let events = app.get("/api/v1/events?state=parked&size=1").await;
    let events = events.expect(200);
    let total = events.data()["pagination"]["total"].as_i64();
    total.expect("a number")
}

async fn what_is_parked_or_discarded_is_looked_at_and_removed(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let other = app.repo("other").await;
    let kept = app.push(&other, "kept").await;
    assert_eq!(kept, [] as [i64; 0]);
    switch(&app, "github", false).await;
    let mut ids = Vec::new();
    for index in 0..6 {
        let mut body = push_body(&format!("commit{index}"));
        body["secret"] = json!(repo.secret);
        let delivery = Delivery::new("push", &body).header("x-extra", "seen");
        let answer = app.deliver(&repo, delivery).await.expect(202);
        ids.push(answer.data()["event_id"].as_i64().expect("an event"));
    }
    let of_other = app
        .deliver(&other, Delivery::push("other"))
        .await
        .expect(202);
    let of_other = of_other.data()["event_id"].as_i64().expect("an event");

    let list = app.get("/api/v1/events?state=parked").await.expect(200);
    assert_eq!(list.list().len(), 7);
    assert!(list.list()[0]["stored_bytes"].as_i64() > Some(300));
    assert!(list.list()[0]["retry_at"].is_string());
    let path = |id: i64| format!("/api/v1/events/{id}");
    let looked = app
        .get(&format!("{}/delivery", path(ids[0])))
        .await
        .expect(200);
    let looked = looked.data();
    assert_eq!(looked["state"], "parked");
    let header = |name: &str| {
        let headers = looked["headers"].as_array().expect("headers");
        let header = headers.iter().find(|header| header["name"] == name);
        header.map_or(Value::Null, |header| header["value"].clone())
    };
    assert_eq!(header("x-extra"), "seen");
    assert_eq!(header("x-hub-signature-256"), "******");
    let body = looked["body"].as_str().expect("a body");
    assert!(
        body.contains("commit0") && body.contains(r#""secret":"******""#),
        "{body}"
    );
    assert_eq!(looked["cut"], false);

    // Nobody but administrators.
    let (_, user) = app.user("lisi", "user").await;
    user.get(&format!("{}/delivery", path(ids[0])))
        .await
        .expect(403);
    user.delete(&path(ids[0])).await.expect(403);
    app.get(&format!("{}/delivery", path(999_999)))
        .await
        .expect(404);
    app.delete(&path(999_999)).await.expect(404);
    let list = app.get("/api/v1/events?state=accepted").await.expect(200);
    let accepted = list.list()[0]["id"].as_i64().expect("an id");
    app.delete(&path(accepted)).await.expect(409);

    let many = async |body: Value| {
        let request = app.request(reqwest::Method::DELETE, "/api/v1/events/batch-delete");
        app.send(request.json(&body)).await
    };
    app.delete(&path(ids[0])).await.expect(200);
    app.get(&path(ids[0])).await.expect(404);
    #[rustfmt::skip] // A line each.
    let refused = [
        (json!({}), 422, "event_ids"),
        (json!({"event_ids": []}), 422, "event_ids"),
        (json!({"event_ids": ["x"]}), 400, "event_ids"),
        (json!({"state": "accepted"}), 422, "state"),
        (json!({"repo_id": repo.id}), 422, "event_ids"),
    ];
    for (body, status, field) in refused {
        let answer = many(body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        answer.names(field);
    }
    let answer = many(json!({"event_ids": [ids[1], accepted, 999_999]}))
        .await
        .expect(200);
    assert_eq!(answer.data()["removed"], 1);
    assert_eq!(answer.data()["kept"], json!([accepted, 999_999]));
    let answer = many(json!({"state": "discarded"})).await.expect(200);
    assert_eq!(answer.data()["removed"], 0);
    let answer = many(json!({"state": "parked", "repo_id": repo.id}))
        .await
        .expect(200);
    assert_eq!(
        (&answer.data()["removed"], &answer.data()["more"]),
        (&json!(4), &json!(false))
    );
    assert_eq!(parked(&app).await, 1);

    // What was replayed is an event like any other.
    switch(&app, "github", true).await;
    until("the last to be taken up", async || {
        (parked(&app).await == 0).then_some(())
    })
    .await;
    app.delete(&path(of_other)).await.expect(409);
    let log = app
        .get("/api/v1/logs/operations?size=100")
        .await
        .expect(200);
    let deleted = log
        .list()
        .iter()
        .filter(|entry| entry["action"] == "event.delete");
    assert_eq!(deleted.count(), 6);
    app.assert_nothing_leaked();
    app.stop().await;
}
