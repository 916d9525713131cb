//! `/api/v1/rules`, and who hears of an event by them.

mod road;

use push_notify_tests::{Answer, Backend, Delivery, Receiver, Repo, TestApp, both, workspace};
use serde_json::{Value, json};

both!(
    a_rule_is_made_changed_moved_and_deleted,
    what_is_no_rule_is_refused_by_name,
    a_test_says_of_each_rule_what_it_makes_of_an_event,
    a_users_rules_are_about_their_own_repositories,
);

struct World {
    app: TestApp,
    repo: Repo,
    receiver: Receiver,
}

impl World {
    async fn new(on: Backend) -> Self {
        let receiver = Receiver::start().await;
        let mut app = TestApp::start(on).await;
        let kinds =
            json!({"webhook_events": ["push", "merge_request", "comment", "pipeline", "issue"]});
        let repo = app.repo_with("backend", kinds).await;
        Self {
            app,
            repo,
            receiver,
        }
    }

    async fn target(&mut self, name: &str, scope: &str) -> i64 {
        let url = self.receiver.url(&format!("/{name}"));
        let body = json!({"name": name, "type": "webhook", "scope": scope, "config": {"url": url}});
        self.app.target(body).await
    }

    async fn rule(&self, body: Value) -> i64 {
        let answer = self.app.post("/api/v1/rules", &body).await.expect(200);
        answer.data()["id"].as_i64().expect("an id")
    }

    /// A fixture of the parser, with changes.
    async fn deliver(&self, fixture: &str, change: impl FnOnce(&mut Value)) -> Answer {
        let path = format!("plugins/provider-github/fixtures/{fixture}.json");
        let text = std::fs::read(workspace().join(path)).expect("a fixture");
        let mut body: Value = serde_json::from_slice(&text).expect("JSON");
        change(&mut body);
        let name = fixture.split('.').next().unwrap_or_default();
        let delivery = Delivery::new(name, &body);
        self.app.deliver(&self.repo, delivery).await.expect(200)
    }

    /// The targets of the pushes of an answer, each with the rules of its push.
    async fn heard(&self, answer: &Answer) -> Vec<(i64, Vec<i64>)> {
        let mut heard = Vec::new();
        for id in answer.data()["push_ids"].as_array().expect("push_ids") {
            let push = self.app.push_detail(id.as_i64().expect("an id")).await;
            let rules = push["rules"].as_array().expect("rules");
            heard.push((
                push["target"]["id"].as_i64().expect("an id"),
                rules.iter().filter_map(Value::as_i64).collect(),
            ));
        }
        heard
    }

    async fn untold(&self, answer: &Answer) -> Value {
        let path = format!("/api/v1/events/{}", answer.data()["event_id"]);
        self.app.get(&path).await.expect(200).data()["untold"].clone()
    }
}

async fn a_rule_is_made_changed_moved_and_deleted(on: Backend) {
    let mut world = World::new(on).await;
    let to = world.target("on-call", "rules").await;
    let body = json!({
        "name": "red pipelines",
        "match": {
            "events": ["pipeline.failed"], "branches": ["main"], "labels": {"none": ["flaky"]},
            "review": {"decisions": ["REQUEST_CHANGES"], "score_below": 60}, "severity": "high",
        },
        "when": "!bot",
        "once": "head",
        "again_after_minutes": 30,
        "urgent": true,
        "target_ids": [to],
    });
    let app = &world.app;
    let made = app
        .post("/api/v1/rules", &body)
        .await
        .expect(200)
        .data()
        .clone();
    for (field, value) in body.as_object().expect("an object") {
        assert_eq!(&made[field], value, "{field}");
    }
    assert_eq!(
        (&made["mode"], &made["status"]),
        (&json!("route"), &json!("active"))
    );
    assert_eq!(made["owner"]["name"], "admin");
    let path = format!("/api/v1/rules/{}", made["id"]);
    let changed = json!({"status": "inactive", "match": {"events": ["alert"]}, "when": null});
    let changed = app.put(&path, &changed).await.expect(200).data().clone();
    assert_eq!(changed["match"], json!({"events": ["alert"]}));
    assert_eq!(
        (&changed["when"], &changed["once"]),
        (&Value::Null, &json!("head"))
    );
    assert_eq!(app.get(&path).await.expect(200).data(), &changed);

    let second = world
        .rule(json!({"name": "second", "target_ids": [to]}))
        .await;
    let third = world.rule(json!({"name": "third", "mode": "mute"})).await;
    let names = async || {
        let list = app.get("/api/v1/rules").await.expect(200);
        let names = list.list().iter().map(|rule| rule["name"].clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["red pipelines", "second", "third"]);
    let place = |id: i64| format!("/api/v1/rules/{id}/position");
    let before = json!({"before": made["id"]});
    app.put(&place(third), &before).await.expect(200);
    assert_eq!(names().await, ["third", "red pipelines", "second"]);
    app.put(&place(third), &json!({"before": null}))
        .await
        .expect(200);
    assert_eq!(names().await, ["red pipelines", "second", "third"]);
    app.put(&place(third), &json!({"before": 999_999}))
        .await
        .expect(422);
    app.put(&place(third), &json!({})).await.expect(422);

    for (query, count) in [
        ("keyword=RED", 1),
        ("status=inactive", 1),
        ("status=active", 2),
        ("sort=name&order=desc", 3),
    ] {
        let list = app.get(&format!("/api/v1/rules?{query}")).await.expect(200);
        assert_eq!(list.list().len(), count, "{query}");
    }
    app.delete(&format!("/api/v1/rules/{second}"))
        .await
        .expect(200);
    app.get(&format!("/api/v1/rules/{second}"))
        .await
        .expect(404);
    // Its name is free again.
    world
        .rule(json!({"name": "second", "target_ids": [to]}))
        .await;
    let taken = json!({"name": "third", "target_ids": [to]});
    world.app.post("/api/v1/rules", &taken).await.expect(409);
    world.app.stop().await;
}

async fn what_is_no_rule_is_refused_by_name(on: Backend) {
    let mut world = World::new(on).await;
    let to = world.target("on-call", "rules").await;
    let long = "x".repeat(3000);
    let many: Vec<String> = (0..101).map(|number| format!("r{number}")).collect();
    for (change, field) in [
        (json!({"name": null}), "name"),
        (json!({"target_ids": []}), "target_ids"),
        (json!({"target_ids": [999_999]}), "target_ids"),
        (json!({"template_id": 999_999}), "template_id"),
        (json!({"mode": "forward"}), "mode"),
        (json!({"match": {"branch": ["main"]}}), "match.branch"),
        (json!({"match": {"branches": "main"}}), "match.branches"),
        (json!({"match": {"branches": ["[a"]}}), "match.branches"),
        (json!({"match": {"paths": ["!a"]}}), "match.paths"),
        (json!({"match": {"repos": many}}), "match.repos"),
        (json!({"match": {"severity": "bad"}}), "match.severity"),
        (
            json!({"match": {"review": {"decisions": ["no"]}}}),
            "match.review.decisions",
        ),
        (
            json!({"match": {"labels": {"all": ["a"], "none": ["a"]}}}),
            "match.labels.all",
        ),
        (json!({"when": "kindd == 'push'"}), "when"),
        (json!({"when": "bot && (draft"}), "when"),
        (json!({"when": long}), "when"),
        (json!({"once": "hour"}), "once"),
        (json!({"again_after_minutes": 5}), "again_after_minutes"),
        (json!({"mode": "mute", "urgent": true}), "urgent"),
        (json!({"mode": "mute", "once": "subject"}), "once"),
        (json!({"conversation": "carry on"}), "conversation"),
        (
            json!({"when": "review.score < 9", "instead": true}),
            "instead",
        ),
        (
            json!({"starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z"}),
            "ends_at",
        ),
        (json!({"ends_at": "tomorrow"}), "ends_at"),
        (json!({"colour": "red"}), "colour"),
    ] {
        let mut body = json!({"name": "a rule", "target_ids": [to]});
        let fields = change.as_object().expect("an object").clone();
        body.as_object_mut().expect("an object").extend(fields);
        let answer = world.app.post("/api/v1/rules", &body).await;
        assert!(
            matches!(answer.status, 400 | 422),
            "{body}: {}",
            answer.text
        );
        assert!(answer.text.contains(field), "{field}: {}", answer.text);
    }
    let none = world.app.get("/api/v1/rules").await.expect(200);
    assert!(none.list().is_empty());
    world.app.stop().await;
}

async fn a_test_says_of_each_rule_what_it_makes_of_an_event(on: Backend) {
    let mut world = World::new(on).await;
    let to = world.target("on-call", "rules").await;
    let main = json!({"name": "main", "match": {"events": ["push"], "branches": ["release"]}, "target_ids": [to]});
    let main = world.rule(main).await;
    let alerts = json!({"name": "alerts", "match": {"events": ["alert"], "severity": "high"}, "target_ids": [to]});
    let alerts = world.rule(alerts).await;
    let repo = world.repo.id;
    let outcomes = |answer: &Answer| -> Vec<(i64, String)> {
        let rules = answer.data()["rules"].as_array().expect("rules").clone();
        let outcome = |rule: &Value| {
            let outcome = rule["outcome"].as_str().expect("a text").to_owned();
            (rule["id"].as_i64().expect("an id"), outcome)
        };
        rules.iter().map(outcome).collect()
    };
    let test = async |body: Value| world.app.post("/api/v1/rules/test", &body).await;
    let made_up = json!({"repo_id": repo, "event": {"kind": "alert", "action": "firing", "severity": "critical"}});
    let answer = test(made_up).await.expect(200);
    let expected = vec![
        (main, "other_event".to_owned()),
        (alerts, "routes".to_owned()),
    ];
    assert_eq!(outcomes(&answer), expected);
    assert_eq!(answer.data()["targets"][0]["target_id"], to);

    let path = workspace().join("plugins/provider-github/fixtures/push.branch.json");
    let pasted = std::fs::read_to_string(path).expect("a fixture");
    let body = json!({"repo_id": repo, "headers": {"X-GitHub-Event": "push"}, "body": pasted});
    let answer = test(body).await.expect(200);
    assert_eq!(outcomes(&answer)[0], (main, "not_met".to_owned()));
    let clause = &answer.data()["rules"][0]["clauses"][0];
    assert_eq!(
        (&clause["clause"], &clause["met"]),
        (&json!("branches"), &json!("no"))
    );
    assert!(clause["found"].is_string(), "{clause}");
    assert_eq!(answer.data()["unrouted"], true);

    let stored = world.deliver("push.branch", |_| {}).await;
    let event_id = &stored.data()["event_id"];
    let by_event = test(json!({"event_id": event_id})).await.expect(200);
    let routes = world
        .app
        .get(&format!("/api/v1/events/{event_id}/routes"))
        .await
        .expect(200);
    assert_eq!(by_event.data(), routes.data());
    assert_eq!(outcomes(&routes)[0], (main, "not_met".to_owned()));
    let change = json!({"match": {"events": ["push"]}});
    world
        .app
        .put(&format!("/api/v1/rules/{main}"), &change)
        .await
        .expect(200);
    let routes = world
        .app
        .get(&format!("/api/v1/events/{event_id}/routes"))
        .await
        .expect(200);
    let rule = &routes.data()["rules"][0];
    assert_eq!(
        (&rule["outcome"], &rule["changed_since"]),
        (&json!("routes"), &json!(true))
    );

    for body in [
        json!({}),
        json!({"repo_id": repo}),
        json!({"event": {"kind": "push"}}),
        json!({"repo_id": repo, "event": {}}),
        json!({"repo_id": repo, "event": {"kind": 7}}),
        json!({"repo_id": repo, "event": {"kind": "push", "brunch": "x"}}),
        json!({"repo_id": repo, "body": "not json"}),
        json!({"repo_id": 999_999, "event": {"kind": "push"}}),
        json!({"event_id": 999_999}),
        json!({"event_id": event_id, "repo_id": repo, "event": {"kind": "push"}}),
    ] {
        let answer = test(body.clone()).await;
        assert!(
            (400..500).contains(&answer.status),
            "{body}: {}",
            answer.text
        );
    }
    world.app.stop().await;
}

async fn a_users_rules_are_about_their_own_repositories(on: Backend) {
    let mut world = World::new(on).await;
    let (user_id, user) = world.app.user("lisi", "user").await;
    let hers = json!({"name": "hers", "type": "webhook", "scope": "rules",
        "config": {"url": world.receiver.url("/hers")}});
    let hers = user.post("/api/v1/targets", &hers).await.expect(200).data()["id"]
        .as_i64()
        .expect("an id");
    let foreign = world.target("team", "rules").await;
    let to_foreign = json!({"name": "spy", "target_ids": [foreign]});
    user.post("/api/v1/rules", &to_foreign).await.expect(403);
    let rule = json!({"name": "all of mine", "target_ids": [hers]});
    let rule = user.post("/api/v1/rules", &rule).await.expect(200).data()["id"]
        .as_i64()
        .expect("an id");
    let sent = world.deliver("push.branch", |_| {}).await;
    assert_eq!(
        world.heard(&sent).await,
        [],
        "the repository is an administrator's"
    );
    let give = json!({"owner_id": user_id});
    world
        .app
        .put(&format!("/api/v1/repos/{}", world.repo.id), &give)
        .await
        .expect(200);
    let sent = world.deliver("push.forced", |_| {}).await;
    assert_eq!(world.heard(&sent).await, [(hers, vec![rule])]);
    let (_, other) = world.app.user("wangwu", "user").await;
    let path = format!("/api/v1/rules/{rule}");
    other
        .put(&path, &json!({"status": "inactive"}))
        .await
        .expect(403);
    other.delete(&path).await.expect(403);
    world.app.stop().await;
}
