//! `X-Webhook-Secret`, for who can send nothing better.

use super::{SECRET, fixture, receive_with, signature, unauthenticated, webhook};
use push_notify_sdk::{Delivery, Rejection};

fn deliver(more: &[(&str, &str)]) -> Result<Delivery, Rejection> {
    let headers = [&[("X-GitHub-Event", "push")], more].concat();
    receive_with(SECRET, webhook(&headers, &fixture("push.branch.json")))
}

#[test]
fn the_plain_secret_is_taken_where_there_is_no_signature() {
    let plain = ("X-Webhook-Secret", SECRET);
    assert!(deliver(&[plain]).is_ok());
    for empty in ["", "sha256="] {
        let result = deliver(&[plain, ("X-Hub-Signature-256", empty)]);
        assert!(result.is_ok(), "{result:?}");
    }
    for wrong in ["", " ", "another-secret-not-real", &SECRET[1..]] {
        let result = deliver(&[("X-Webhook-Secret", wrong)]);
        assert!(unauthenticated(&result), "`{wrong}`: {result:?}");
    }
}

#[test]
fn beside_a_signature_the_plain_secret_does_not_count() {
    let right = signature(SECRET, &fixture("push.branch.json"));
    let forged = signature("another-secret-not-real", &fixture("push.branch.json"));
    for (signature, plain, taken) in [
        (&right, SECRET, true),
        (&right, "another-secret-not-real", true),
        (&forged, SECRET, false),
    ] {
        let headers = [
            ("X-Hub-Signature-256", &**signature),
            ("X-Webhook-Secret", plain),
        ];
        let result = deliver(&headers);
        assert_eq!(result.is_ok(), taken, "{result:?}");
        assert_eq!(unauthenticated(&result), !taken, "{result:?}");
    }
}
