//! `X-Webhook-Secret`, for who can send nothing better.

use super::{SECRET, receive_with, webhook};
use push_notify_sdk::Rejection;

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
