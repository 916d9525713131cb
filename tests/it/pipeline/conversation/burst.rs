//! What waits for the same card is told once.

use super::world::{conversing, detail, of_request, world};
use push_notify_tests::{Backend, Slack, both, until};
use serde_json::{Value, json};
use std::time::Duration;

both!(forty_events_of_one_merge_request_are_one_message_whose_last_state_is_right);

const EVENTS: usize = 40;

async fn forty_events_of_one_merge_request_are_one_message_whose_last_state_is_right(on: Backend) {
    let slack = Slack::start().await;
    slack.paced(Duration::from_secs(1));
    let (mut app, repo) = world(on).await;
    let mut target = conversing(slack.target("team"), "update");
    // It merges what has no card.
    target["digest"] = json!({"enabled": true, "min": 2});
    app.target(target).await;
    let mut ids = Vec::new();
    for index in 0..EVENTS {
        let fixture = match index {
            0 => "pull_request.opened",
            39 => "pull_request.merged",
            _ => "pull_request.synchronize",
        };
        let title = format!("state-{index:02}");
        let answer = app.deliver(&repo, of_request(fixture, 42, &title)).await;
        let answer = answer.expect(200);
        ids.push(answer.data()["push_ids"][0].as_i64().expect("a push"));
    }
    until("all of them to be delivered", async || {
        let path = "/api/v1/pushes?status=success&size=1";
        let delivered = app.get(path).await.expect(200);
        (delivered.data()["pagination"]["total"] == EVENTS).then_some(())
    })
    .await;
    let messages = slack.messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(
        messages[0].text().contains("state-39"),
        "{}",
        messages[0].text()
    );
    assert!(messages[0].edits < 10, "{} edits", messages[0].edits);
    let (mut carried, mut sent) = (0, 0);
    for (index, id) in ids.iter().enumerate() {
        let push = app.push_detail(*id).await;
        let told = detail(&push);
        match &push["carried_by"] {
            by if by.is_number() && *by != push["id"] => {
                assert!(told.contains(&format!("push {by}")), "{index}: {told}");
                let carrier = app.push_detail(by.as_i64().expect("an id")).await;
                assert_eq!(carrier["state"], "delivered");
                carried += 1;
            }
            _ if told.contains("changed the message of push") => {}
            _ => sent += 1,
        }
    }
    assert_eq!(sent, 1, "one began the message");
    assert!(carried >= 30, "{carried} were carried");
    assert_ne!(
        app.push_detail(ids[39]).await["content"]["title"],
        Value::Null
    );
    app.stop().await;
}
