use super::{SECRET, fixture, malformed, receive_with, unauthenticated, webhook};
use crate::Gitlab;
use push_notify_sdk::{Provider, Secret, forge::Config, testing::Host};

#[test]
fn the_secret_as_token_is_accepted() {
    let result = receive_with(SECRET, webhook(&[("X-Gitlab-Token", SECRET)], b"no json"));
    // Authenticated, and only then found to be no JSON.
    assert!(malformed(&result), "{result:?}");
}

#[test]
fn a_missing_empty_or_foreign_token_is_refused_before_anything_else() {
    let longer = format!("{SECRET}x");
    let upper = SECRET.to_uppercase();
    let shorter = &SECRET[1..];
    for value in ["", " ", "another-secret-not-real", shorter, &longer, &upper] {
        let result = receive_with(SECRET, webhook(&[("x-gitlab-token", value)], b"no json"));
        assert!(unauthenticated(&result), "`{value}`: {result:?}");
    }
    let without = receive_with(SECRET, webhook(&[("x-gitlab-event", "Push Hook")], b"{}"));
    assert!(unauthenticated(&without));
}

#[test]
fn a_repository_without_a_secret_receives_nothing() {
    let body = fixture("push.branch.json");
    let bare = webhook(&[("x-gitlab-event", "Push Hook")], &body);
    let empty = webhook(&[("x-gitlab-token", "")], &body);
    let some = webhook(&[("x-gitlab-token", SECRET)], &body);
    for webhook_secret in [None, Some(Secret::new(""))] {
        for webhook in [&bare, &empty, &some] {
            let config = Config {
                webhook_secret: webhook_secret.clone(),
                ..Config::default()
            };
            let result = Host::new().run(|| Gitlab::receive(webhook.clone(), config));
            assert!(unauthenticated(&result));
        }
    }
    // A secret whose value is empty.
    assert!(unauthenticated(&receive_with("", empty)));
}
