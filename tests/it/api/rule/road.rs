//! What becomes of deliveries by rules.

use super::World;
use push_notify_tests::{Backend, both};
use serde_json::{Value, json};

both!(
    rules_decide_who_hears_and_each_push_says_which,
    a_rule_gives_template_and_a_mute_holds_back,
    a_rule_tells_when_its_subject_comes_to_meet_it,
);

async fn rules_decide_who_hears_and_each_push_says_which(on: Backend) {
    let mut world = World::new(on).await;
    let quiet = world.deliver("push.branch", |_| {}).await;
    assert_eq!(world.untold(&quiet).await, "unrouted");
    let linked = world.target("team", "global").await;
    let (one, two) = (
        world.target("one", "rules").await,
        world.target("two", "rules").await,
    );
    let of_main = json!({"name": "main", "match": {"branches": ["main"]}, "target_ids": [one]});
    let of_main = world.rule(of_main).await;
    let pushes = json!({"name": "pushes", "when": "kind == 'push'", "target_ids": [one, two]});
    let pushes = world.rule(pushes).await;
    let main = world
        .deliver("push.branch", |body| body["ref"] = json!("refs/heads/main"))
        .await;
    let mut heard = world.heard(&main).await;
    heard.sort_unstable();
    let mut expected = vec![
        (linked, vec![]),
        (one, vec![of_main, pushes]),
        (two, vec![pushes]),
    ];
    expected.sort_unstable();
    assert_eq!(heard, expected);
    world.receiver.wait_for(3).await;

    let instead = json!({"instead": true, "target_ids": [two]});
    world
        .app
        .put(&format!("/api/v1/rules/{pushes}"), &instead)
        .await
        .expect(200);
    let other = world
        .deliver("push.branch", |body| {
            body["ref"] = json!("refs/heads/other")
        })
        .await;
    assert_eq!(world.heard(&other).await, [(two, vec![pushes])]);

    // A retry and a replay are sent by the same rules.
    let event = &other.data()["event_id"];
    let replay = format!("/api/v1/events/{event}/replay");
    let replayed = world
        .app
        .post(&replay, &json!({"dry_run": true}))
        .await
        .expect(200);
    let messages = &replayed.data()["difference"]["messages"];
    assert_eq!(messages.as_array().map(Vec::len), Some(1), "{messages}");
    assert_eq!(messages[0]["target_id"], two);

    // What nobody takes is listed.
    let list = world
        .app
        .get("/api/v1/events?untold=unrouted")
        .await
        .expect(200);
    assert_eq!(list.list().len(), 1);
    assert_eq!(list.list()[0]["id"], quiet.data()["event_id"]);
    world.app.stop().await;
}

async fn a_rule_gives_template_and_a_mute_holds_back(on: Backend) {
    let mut world = World::new(on).await;
    let to = world.target("on-call", "rules").await;
    let template = json!({
        "name": "loud", "type": "webhook", "scene": "commit_notify",
        "title": "LOUD", "content": "{\"said\": \"{{ .RepoName }}\"}",
    });
    let template = world
        .app
        .post("/api/v1/templates", &template)
        .await
        .expect(200);
    let template = template.data()["id"].clone();
    let rule = json!({"name": "loud", "template_id": template, "target_ids": [to]});
    let rule = world.rule(rule).await;
    let sent = world.deliver("push.branch", |_| {}).await;
    let push = sent.data()["push_ids"][0].as_i64().expect("an id");
    let push = world.app.push_in_state(push, "delivered").await;
    assert_eq!(push["template"]["id"], template);
    assert_eq!(push["content"]["title"], "LOUD");

    // One that is gone gives its place to the usual one.
    world
        .app
        .delete(&format!("/api/v1/templates/{template}"))
        .await
        .expect(200);
    let sent = world.deliver("push.forced", |_| {}).await;
    let push = sent.data()["push_ids"][0].as_i64().expect("an id");
    let push = world.app.push_in_state(push, "delivered").await;
    assert_ne!(push["content"]["title"], "LOUD");

    let mute = json!({"name": "maintenance", "mode": "mute", "ends_at": "2999-01-01T00:00:00Z"});
    let mute = world.rule(mute).await;
    let before = json!({"before": rule});
    world
        .app
        .put(&format!("/api/v1/rules/{mute}/position"), &before)
        .await
        .expect(200);
    let held = world.deliver("push.branch_created", |_| {}).await;
    assert_eq!(world.untold(&held).await, "muted");
    let over = json!({"ends_at": "2020-01-01T00:00:00Z"});
    world
        .app
        .put(&format!("/api/v1/rules/{mute}"), &over)
        .await
        .expect(200);
    let told = world
        .deliver("push.branch", |body| body["ref"] = json!("refs/heads/late"))
        .await;
    assert_eq!(world.heard(&told).await.len(), 1);
    world.app.stop().await;
}

async fn a_rule_tells_when_its_subject_comes_to_meet_it(on: Backend) {
    let mut world = World::new(on).await;
    let to = world.target("qa", "rules").await;
    let body = json!({
        "name": "needs qa",
        "match": {"events": ["merge_request"], "labels": {"all": ["needs-qa"]}},
        "once": "subject",
        "target_ids": [to],
    });
    let rule = world.rule(body).await;
    let labels =
        |names: &[&str]| -> Value { names.iter().map(|name| json!({"name": name})).collect() };
    let number = std::cell::Cell::new(0);
    let tell = async |fixture: &str, names: &[&str]| {
        number.set(number.get() + 1);
        let answer = world
            .deliver(fixture, |body| {
                body["pull_request"]["labels"] = labels(names);
                body["pull_request"]["number"] = json!(42);
                body["number"] = json!(42);
                body["pull_request"]["body"] = json!(format!("edited {}", number.get()));
            })
            .await;
        answer.data()["push_ids"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(tell("pull_request.opened", &["big"]).await, 0);
    assert_eq!(tell("pull_request.labeled", &["big", "needs-qa"]).await, 1);
    assert_eq!(
        tell("pull_request.synchronize", &["needs-qa"]).await,
        0,
        "it met it already"
    );
    assert_eq!(tell("pull_request.labeled", &["big"]).await, 0);
    assert_eq!(
        tell("pull_request.labeled", &["needs-qa"]).await,
        1,
        "it came to meet it again"
    );
    let again = json!({"again_after_minutes": 60});
    world
        .app
        .put(&format!("/api/v1/rules/{rule}"), &again)
        .await
        .expect(200);
    assert_eq!(tell("pull_request.labeled", &["small"]).await, 0);
    assert_eq!(
        tell("pull_request.labeled", &["needs-qa", "x"]).await,
        0,
        "too soon"
    );
    // A rule that asks something else knows nothing of its subjects.
    let other = json!({"match": {"events": ["merge_request"], "labels": {"all": ["x"]}}});
    world
        .app
        .put(&format!("/api/v1/rules/{rule}"), &other)
        .await
        .expect(200);
    assert_eq!(
        tell("pull_request.labeled", &["needs-qa", "x", "y"]).await,
        1
    );
    world.app.stop().await;
}
