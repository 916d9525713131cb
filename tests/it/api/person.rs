//! `/api/v1/people`.

mod road;
mod table;

use push_notify_tests::{Answer, Backend, TestApp, both};
use serde_json::{Value, json};

both!(
    a_person_is_made_changed_listed_and_deleted,
    what_is_no_person_is_refused_by_name,
    nobody_has_the_identity_of_another,
    everybody_reads_and_administrators_write,
);

async fn add(app: &TestApp, body: Value) -> Answer {
    app.post("/api/v1/people", &body).await
}

fn login(host: &str, value: &str) -> Value {
    json!({"kind": "login", "host": host, "value": value})
}

async fn a_person_is_made_changed_listed_and_deleted(on: Backend) {
    let app = TestApp::start(on).await;
    let body = json!({
        "name": "Li Mei",
        "notify": "direct",
        "language": "zh-CN",
        "quiet_hours": {"start": "22:00", "end": "08:00", "timezone": "Asia/Shanghai"},
        "identities": [
            login("GitHub.com", "LiMei"),
            login("gitlab.example.com", "li.mei"),
            {"kind": "email", "value": "Mei@example.com", "verified": true},
            {"kind": "email", "value": "mei@home.example"},
            {"kind": "slack", "value": "U0MEI"},
            {"kind": "feishu", "value": "ou_mei"},
        ],
    });
    let made = add(&app, body.clone()).await.expect(200).data().clone();
    for field in ["name", "notify", "language"] {
        assert_eq!(made[field], body[field], "{field}");
    }
    assert_eq!(made["kind"], "person");
    assert_eq!(made["quiet_hours"]["start"], "22:00");
    let identities = made["identities"].as_array().expect("a list");
    assert_eq!(identities.len(), 6);
    let at_github =
        json!({"kind": "login", "host": "github.com", "value": "LiMei", "verified": false});
    assert!(identities.contains(&at_github), "{made}");
    let team = json!({"name": "backend", "kind": "team",
        "identities": [login("github.com", "acme/backend"), {"kind": "slack", "value": "S0TEAM"}]});
    add(&app, team).await.expect(200);
    for (query, names) in [
        ("", vec!["backend", "Li Mei"]),
        ("?keyword=mei", vec!["Li Mei"]),
        ("?keyword=acme/", vec!["backend"]),
        ("?kind=team", vec!["backend"]),
        ("?notify=direct", vec!["Li Mei"]),
        ("?sort=name&order=desc", vec!["Li Mei", "backend"]),
    ] {
        let listed = app.get(&format!("/api/v1/people{query}")).await.expect(200);
        let list = listed.data()["list"].as_array().expect("a list").clone();
        let listed: Vec<&str> = list.iter().filter_map(|one| one["name"].as_str()).collect();
        assert_eq!(listed, names, "{query}");
    }
    let path = format!("/api/v1/people/{}", made["id"]);
    let change = json!({"notify": "none", "quiet_hours": null});
    let changed = app.put(&path, &change).await.expect(200).data().clone();
    assert_eq!(
        (&changed["notify"], &changed["quiet_hours"]),
        (&json!("none"), &Value::Null)
    );
    assert_eq!(changed["identities"], made["identities"]);
    let change = json!({"identities": [{"kind": "email", "value": "mei@example.com"}]});
    let changed = app.put(&path, &change).await.expect(200).data().clone();
    assert_eq!(changed["identities"].as_array().map(Vec::len), Some(1));
    app.delete(&path).await.expect(200);
    app.get(&path).await.expect(404);
    // Name and identities are free again.
    add(&app, body).await.expect(200);
    app.stop().await;
}

async fn what_is_no_person_is_refused_by_name(on: Backend) {
    let app = TestApp::start(on).await;
    let one = |identity: Value| json!({"name": "Mei", "identities": [identity]});
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": " "}), "name"),
        (json!({"name": "Mei", "kind": "robot"}), "kind"),
        (json!({"name": "Mei", "notify": "always"}), "notify"),
        (json!({"name": "Mei", "language": "fr"}), "language"),
        (json!({"name": "Mei", "user_id": 999_999}), "user_id"),
        (
            json!({"name": "Mei", "quiet_hours": {"start": "22:00"}}),
            "quiet_hours.end",
        ),
        (one(json!({})), "identities[0].kind"),
        (
            one(json!({"kind": "fax", "value": "1"})),
            "identities[0].kind",
        ),
        // A channel that calls nobody.
        (
            one(json!({"kind": "webhook", "value": "1"})),
            "identities[0].kind",
        ),
        (one(json!({"kind": "slack"})), "identities[0].value"),
        (
            one(json!({"kind": "slack", "value": "U0 MEI"})),
            "identities[0].value",
        ),
        (
            one(json!({"kind": "slack", "host": "a.example", "value": "U0"})),
            "identities[0].host",
        ),
        (
            one(json!({"kind": "login", "value": "mei"})),
            "identities[0].host",
        ),
        (
            one(login("https://github.com", "mei")),
            "identities[0].host",
        ),
        (
            one(json!({"kind": "email", "value": "mei"})),
            "identities[0].value",
        ),
        (
            one(json!({"kind": "email", "value": "m@e.example", "valuex": 1})),
            "identities[0].valuex",
        ),
        (
            json!({"name": "Mei", "identities": [
                {"kind": "slack", "value": "U1"}, {"kind": "slack", "value": "U2"},
            ]}),
            "identities[1]",
        ),
        (
            json!({"name": "Mei", "identities": [login("github.com", "mei"), login("github.com", "MEI")]}),
            "identities[1]",
        ),
    ] {
        let refused = add(&app, body.clone()).await.expect(422);
        let details = refused.json["details"].to_string();
        assert!(details.contains(field), "{body}: {details}");
    }
    for (body, field) in [
        (json!({"name": 7}), "name"),
        (json!({"name": "Mei", "identities": "mei"}), "identities"),
        (json!({"name": "Mei", "identities": ["mei"]}), "identities"),
        (
            one(json!({"kind": "slack", "value": 7})),
            "identities[0].value",
        ),
    ] {
        let refused = add(&app, body.clone()).await.expect(400);
        let details = refused.json["details"].to_string();
        assert!(details.contains(field), "{body}: {details}");
    }
    app.stop().await;
}

async fn nobody_has_the_identity_of_another(on: Backend) {
    let app = TestApp::start(on).await;
    let (user_id, _) = app.user("limei", "user").await;
    let mei = json!({"name": "Mei", "user_id": user_id, "identities": [
        login("github.com", "mei"), {"kind": "email", "value": "mei@example.com"},
        {"kind": "telegram", "value": "77"},
    ]});
    let mei = add(&app, mei).await.expect(200).id();
    for identity in [
        login("github.com", "MEI"),
        json!({"kind": "email", "value": "Mei@Example.com"}),
        json!({"kind": "telegram", "value": "77"}),
    ] {
        let tom =
            json!({"name": "Tom", "identities": [{"kind": "slack", "value": "U0TOM"}, identity]});
        let refused = add(&app, tom).await.expect(422);
        let details = refused.json["details"].to_string();
        assert!(
            details.contains("identities[1]") && details.contains("Mei"),
            "{details}"
        );
    }
    // The same login at another host is somebody else.
    let tom = json!({"name": "Tom", "identities": [login("gitlab.com", "mei")]});
    let tom = add(&app, tom).await.expect(200).id();
    add(&app, json!({"name": "mei"})).await.expect(409);
    add(&app, json!({"name": "Mei Li", "user_id": user_id}))
        .await
        .expect(409);
    let path = format!("/api/v1/people/{tom}");
    app.put(&path, &json!({"name": "MEI"})).await.expect(409);
    let all = json!({"identities": [login("github.com", "mei")]});
    app.put(&path, &all).await.expect(422);
    app.put(&format!("/api/v1/people/{mei}"), &all)
        .await
        .expect(200);
    app.stop().await;
}

async fn everybody_reads_and_administrators_write(on: Backend) {
    let app = TestApp::start(on).await;
    let (user_id, user) = app.user("limei", "user").await;
    let mei = add(&app, json!({"name": "Mei", "user_id": user_id}))
        .await
        .expect(200)
        .id();
    let path = format!("/api/v1/people/{mei}");
    user.get("/api/v1/people").await.expect(200);
    assert_eq!(user.get(&path).await.expect(200).data()["name"], "Mei");
    user.post("/api/v1/people", &json!({"name": "Tom"}))
        .await
        .expect(403);
    user.put(&path, &json!({"name": "Tom"})).await.expect(403);
    user.delete(&path).await.expect(403);
    app.stop().await;
}
