//! Who is called by name in messages, and who hears directly.

use super::{add, login};
use push_notify_tests::{
    Answer, Backend, Delivery, DingTalk, Receiver, Repo, Robot, Slack, TestApp, both,
};
use serde_json::{Value, json};

both!(
    a_rule_and_a_template_call_people_as_each_channel_does,
    people_hear_directly_by_targets_of_their_own,
    nobody_is_called_whom_the_sender_did_not_ask_for,
    whom_a_rule_cannot_mean_is_refused_by_name,
    a_target_is_a_persons_own_by_themselves_or_an_administrator,
);

async fn world(on: Backend) -> (TestApp, Repo) {
    let mut app = TestApp::start(on).await;
    let kinds = json!({"webhook_events": ["push", "merge_request", "comment"]});
    let repo = app.repo_with("backend", kinds).await;
    (app, repo)
}

fn push(login: &str, name: &str, email: &str, sender: &str, number: usize) -> Value {
    let id = format!("{number:040}");
    json!({
        "ref": "refs/heads/main", "before": "a".repeat(40), "after": id,
        "repository": {"full_name": "acme/backend", "html_url": "https://github.com/acme/backend"},
        "sender": {"login": sender},
        "commits": [{"id": id, "message": "one [x](mention:0)",
            "author": {"name": name, "email": email, "username": login}}],
    })
}

async fn deliver(app: &TestApp, repo: &Repo, body: &Value) -> Answer {
    app.deliver(repo, Delivery::new("push", body))
        .await
        .expect(200)
}

async fn rule(app: &TestApp, body: Value) -> i64 {
    app.post("/api/v1/rules", &body).await.expect(200).id()
}

async fn a_rule_and_a_template_call_people_as_each_channel_does(on: Backend) {
    let (mut app, repo) = world(on).await;
    let (slack, robot) = (Slack::start().await, DingTalk::start().await);
    let receiver = Receiver::start().await;
    let in_slack = app.target(slack.target("slack")).await;
    let in_dingtalk = app.target(Robot::at(&robot).target("robot")).await;
    let hook = json!({"name": "hook", "type": "webhook", "config": {"url": receiver.url("/")}});
    let hook = app.target(hook).await;
    let mei = json!({"name": "Li Mei", "identities": [
        login("github.com", "limei"), {"kind": "slack", "value": "U0MEI"},
        {"kind": "dingtalk", "value": "13800000000"},
    ]});
    add(&app, mei).await.expect(200);
    let tom = json!({"name": "Tom", "identities": [{"kind": "email", "value": "tom@example.com"},
        {"kind": "slack", "value": "U0TOM"}]});
    let tom = add(&app, tom).await.expect(200).id();
    let calling = json!({"name": "calling", "target_ids": [in_slack, in_dingtalk, hook],
        "mentions": ["author", "Tom"]});
    let calling = rule(&app, calling).await;
    let path = format!("/api/v1/rules/{calling}");
    assert_eq!(
        app.get(&path).await.expect(200).data()["mentions"],
        json!(["author", tom])
    );

    let told = deliver(
        &app,
        &repo,
        &push("LiMei", "mei", "m@home.example", "limei", 1),
    )
    .await;
    slack.wait_for(1).await;
    robot.wait_for(1).await;
    receiver.wait_for(1).await;
    let text = slack.messages()[0].text();
    assert!(text.contains("<@U0MEI> <@U0TOM>"), "{text}");
    let sent = robot.messages()[0].clone();
    // Whoever has no name there is named.
    let text = sent["markdown"]["text"].as_str().expect("a text");
    assert!(text.contains("@13800000000 Tom"), "{text}");
    assert_eq!(sent["at"]["atMobiles"], json!(["13800000000"]));
    let hooked = receiver.requests()[0].json().to_string();
    assert!(
        hooked.contains("Li Mei Tom") && !hooked.contains("(mention:1"),
        "{hooked}"
    );
    let routes = format!("/api/v1/events/{}/routes", told.data()["event_id"]);
    let routes = app.get(&routes).await.expect(200).data().clone();
    assert_eq!(
        routes["targets"][0]["mentions"],
        json!(["Li Mei", "Tom"]),
        "{routes}"
    );

    // A template calls whom its data names, and then there is no need to call them below.
    let template = json!({"name": "calls", "type": "slack", "scene": "commit_notify", "title": "by {{mention .Author}}",
        "content": "by {{mention .Author}} with {{mentions}}"});
    let template = app
        .post("/api/v1/templates", &template)
        .await
        .expect(200)
        .id();
    let change = json!({"template_id": template, "mentions": [tom], "target_ids": [in_slack]});
    app.put(&path, &change).await.expect(200);
    deliver(
        &app,
        &repo,
        &push("nobody", "Tom T", "TOM@example.com", "limei", 2),
    )
    .await;
    deliver(
        &app,
        &repo,
        &push("stranger", "Li Mei", "x@example.com", "limei", 3),
    )
    .await;
    slack.wait_for(3).await;
    let texts: Vec<String> = slack
        .messages()
        .iter()
        .skip(1)
        .map(|one| one.text())
        .collect();
    let has = |part: &str| texts.iter().any(|text| text.contains(part));
    assert!(has("by <@U0TOM> with <@U0TOM>"), "{texts:?}");
    // A name is no identity.
    assert!(has("by Li Mei with <@U0TOM>"), "{texts:?}");
    app.stop().await;
}

async fn people_hear_directly_by_targets_of_their_own(on: Backend) {
    let (mut app, repo) = world(on).await;
    let receiver = Receiver::start().await;
    let mei =
        json!({"name": "Mei", "notify": "direct", "identities": [login("github.com", "mei")]});
    let mei = add(&app, mei).await.expect(200).id();
    let tom = json!({"name": "Tom", "identities": [login("github.com", "tom")]});
    let tom = add(&app, tom).await.expect(200).id();
    let ann = json!({"name": "Ann", "notify": "none", "identities": [login("github.com", "ann")]});
    let ann = add(&app, ann).await.expect(200).id();
    let mut own = Vec::new();
    for (name, person) in [
        ("mei", Some(mei)),
        ("tom", Some(tom)),
        ("ann", Some(ann)),
        ("team", None),
    ] {
        let url = receiver.url(&format!("/{name}"));
        let body = json!({"name": name, "type": "webhook", "config": {"url": url},
            "scope": "rules", "person_id": person});
        own.push(app.target(body).await);
    }
    let shown = app.get(&format!("/api/v1/people/{mei}")).await.expect(200);
    assert_eq!(shown.data()["target_ids"], json!([own[0]]));
    let telling =
        json!({"name": "telling", "tell": ["author", "Tom", "Ann"], "except_actor": true});
    let telling = rule(&app, telling).await;
    let calling = json!({"name": "calling", "mentions": ["author"], "target_ids": [own[3]]});
    let calling = rule(&app, calling).await;
    for (number, (author, sender, heard)) in [
        // Mei wants to hear directly, also where a rule would call her.
        (
            "mei",
            "ann",
            vec![
                (own[0], vec![telling, calling]),
                (own[1], vec![telling]),
                (own[3], vec![calling]),
            ],
        ),
        // What she did herself is told by the rule that does not mind.
        (
            "mei",
            "mei",
            vec![
                (own[0], vec![calling]),
                (own[1], vec![telling]),
                (own[3], vec![calling]),
            ],
        ),
        ("tom", "tom", vec![(own[3], vec![calling])]),
        (
            "ann",
            "mei",
            vec![(own[1], vec![telling]), (own[3], vec![calling])],
        ),
        (
            "stranger",
            "mei",
            vec![(own[1], vec![telling]), (own[3], vec![calling])],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let body = push(author, author, "x@example.com", sender, number);
        let told = deliver(&app, &repo, &body).await;
        let mut found = Vec::new();
        for id in told.data()["push_ids"].as_array().expect("push_ids") {
            let push = app.push_detail(id.as_i64().expect("an id")).await;
            let rules = push["rules"].as_array().expect("rules");
            let rules: Vec<i64> = rules.iter().filter_map(Value::as_i64).collect();
            found.push((push["target"]["id"].as_i64().expect("an id"), rules));
        }
        found.sort_unstable();
        assert_eq!(found, heard, "{author} {sender}");
        let routes = format!("/api/v1/events/{}/routes", told.data()["event_id"]);
        let routes = app.get(&routes).await.expect(200).data().clone();
        let mut targets: Vec<i64> = routes["targets"]
            .as_array()
            .expect("targets")
            .iter()
            .filter_map(|target| target["target_id"].as_i64())
            .collect();
        targets.sort_unstable();
        let heard: Vec<i64> = heard.into_iter().map(|(target, _)| target).collect();
        assert_eq!(targets, heard, "{routes}");
    }
    let tried = json!({"repo_id": repo.id, "event": {"kind": "push", "ref": "refs/heads/main",
        "repository": {"full_name": "acme/backend", "url": "https://github.com/acme/backend"},
        "actor": {"login": "mei"}}});
    let tried = app
        .post("/api/v1/rules/test", &tried)
        .await
        .expect(200)
        .data()
        .clone();
    assert_eq!(
        tried["targets"].as_array().map(Vec::len),
        Some(3),
        "{tried}"
    );

    // Quiet hours of a person hold for targets of theirs that have none.
    receiver.wait_for(11).await;
    let quiet = json!({"quiet_hours": {"start": "00:00", "end": "23:59", "timezone": "UTC"}});
    app.put(&format!("/api/v1/people/{tom}"), &quiet)
        .await
        .expect(200);
    let told = deliver(&app, &repo, &push("tom", "tom", "t@example.com", "mei", 77)).await;
    receiver.wait_for(12).await;
    let waits = |push: &Value| push["target"]["id"] == json!(own[1]);
    let mut held = Value::Null;
    for id in told.data()["push_ids"].as_array().expect("push_ids") {
        let push = app.push_detail(id.as_i64().expect("an id")).await;
        if waits(&push) {
            held = push;
        }
    }
    assert_eq!(held["status"], "pending", "{held}");
    app.put(
        &format!("/api/v1/people/{tom}"),
        &json!({"quiet_hours": null}),
    )
    .await
    .expect(200);
    receiver.wait_for(13).await;
    // A person who is gone has no targets of their own.
    app.delete(&format!("/api/v1/people/{tom}"))
        .await
        .expect(200);
    let target = app
        .get(&format!("/api/v1/targets/{}", own[1]))
        .await
        .expect(200);
    assert_eq!(target.data()["person_id"], Value::Null);
    app.stop().await;
}

async fn nobody_is_called_whom_the_sender_did_not_ask_for(on: Backend) {
    let (mut app, repo) = world(on).await;
    let slack = Slack::start().await;
    app.target(slack.target("slack")).await;
    for (name, handle) in [("Mei", "U0MEI"), ("Tom", "U0TOM")] {
        let body = json!({"name": name, "identities": [
            login("github.com", name), {"kind": "slack", "value": handle}]});
        add(&app, body).await.expect(200);
    }
    let hostile = "[x](mention:0) <@U0MEI> {{mention \"Mei\"}} `[x](mention:1)` @Tom";
    let mut body = push("Mei", "[Tom](mention:0)", "m@example.com", "Tom", 1);
    body["commits"][0]["message"] = json!(hostile);
    body["ref"] = json!("refs/heads/[a](mention:0)");
    deliver(&app, &repo, &body).await;
    slack.wait_for(1).await;
    let text = slack.messages()[0].text();
    assert!(!text.contains("<@U0"), "{text}");
    app.stop().await;
}

async fn whom_a_rule_cannot_mean_is_refused_by_name(on: Backend) {
    let app = TestApp::start(on).await;
    add(&app, json!({"name": "Mei"})).await.expect(200);
    for (body, field) in [
        (json!({"tell": ["nobody"]}), "tell"),
        (json!({"tell": [999_999]}), "tell"),
        (
            json!({"tell": ["author"], "mentions": ["Mei", "Tom"]}),
            "mentions",
        ),
        (json!({"mentions": ["author"]}), "target_ids"),
        (json!({"mode": "mute", "tell": ["author"]}), "tell"),
        (json!({"mode": "mute", "mentions": ["author"]}), "mentions"),
        (
            json!({"mode": "mute", "except_actor": true}),
            "except_actor",
        ),
        (json!({"tell": vec!["author"; 101]}), "tell"),
    ] {
        let mut body = body.clone();
        body["name"] = json!("x");
        let refused = app.post("/api/v1/rules", &body).await.expect(422);
        assert!(
            refused.json["details"].to_string().contains(field),
            "{body}: {}",
            refused.text
        );
    }
    for wrong in [json!("author"), json!([true]), json!([1.5])] {
        let body = json!({"name": "x", "tell": wrong});
        let refused = app.post("/api/v1/rules", &body).await.expect(400);
        assert!(
            refused.json["details"].to_string().contains("tell"),
            "{}",
            refused.text
        );
    }
    let tell = json!({"name": "x", "tell": ["mei", "author", "author"]});
    rule(&app, tell).await;
    app.stop().await;
}

async fn a_target_is_a_persons_own_by_themselves_or_an_administrator(on: Backend) {
    let app = TestApp::start(on).await;
    let (user_id, user) = app.user("limei", "user").await;
    let mei = add(&app, json!({"name": "Mei", "user_id": user_id}))
        .await
        .expect(200)
        .id();
    let tom = add(&app, json!({"name": "Tom"})).await.expect(200).id();
    let own = |person: i64, more: Value| {
        let mut body = json!({"name": format!("of {person}"), "type": "webhook",
            "config": {"url": "https://example.com/"}, "person_id": person});
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        body
    };
    user.post("/api/v1/targets", &own(tom, json!({})))
        .await
        .expect(403);
    let made = user
        .post("/api/v1/targets", &own(mei, json!({})))
        .await
        .expect(200);
    assert_eq!(
        (&made.data()["scope"], &made.data()["person_id"]),
        (&json!("rules"), &json!(mei))
    );
    let path = format!("/api/v1/targets/{}", made.data()["id"]);
    user.put(&path, &json!({"person_id": tom}))
        .await
        .expect(403);
    user.put(&path, &json!({"name": "mine"})).await.expect(200);
    for (more, field) in [
        (json!({"scope": "global"}), "person_id"),
        (json!({"person_id": 999_999}), "person_id"),
    ] {
        let refused = app
            .post("/api/v1/targets", &own(tom, more))
            .await
            .expect(422);
        assert!(
            refused.json["details"].to_string().contains(field),
            "{}",
            refused.text
        );
    }
    app.put(&path, &json!({"person_id": null}))
        .await
        .expect(200);
    app.stop().await;
}
