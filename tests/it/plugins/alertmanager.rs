//! A real Alertmanager fires and resolves through us.

use push_notify_tests::{Alertmanager, Backend, DingTalk, Robot, Slack, TestApp, both, until};
use serde_json::{Value, json};

both!(an_alert_and_its_end_reach_the_chats);

fn alert(name: &str, ended: bool) -> Value {
    let mut alert = json!({
        "labels": {"alertname": name, "instance": "web-1", "severity": "critical"},
        "annotations": {"summary": "The load of web-1 is above 20"},
        "startsAt": "2026-01-19T06:25:00Z",
        "generatorURL": "http://prometheus.example.com/graph",
    });
    if ended {
        alert["endsAt"] = json!("2026-01-19T06:28:00Z");
    }
    json!([alert])
}

async fn an_alert_and_its_end_reach_the_chats(on: Backend) {
    if !Alertmanager::is_installed() {
        eprintln!(
            "skipped: there is no prometheus-alertmanager here, and `tests/services.sh ensure` could not install it"
        );
        return;
    }
    let (robot, slack) = (DingTalk::start().await, Slack::start().await);
    let mut app = TestApp::start(on).await;
    let fields = json!({"type": "alertmanager", "url": "http://alertmanager.example.com:9093"});
    let repo = app.repo_with("shop", fields).await;
    app.target(Robot::at(&robot).target("on call")).await;
    let mut chat = slack.target("chat");
    chat["conversation"] = json!("update");
    app.target(chat).await;
    let at_server = |path: &str| format!("http://{}{path}", app.server.address());
    let alertmanager = Alertmanager::telling(&at_server(&repo.path), &repo.secret).await;

    alertmanager.post(&alert("HighLoad", false)).await;
    robot.wait_for(1).await;
    alertmanager.post(&alert("HighLoad", true)).await;
    robot.wait_for(2).await;
    let texts: Vec<String> = robot
        .messages()
        .iter()
        .map(|message| {
            message["markdown"]["text"]
                .as_str()
                .expect("a text")
                .to_owned()
        })
        .collect();
    assert!(texts[0].contains("**HighLoad** 告警"), "{}", texts[0]);
    let headline = "[紧急] 告警: The load of web-1 is above 20";
    assert!(texts[0].contains(headline), "{}", texts[0]);
    assert!(texts[1].contains("**HighLoad** 已恢复"), "{}", texts[1]);
    // Where messages can be changed, the end is where the alert was.
    let message = until("the alert to end in the chat", async || {
        let messages = slack.messages();
        (messages.len() == 1 && messages[0].edits == 1).then(|| messages[0].clone())
    })
    .await;
    assert!(message.text().contains("已恢复"), "{}", message.text());

    // The address for all repositories finds it by how the sender calls itself, which has no path.
    let shared = at_server("/api/v1/webhooks/alertmanager");
    let other = Alertmanager::telling(&shared, &repo.secret).await;
    let renamed = json!({"url": other.url()});
    app.put(&format!("/api/v1/repos/{}", repo.id), &renamed)
        .await
        .expect(200);
    other.post(&alert("FullDisk", false)).await;
    robot.wait_for(3).await;
    app.assert_nothing_leaked();
    app.stop().await;
}
