//! What cannot be changed or answered any more is sent anew, and that one is followed from then on.

use super::world::{conversing, detail, tell, told, world};
use push_notify_tests::{Backend, Response, Slack, Telegram, both};
use serde_json::{Value, json};

both!(
    a_message_that_is_gone_is_sent_anew_and_that_one_is_changed,
    a_message_is_never_changed_back,
);

async fn a_message_that_is_gone_is_sent_anew_and_that_one_is_changed(on: Backend) {
    let slack = Slack::start().await;
    let (mut app, repo) = world(on).await;
    app.target(conversing(slack.target("team"), "update")).await;
    told(&app, &repo, "pull_request.opened", "state 0").await;
    slack.forget_messages();
    let anew = told(&app, &repo, "pull_request.synchronize", "state 1").await;
    assert!(
        detail(&anew).contains("message_not_found"),
        "{}",
        detail(&anew)
    );
    assert_eq!(slack.messages().len(), 1);
    for (index, word) in ["cant_update_message", "edit_window_closed"]
        .iter()
        .enumerate()
    {
        slack.refuse_changes(Some(word));
        let title = format!("state of {word}");
        let anew = told(&app, &repo, "pull_request.synchronize", &title).await;
        assert!(detail(&anew).contains(word), "{}", detail(&anew));
        assert_eq!(slack.messages().len(), index + 2);
    }
    slack.refuse_changes(None);
    told(&app, &repo, "pull_request.merged", "state 4").await;
    let messages = slack.messages();
    assert_eq!(messages.len(), 3);
    let edits: Vec<usize> = messages.iter().map(|message| message.edits).collect();
    assert_eq!(edits, [0, 0, 1], "the newest one is followed");
    assert!(messages[2].text().contains("state 4"));
    app.stop().await;
}

/// What was refused and is sent again by hand is about the past: the message shows what came later.
async fn a_message_is_never_changed_back(on: Backend) {
    let slack = Slack::start().await;
    let (mut app, repo) = world(on).await;
    app.target(conversing(slack.target("team"), "update")).await;
    told(&app, &repo, "pull_request.opened", "state 0").await;
    let refusal = json!({"ok": false, "error": "msg_too_long"});
    slack.then(Response::json(200, &refusal));
    let refused = tell(&app, &repo, "pull_request.synchronize", "state 1").await;
    app.push_in_state(refused, "rejected").await;
    let later = told(&app, &repo, "pull_request.synchronize", "state 2").await;
    let count = slack.count();

    let again = app
        .post(&format!("/api/v1/pushes/{refused}/retry"), &json!({}))
        .await
        .expect(200);
    let again = again.data()["new_push_id"].as_i64().expect("a push");
    let again = app.push_in_state(again, "delivered").await;
    assert_eq!(again["carried_by"], later["id"], "{again:#}");
    assert_eq!(slack.count(), count, "nothing was sent");
    let messages = slack.messages();
    assert_eq!((messages.len(), messages[0].edits), (1, 1));
    assert!(messages[0].text().contains("state 2"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telegrams_message_that_is_not_found_is_sent_anew() {
    let telegram = Telegram::start().await;
    let (mut app, repo) = world(Backend::Sqlite).await;
    app.target(conversing(telegram.target("team"), "update+thread"))
        .await;
    told(&app, &repo, "pull_request.opened", "state 0").await;
    telegram.forget_messages();
    let anew = told(&app, &repo, "pull_request.synchronize", "state 1").await;
    assert!(
        detail(&anew).contains("message to edit not found"),
        "{}",
        detail(&anew)
    );
    told(&app, &repo, "pull_request.merged", "state 2").await;
    let messages = telegram.messages();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert_eq!(messages[0].edits, 1);
    assert!(messages[1].reply_to.is_some());
    app.stop().await;
}

/// An incoming webhook answers with nothing to find its message by.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_cannot_be_found_again_is_followed_by_new_ones() {
    let slack = Slack::start().await;
    let (mut app, repo) = world(Backend::Sqlite).await;
    let no_ts = json!({"ok": true});
    slack.then(Response::json(200, &no_ts));
    app.target(conversing(slack.target("team"), "update")).await;
    let first = told(&app, &repo, "pull_request.opened", "state 0").await;
    assert_eq!(first["state"], "delivered");
    told(&app, &repo, "pull_request.synchronize", "state 1").await;
    told(&app, &repo, "pull_request.merged", "state 2").await;
    let messages = slack.messages();
    assert_eq!((messages.len(), messages[0].edits), (1, 1));
    assert_eq!(first["carried_by"], Value::Null);
    app.stop().await;
}
