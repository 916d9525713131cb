use super::world::{conversing, detail, told, world};
use push_notify_tests::{Backend, DingTalk, Robot, Slack, Telegram, both};
use serde_json::json;

both!(
    a_merge_request_is_one_message_that_is_changed,
    a_merge_request_is_one_thread,
    a_message_is_changed_and_answered,
    the_same_text_again_is_no_failure,
);

const LIFE: [(&str, &str); 4] = [
    ("pull_request.opened", "Weigh pears"),
    ("pull_request.synchronize", "Weigh pears twice"),
    ("pull_request_review.changes_requested", "Weigh pears twice"),
    ("pull_request.merged", "Weigh pears at night"),
];

async fn a_merge_request_is_one_message_that_is_changed(on: Backend) {
    let slack = Slack::start().await;
    let (mut app, repo) = world(on).await;
    let target = app.target(conversing(slack.target("team"), "update")).await;
    let mut pushes = Vec::new();
    for (fixture, title) in LIFE {
        pushes.push(told(&app, &repo, fixture, title).await);
    }
    let messages = slack.messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert_eq!(messages[0].edits, 3);
    let text = messages[0].text();
    assert!(text.contains("Weigh pears at night"), "{text}");
    let first = &pushes[0]["id"];
    assert!(detail(&pushes[0]).is_empty(), "{}", detail(&pushes[0]));
    for push in &pushes[1..] {
        let detail = detail(push);
        assert!(detail.contains(&format!("push {first}")), "{detail}");
    }
    let shown = app
        .get(&format!("/api/v1/targets/{target}"))
        .await
        .expect(200);
    assert_eq!(shown.data()["conversation"], "update");
    assert_eq!(shown.data()["conversation_in_force"], "update");

    // Another one has a message of its own.
    let other = super::world::of_request("pull_request.opened", 43, "Weigh plums");
    let other = app.deliver(&repo, other).await.expect(200);
    let other = other.data()["push_ids"][0].as_i64().expect("a push");
    app.push_in_state(other, "delivered").await;
    assert_eq!(slack.messages().len(), 2);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_merge_request_is_one_thread(on: Backend) {
    let slack = Slack::start().await;
    let (mut app, repo) = world(on).await;
    app.target(conversing(slack.target("team"), "thread")).await;
    for (fixture, title) in LIFE {
        told(&app, &repo, fixture, title).await;
    }
    let messages = slack.messages();
    assert_eq!(messages.len(), 4);
    let first = messages[0].ts.clone();
    assert_eq!(messages[0].thread_ts, None);
    for message in &messages[1..] {
        assert_eq!(
            message.thread_ts.as_ref(),
            Some(&first),
            "all in one thread"
        );
        assert_eq!(message.edits, 0);
    }
    app.stop().await;
}

async fn a_message_is_changed_and_answered(on: Backend) {
    let telegram = Telegram::start().await;
    let (mut app, repo) = world(on).await;
    app.target(conversing(telegram.target("team"), "update+thread"))
        .await;
    for (fixture, title) in LIFE {
        told(&app, &repo, fixture, title).await;
    }
    let messages = telegram.messages();
    assert_eq!(messages.len(), 4, "{messages:#?}");
    assert_eq!(messages[0].edits, 3);
    assert!(messages[0].text.contains("Weigh pears at night"));
    assert!(
        messages[1..]
            .iter()
            .all(|message| message.reply_to.is_some())
    );
    app.stop().await;
}

async fn the_same_text_again_is_no_failure(on: Backend) {
    let telegram = Telegram::start().await;
    let (mut app, repo) = world(on).await;
    app.target(conversing(telegram.target("team"), "update"))
        .await;
    for _ in 0..3 {
        told(&app, &repo, "pull_request.synchronize", "Weigh pears").await;
    }
    let messages = telegram.messages();
    assert_eq!((messages.len(), messages[0].edits), (1, 0));
    assert_eq!(telegram.count(), 3, "each was tried");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_cannot_change_messages_says_so_and_sends_each() {
    let robot = DingTalk::start().await;
    let (mut app, repo) = world(Backend::Sqlite).await;
    let wanted = conversing(Robot::at(&robot).target("team"), "update+thread");
    let target = app.target(wanted).await;
    let path = format!("/api/v1/targets/{target}");
    let shown = app.get(&path).await.expect(200);
    assert_eq!(shown.data()["conversation"], "update+thread");
    assert_eq!(shown.data()["conversation_in_force"], "new");
    for (fixture, title) in LIFE {
        told(&app, &repo, fixture, title).await;
    }
    assert_eq!(robot.count(), 4);
    app.put(&path, &json!({"conversation": "always"}))
        .await
        .expect(422)
        .names("conversation");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_setting_each_message_stands_by_itself() {
    let slack = Slack::start().await;
    let (mut app, repo) = world(Backend::Sqlite).await;
    app.target(slack.target("team")).await;
    for (fixture, title) in LIFE {
        told(&app, &repo, fixture, title).await;
    }
    let messages = slack.messages();
    assert_eq!(messages.len(), 4);
    assert!(
        messages
            .iter()
            .all(|message| message.thread_ts.is_none() && message.edits == 0)
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_of_a_chat_can_do_less_than_its_bot_and_says_so() {
    let slack = Slack::start().await;
    let (mut app, _) = world(Backend::Sqlite).await;
    let mut wanted = conversing(slack.target("bot"), "update+thread");
    let by_bot = app.target(wanted.clone()).await;
    wanted["name"] = json!("webhook");
    wanted["config"] = json!({"webhook_url": "https://hooks.slack.com/services/T0/B0/not-real"});
    let by_hook = app.target(wanted.clone()).await;
    wanted["name"] = json!("webhook, and a token that is empty");
    wanted["config"]["token"] = json!("");
    let with_none = app.target(wanted).await;
    for (target, in_force) in [
        (by_bot, "update+thread"),
        (by_hook, "new"),
        (with_none, "new"),
    ] {
        let shown = app.get(&format!("/api/v1/targets/{target}")).await;
        let shown = shown.expect(200);
        assert_eq!(shown.data()["conversation"], "update+thread");
        assert_eq!(shown.data()["conversation_in_force"], in_force);
    }
    app.stop().await;
}
