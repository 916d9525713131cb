use super::{SECRET, fixture, malformed, receive_with, signature, unauthenticated, webhook};
use push_notify_sdk::{crypto, testing::Host};

#[test]
fn the_documented_signature_is_accepted() {
    let documented = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let delivery = |signature: &str| {
        let headers = [
            ("x-hub-signature-256", signature),
            ("x-github-event", "push"),
        ];
        receive_with(
            "It's a Secret to Everybody",
            webhook(&headers, b"Hello, World!"),
        )
    };
    // Authenticated, and only then found to be no JSON.
    assert!(malformed(&delivery(documented)));
    assert!(malformed(&delivery(
        &documented.to_uppercase().replace("SHA256=", "sha256=")
    )));
    assert!(unauthenticated(&delivery(
        &documented.replace("757", "758")
    )));
}

#[test]
fn a_missing_empty_or_foreign_signature_is_refused_before_anything_else() {
    let body = b"no json at all";
    let sound = signature(SECRET, body);
    let digits = &sound["sha256=".len()..];
    let short = &sound[..sound.len() - 2];
    let long = format!("{sound}00");
    let foreign = signature("another-secret-not-real", body);
    let other_body = signature(SECRET, b"no json at all.");
    for value in [
        "",
        "sha256=",
        "sha256",
        digits,
        short,
        &long,
        &foreign,
        &other_body,
        "sha1=00",
        "sha256=zz",
    ] {
        let result = receive_with(SECRET, webhook(&[("x-hub-signature-256", value)], body));
        assert!(unauthenticated(&result), "`{value}`: {result:?}");
    }
    let without = receive_with(SECRET, webhook(&[("x-github-event", "push")], body));
    assert!(unauthenticated(&without));
}

#[test]
fn a_sha1_signature_alone_is_not_accepted() {
    let body = fixture("push.branch.json");
    let sha1 = Host::new().run(|| crypto::hex(crypto::hmac_sha1(SECRET, &body)));
    let headers = [
        ("x-hub-signature", &*format!("sha1={sha1}")),
        ("x-github-event", "push"),
    ];
    assert!(unauthenticated(&receive_with(
        SECRET,
        webhook(&headers, &body)
    )));
}
