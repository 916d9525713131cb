//! `X-Webhook-Secret`, for who can send nothing better.

use super::{SECRET, fixture, receive_with, signature, unauthenticated, webhook};
use push_notify_sdk::{Delivery, Rejection};

fn deliver(more: &[(&str, &str)]) -> Result<Delivery, Rejection> {
    let headers = [&[("X-Gitea-Event", "push")], more].concat();
    receive_with(SECRET, webhook(&headers, &fixture("push.branch.json")))
}

#[test]
fn the_plain_secret_is_taken_where_there_is_no_signature() {
    let plain = ("X-Webhook-Secret", SECRET);
    assert!(deliver(&[plain]).is_ok());
    // As a hook without a secret sends them.
    let empty = [
        ("X-Gitea-Signature", ""),
        ("X-Hub-Signature-256", "sha256="),
    ];
    assert!(deliver(&[&empty[..], &[plain]].concat()).is_ok());
    assert!(unauthenticated(&deliver(&empty)));
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
            ("X-Gitea-Signature", &**signature),
            ("X-Webhook-Secret", plain),
        ];
        let result = deliver(&headers);
        assert_eq!(result.is_ok(), taken, "{result:?}");
        assert_eq!(unauthenticated(&result), !taken, "{result:?}");
    }
}

#[test]
fn a_form_may_come_with_the_plain_secret() {
    let form = b"payload=%7B%22zen%22%3A%22a+b%22%7D";
    let headers = [
        ("X-Gitea-Event", "fork"),
        ("X-Webhook-Secret", SECRET),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let result = receive_with(SECRET, webhook(&headers, form));
    assert!(matches!(result, Err(Rejection::Ignored(_))), "{result:?}");
}
