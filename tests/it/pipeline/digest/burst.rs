use super::world::{MINUTE, counted, merging, rated};
use push_notify_tests::{
    Backend, Delivery, DingTalk, Receiver, Robot, TestApp, both, push_body, until,
};
use serde_json::{Value, json};

both!(
    what_waited_for_the_rate_goes_out_as_one_message,
    without_a_digest_every_push_is_a_message,
);

async fn what_waited_for_the_rate_goes_out_as_one_message(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let backend = app.repo("backend").await;
    let frontend = app.repo("frontend").await;
    let target = app.target(merging(Robot::at(&robot).target("team"))).await;
    for index in 0..60 {
        let repo = if index % 2 == 0 { &backend } else { &frontend };
        app.push(repo, &format!("commit{index:02}")).await;
    }
    counted(&app, "status=success", 18).await;
    app.advance(MINUTE);
    counted(&app, "status=success", 60).await;
    assert_eq!(robot.count(), 19);

    let message = robot.messages().pop().expect("a message");
    let text = message["markdown"]["text"].as_str().expect("a text");
    let title = message["markdown"]["title"].as_str().expect("a title");
    assert_eq!(title, "42 条通知, 2 个仓库");
    let places: Vec<usize> = (18..60)
        .map(|index| {
            text.find(&format!("commit{index}"))
                .expect("each is told of")
        })
        .collect();
    assert!(places.is_sorted(), "the oldest comes first: {text}");
    assert!(text.contains("frontend") && text.contains("张三"), "{text}");

    let carried = app
        .get(&format!(
            "/api/v1/pushes?target_id={target}&size=100&sort=id&order=asc"
        ))
        .await
        .expect(200);
    let carried: Vec<Value> = carried
        .list()
        .iter()
        .filter(|push| !push["carried_by"].is_null())
        .cloned()
        .collect();
    assert_eq!(carried.len(), 42);
    let leader = carried[0]["carried_by"].as_i64().expect("an id");
    assert!(carried.iter().all(|push| push["carried_by"] == leader));
    let own = app.push_detail(leader).await;
    assert_eq!(
        (&own["carries"], &own["carried_by"]),
        (&json!(42), &json!(leader))
    );
    let of_it = format!("/api/v1/pushes?carried_by={leader}&size=5");
    assert_eq!(
        app.get(&of_it).await.expect(200).data()["pagination"]["total"],
        42
    );
    let other = carried.iter().find(|push| push["id"] != leader);
    let other = other.and_then(|push| push["id"].as_i64()).expect("another");
    let other = app.push_detail(other).await;
    assert_eq!(other["state"], "delivered");
    assert_eq!(other["carries"], Value::Null);
    assert_eq!(other["content"], own["content"], "what was sent is shown");
    assert_eq!(other["attempts"].as_array().map(Vec::len), Some(1));
    assert_eq!(other["attempts"][0]["outcome"], "delivered");
    let told = other["attempts"][0]["detail"].as_str().expect("a detail");
    assert!(told.contains(&format!("push {leader}")), "{told}");
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn without_a_digest_every_push_is_a_message(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let few = json!({"enabled": true, "min": 10});
    for (name, digest) in [("off", Value::Null), ("few", few)] {
        let mut target = Robot::at(&robot).target(name);
        target["digest"] = digest;
        app.target(target).await;
    }
    for index in 0..22 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    counted(&app, "status=success", 36).await;
    app.advance(MINUTE);
    counted(&app, "status=success", 44).await;
    assert_eq!(robot.count(), 44);
    let pushes = app.get("/api/v1/pushes?size=100").await.expect(200);
    assert!(
        pushes
            .list()
            .iter()
            .all(|push| push["carried_by"].is_null())
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_digest_lists_what_the_channel_has_room_for_and_counts_the_rest() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    app.target(merging(Robot::at(&robot).target("team"))).await;
    for index in 0..68 {
        let mut body = push_body(&format!("commit{index}"));
        body["commits"][0]["message"] = json!("很长的提交信息".repeat(100));
        app.deliver(&repo, Delivery::new("push", &body))
            .await
            .expect(200);
    }
    counted(&app, "status=success", 18).await;
    app.advance(MINUTE);
    counted(&app, "status=success", 68).await;
    assert_eq!(robot.count(), 19);
    let request = robot.requests().pop().expect("a message");
    let size = request.body.len();
    assert!((15_000..=20_000).contains(&size), "{size} bytes");
    let text = request.json()["markdown"]["text"].to_string();
    assert!(
        text.contains("条未列出") && !text.contains("truncated"),
        "{text}"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_message_is_never_merged() {
    let receiver = Receiver::start().await;
    let (app, repo) = rated(Backend::Sqlite, "2/min", &receiver).await;
    let target = app.get("/api/v1/targets").await.expect(200).list()[0]["id"].clone();
    for index in 0..2 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    counted(&app, "status=success", 2).await;
    let path = format!("/api/v1/targets/{target}/test");
    let body = json!({});
    let (trial, ()) = tokio::join!(app.post(&path, &body), async {
        counted(&app, "status=pending", 1).await;
        for index in 2..6 {
            app.push(&repo, &format!("commit{index}")).await;
        }
        app.advance(MINUTE);
        counted(&app, "status=success", 7).await;
    });
    let trial = trial.expect(200);
    let trial = trial.data()["push_id"].as_i64().expect("a push");
    assert_eq!(app.push_detail(trial).await["carried_by"], Value::Null);
    let scenes: Vec<Value> = receiver.requests()[2..]
        .iter()
        .map(|request| request.json()["scene"].clone())
        .collect();
    assert_eq!(scenes.len(), 2);
    assert!(scenes.contains(&json!("digest")) && scenes.contains(&json!("commit_notify")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waited_for_the_end_of_quiet_hours_goes_out_as_one_message() {
    let receiver = Receiver::start().await;
    let (app, repo) = rated(Backend::Sqlite, "100/min", &receiver).await;
    let target = app.get("/api/v1/targets").await.expect(200).list()[0]["id"].clone();
    let path = format!("/api/v1/targets/{target}");
    let now = app.server.app().clock.now_us() / 1_000_000;
    let at = |seconds: i64| {
        let of_day = (now + seconds).rem_euclid(86_400);
        format!("{:02}:{:02}", of_day / 3600, of_day / 60 % 60)
    };
    let quiet = json!({"enabled": true, "start": at(-3600), "end": at(3600), "timezone": "UTC"});
    app.put(&path, &json!({"quiet_hours": quiet}))
        .await
        .expect(200);
    for index in 0..5 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    until("all to be put off", async || {
        let waiting = app.get("/api/v1/pushes?status=pending").await.expect(200);
        for push in waiting.list() {
            let push = app.push_detail(push["id"].as_i64()?).await;
            (push["waits_for"] == "quiet_hours").then_some(())?;
        }
        Some(())
    })
    .await;
    assert_eq!(receiver.count(), 0);
    app.advance(2 * MINUTE * 60);
    counted(&app, "status=success", 5).await;
    assert_eq!(receiver.count(), 1);
    app.stop().await;
}
