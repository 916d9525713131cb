//! `X-Webhook-Secret`, for who can send nothing better.

use super::{SECRET, fixture, receive_with, unauthenticated, webhook};
use push_notify_sdk::{Delivery, Rejection};

fn deliver(headers: &[(&str, &str)]) -> Result<Delivery, Rejection> {
    receive_with(SECRET, webhook(headers, &fixture("push.branch.json")))
}

#[test]
fn the_plain_secret_is_taken_where_there_is_neither_token_nor_signature() {
    let plain = ("X-Webhook-Secret", SECRET);
    assert!(deliver(&[plain]).is_ok());
    assert!(deliver(&[plain, ("X-Gitlab-Token", ""), ("webhook-signature", "")]).is_ok());
    for wrong in ["", " ", "another-secret-not-real", &SECRET[1..]] {
        let result = deliver(&[("X-Webhook-Secret", wrong)]);
        assert!(unauthenticated(&result), "`{wrong}`: {result:?}");
    }
}

#[test]
fn beside_a_token_or_signature_the_plain_secret_does_not_count() {
    let plain = ("X-Webhook-Secret", SECRET);
    for forged in [
        ("X-Gitlab-Token", "another-secret-not-real"),
        ("webhook-signature", "v1,Zm9yZ2Vk"),
    ] {
        let result = deliver(&[plain, forged]);
        assert!(unauthenticated(&result), "{forged:?}: {result:?}");
    }
    let wrong = ("X-Webhook-Secret", "another-secret-not-real");
    assert!(deliver(&[wrong, ("X-Gitlab-Token", SECRET)]).is_ok());
}
