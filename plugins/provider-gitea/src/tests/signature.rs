use super::{SECRET, malformed, receive_with, signature, unauthenticated, webhook};
use push_notify_sdk::{crypto, testing::Host};

/// Delivers something that is authenticated at most: it is no JSON.
fn is_authentic(headers: &[(&str, &str)]) -> bool {
    let headers = [&[("x-gitea-event", "push")], headers].concat();
    let result = receive_with(SECRET, webhook(&headers, b"no json at all"));
    assert!(malformed(&result) || unauthenticated(&result), "{result:?}");
    malformed(&result)
}

#[test]
fn each_relative_has_its_own_header() {
    let digits = signature(SECRET, b"no json at all");
    for name in [
        "x-forgejo-signature",
        "x-gitea-signature",
        "x-gogs-signature",
    ] {
        assert!(is_authentic(&[(name, &digits)]), "{name}");
        assert!(is_authentic(&[(name, &digits.to_uppercase())]), "{name}");
        let prefixed = format!("sha256={digits}");
        assert!(!is_authentic(&[(name, &prefixed)]), "{name}");
    }
    let prefixed = format!("sha256={digits}");
    assert!(is_authentic(&[("x-hub-signature-256", &prefixed)]));
    assert!(!is_authentic(&[("x-hub-signature-256", &digits)]));
}

#[test]
fn an_empty_header_is_a_missing_one() {
    let digits = signature(SECRET, b"no json at all");
    assert!(is_authentic(&[
        ("x-forgejo-signature", ""),
        ("x-gitea-signature", ""),
        ("x-gogs-signature", &digits),
    ]));
    // As a hook without a secret sends them.
    assert!(!is_authentic(&[
        ("x-gitea-signature", ""),
        ("x-gogs-signature", ""),
        ("x-hub-signature", "sha1="),
        ("x-hub-signature-256", "sha256="),
    ]));
    assert!(!is_authentic(&[]));
}

#[test]
fn the_first_signature_must_be_right() {
    let digits = signature(SECRET, b"no json at all");
    let wrong = signature("another-secret-not-real", b"no json at all");
    for first in [&*wrong, "00", "zz"] {
        assert!(!is_authentic(&[
            ("x-forgejo-signature", first),
            ("x-gitea-signature", &digits),
        ]));
    }
}

#[test]
fn a_wrong_signature_is_refused_before_anything_else() {
    let body = b"no json at all";
    let sound = signature(SECRET, body);
    let short = &sound[..sound.len() - 2];
    let long = format!("{sound}00");
    let foreign = signature("another-secret-not-real", body);
    let other_body = signature(SECRET, b"no json at all.");
    for value in [
        short,
        &long,
        &foreign,
        &other_body,
        "sha1=00",
        "zz",
        "\u{ff}",
    ] {
        assert!(!is_authentic(&[("x-gitea-signature", value)]), "{value}");
    }
}

#[test]
fn a_sha1_signature_alone_is_not_accepted() {
    let sha1 = Host::new().run(|| crypto::hex(crypto::hmac_sha1(SECRET, b"no json at all")));
    assert!(!is_authentic(&[(
        "x-hub-signature",
        &format!("sha1={sha1}")
    )]));
    assert!(!is_authentic(&[("x-gitea-signature", &sha1)]));
}

#[test]
fn a_form_without_a_payload_is_signed_by_nobody() {
    for form in ["", "other=1", "payload", "Payload=1"] {
        for signed in ["", form] {
            let signature = signature(SECRET, signed.as_bytes());
            let headers = [
                ("x-gitea-event", "push"),
                ("x-gitea-signature", &*signature),
                ("content-type", "application/x-www-form-urlencoded"),
            ];
            let result = receive_with(SECRET, webhook(&headers, form.as_bytes()));
            assert!(unauthenticated(&result), "{form}: {result:?}");
        }
    }
}
