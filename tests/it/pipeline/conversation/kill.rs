//! `kill -9` while messages are changed: nothing is lost, each merge request's message shows its
//! last state, and each end of a server leaves at most one message more for what was on its way.

use super::world::{conversing, of_request};
use push_notify_tests::{Api, Backend, Node, Site, Slack, WAIT_TIMEOUT, both};
use reqwest::Method;
use serde_json::json;
use std::{net::SocketAddr, time::Duration};
use tokio::time::{Instant, sleep};

both!(a_server_that_dies_leaves_at_most_one_card_more);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";
const SECRET: &str = "webhook-secret-not-real";
const REQUESTS: usize = 3;
const ROUNDS: usize = 6;

async fn a_server_that_dies_leaves_at_most_one_card_more(on: Backend) {
    let slack = Slack::start().await;
    let settings = format!(
        "[auth]\nadmin_password = \"{PASSWORD}\"\n[delivery]\nbackoff_base_ms = 50\nbackoff_cap_ms = 400\n"
    );
    let site = Site::new(on, BINARY, &settings).await;
    let mut node = site.start().await;
    let path = set_up(&admin(&node).await, &slack).await;
    let mut state = 0;
    for round in 0..ROUNDS {
        for _ in 0..4 {
            state += 1;
            for number in 0..REQUESTS {
                deliver(node.address, &path, number, state).await;
            }
        }
        sleep(Duration::from_millis(rand::random_range(0..60))).await;
        if round + 1 < ROUNDS {
            node.kill().await;
            node = site.start().await;
        }
    }
    everything_ended(&admin(&node).await).await;
    let messages = slack.messages();
    let most = REQUESTS * ROUNDS;
    assert!(messages.len() <= most, "{} messages", messages.len());
    for number in 0..REQUESTS {
        let name = format!("request-{number}-");
        let own: Vec<String> = messages
            .iter()
            .map(|message| message.text())
            .filter(|text| text.contains(&name))
            .collect();
        let last = own.last().expect("it is told of");
        assert!(last.contains(&format!("{name}state-{state:03}")), "{last}");
    }
    node.kill().await;
    let output = node.output();
    assert!(!output.contains("panicked"), "{output}");
}

async fn admin(node: &Node) -> Api {
    Api::new(node.address).login("admin", PASSWORD).await.0
}

/// Returns the path of the repository's webhook.
async fn set_up(admin: &Api, slack: &Slack) -> String {
    let repo = json!({
        "name": "backend", "type": "github", "url": "https://github.com/company/backend-service",
        "webhook_secret": SECRET,
    });
    let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
    let target = conversing(slack.target("team"), "update");
    admin.post("/api/v1/targets", &target).await.expect(200);
    let url = repo.data()["webhook_url"].as_str().expect("a URL");
    let at = url.find("/webhook/").expect("a webhook path");
    url[at..].to_owned()
}

async fn deliver(address: SocketAddr, path: &str, number: usize, state: usize) {
    let title = format!("request-{number}-state-{state:03}");
    let number = 100 + number as u64;
    let delivery = of_request("pull_request.synchronize", number, &title);
    let api = Api::new(address);
    let request = delivery.onto(api.request(Method::POST, path), SECRET);
    api.send(request).await.expect(200);
}

async fn everything_ended(admin: &Api) {
    let end = Instant::now() + WAIT_TIMEOUT + Duration::from_secs(30);
    while Instant::now() < end {
        let pending = admin.get("/api/v1/pushes?status=pending&size=1").await;
        if pending.expect(200).data()["pagination"]["total"] == 0 {
            let failed = admin.get("/api/v1/pushes?status=failed&size=1").await;
            let failed = failed.expect(200);
            assert_eq!(failed.data()["pagination"]["total"], 0, "{}", failed.text);
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    let pending = admin.get("/api/v1/pushes?status=pending&size=5").await;
    panic!("still pending: {}", pending.text);
}
