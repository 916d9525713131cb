//! The input is the body of a webhook, which comes with a valid secret as each event of each host.
#![no_main]

use libfuzzer_sys::fuzz_target;
use push_notify_sdk::{Header, Provider, Webhook, testing::Host};
use serde_json::json;

const SECRET: &str = "secret-not-real";
const PLACEHOLDER: &str = "placeholder";

fuzz_target!(|body: &[u8]| {
    let events = [
        "push",
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
        "pull_request_comment",
        "create",
        "delete",
        "workflow_run",
        "check_run",
        "status",
        "deployment_status",
        "release",
        "issues",
        "issue_comment",
        "commit_comment",
    ];
    receive::<provider_github::Github>(body, "X-GitHub-Event", &events);
    receive::<provider_gitea::Gitea>(body, "X-Gitea-Event", &events);
    let events = [
        "Push Hook",
        "Tag Push Hook",
        "Merge Request Hook",
        "Note Hook",
        "Issue Hook",
        "Release Hook",
        "Pipeline Hook",
        "Deployment Hook",
    ];
    receive::<provider_gitlab::Gitlab>(body, "X-Gitlab-Event", &events);
    receive::<provider_gitee::Gitee>(body, "X-Gitee-Event", &events);
});

fn receive<P: Provider>(body: &[u8], header: &str, events: &[&str]) {
    let host = Host::new().secret(PLACEHOLDER, SECRET);
    for event in events {
        let headers = [
            (header, *event),
            ("Content-Type", "application/json"),
            ("X-Webhook-Secret", SECRET),
        ];
        let webhook = Webhook {
            headers: headers
                .map(|(name, value)| Header {
                    name: name.to_owned(),
                    value: value.to_owned(),
                })
                .into(),
            body: body.to_vec(),
            ..Webhook::default()
        };
        let config = json!({"url": "https://git.example.com/a/b", "webhook_secret": PLACEHOLDER});
        let config = serde_json::from_value(config).expect("a configuration");
        let _ = host.run(|| P::receive(webhook, config));
    }
}
