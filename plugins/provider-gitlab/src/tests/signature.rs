use super::{NOW_S, SECRET, fixture, malformed, receive_with, unauthenticated, webhook};
use push_notify_sdk::{Delivery, Rejection, crypto, testing::Host};

const ID: &str = "f5e57ebe-0000-4000-8000-000000000001";

pub(super) fn signature(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    let mac = || crypto::base64(crypto::hmac_sha256(secret, &signed));
    format!("v1,{}", Host::new().run(mac))
}

fn deliver(id: &str, time: &str, signatures: &str, body: &[u8]) -> Result<Delivery, Rejection> {
    let headers = [
        ("X-Gitlab-Event", "Push Hook"),
        ("webhook-id", id),
        ("webhook-timestamp", time),
        ("webhook-signature", signatures),
    ];
    receive_with(SECRET, webhook(&headers, body))
}

#[test]
fn a_known_signature_is_accepted() {
    // Computed with Python's hmac module.
    let known = "v1,8RPbU5QUcrkp2m6weENOsTRUt6ZuEUgoVvQt10CjXAw=";
    assert_eq!(
        signature(SECRET, ID, "1795000000", b"{\"a\":1}"),
        known,
        "the tests sign as everybody does"
    );
    let result = deliver(ID, "1795000000", known, b"{\"a\":1}");
    assert!(!unauthenticated(&result), "{result:?}");
}

/// As GitLab asks for it: of 32 bytes.
const SIGNING_TOKEN: &str = "whsec_dGVzdC1zaWduaW5nLXRva2VuLW5vdC1yZWFsLTMyLmI=";
const KEY: &str = "test-signing-token-not-real-32.b";

#[test]
fn a_signing_token_stands_for_the_bytes_in_its_base64() {
    // Computed with Python's hmac and base64 modules.
    let known = "v1,a9h6z9ETgolJeJjPI0U6k13nGTTIWm/6OjM4hqPlvNk=";
    assert_eq!(signature(KEY, ID, "1795000000", b"no json"), known);
    let with = |secret: &str, signature: &str| {
        let headers = [
            ("webhook-id", ID),
            ("webhook-timestamp", "1795000000"),
            ("webhook-signature", signature),
        ];
        receive_with(secret, webhook(&headers, b"no json"))
    };
    for token in [
        SIGNING_TOKEN,
        SIGNING_TOKEN.trim_end_matches('='),
        &SIGNING_TOKEN["whsec_".len()..],
    ] {
        assert!(malformed(&with(token, known)), "{token}");
    }
    // A secret that has the form of base64 by chance may sign as it is.
    let literal = signature(SIGNING_TOKEN, ID, "1795000000", b"no json");
    assert!(malformed(&with(SIGNING_TOKEN, &literal)));
    let empty_key = signature("", ID, "1795000000", b"no json");
    for (secret, signature) in [
        (SECRET, known),
        ("whsec_", &empty_key),
        ("whsec_=", &empty_key),
        ("whsec_no base64", &empty_key),
    ] {
        let result = with(secret, signature);
        assert!(unauthenticated(&result), "{secret}: {result:?}");
    }
}

#[test]
fn a_hook_with_a_secret_token_and_a_signing_token_is_known_by_either() {
    let now = NOW_S.to_string();
    let signature = signature(KEY, ID, &now, b"no json");
    for (secret, authentic) in [
        (SECRET, true),
        (SIGNING_TOKEN, true),
        ("another-secret-not-real", false),
    ] {
        let headers = [
            ("x-gitlab-token", SECRET),
            ("webhook-id", ID),
            ("webhook-timestamp", &*now),
            ("webhook-signature", &*signature),
        ];
        let result = receive_with(secret, webhook(&headers, b"no json"));
        assert_eq!(malformed(&result), authentic, "{secret}: {result:?}");
        assert_eq!(unauthenticated(&result), !authentic);
    }
}

#[test]
fn a_signed_push_needs_no_token_and_has_the_signed_id() {
    let body = fixture("push.branch.json");
    let now = NOW_S.to_string();
    let delivery = deliver(ID, &now, &signature(SECRET, ID, &now, &body), &body).unwrap();
    assert_eq!(delivery.id.as_deref(), Some(ID));
    assert_eq!(delivery.events[0].kind, "push");
}

#[test]
fn one_of_several_signatures_is_enough() {
    let now = NOW_S.to_string();
    let right = signature(SECRET, ID, &now, b"no json");
    let other = signature("another-secret-not-real", ID, &now, b"no json");
    for signatures in [
        format!("{other} {right}"),
        format!("{right} {other}"),
        format!("v1a,AAAA v2,{} {right}", &right[3..]),
    ] {
        assert!(malformed(&deliver(ID, &now, &signatures, b"no json")));
    }
    assert!(unauthenticated(&deliver(
        ID,
        &now,
        &format!("{other} {other}"),
        b"no json"
    )));
}

#[test]
fn five_minutes_of_difference_are_accepted_and_no_more() {
    let at = |seconds: u64| {
        let time = seconds.to_string();
        deliver(ID, &time, &signature(SECRET, ID, &time, b"x"), b"x")
    };
    for sound in [NOW_S - 300, NOW_S, NOW_S + 300] {
        assert!(malformed(&at(sound)), "{sound}");
    }
    for off in [0, NOW_S - 301, NOW_S + 301, NOW_S * 1000, u64::MAX] {
        assert!(unauthenticated(&at(off)), "{off}");
    }
    for no_time in ["", "now", "-1", "1795000000.5", "99999999999999999999"] {
        let signature = signature(SECRET, ID, no_time, b"x");
        let result = deliver(ID, no_time, &signature, b"x");
        assert!(unauthenticated(&result), "{no_time}: {result:?}");
    }
}

#[test]
fn everything_that_is_signed_counts() {
    let now = NOW_S.to_string();
    let sound = signature(SECRET, ID, &now, b"no json");
    let later = (NOW_S + 1).to_string();
    let mac = &sound[3..];
    let unprefixed = format!("v2,{mac}");
    let padded = format!("{sound}=");
    let foreign = signature("another-secret-not-real", ID, &now, b"no json");
    let unkeyed = signature("", ID, &now, b"no json");
    assert!(malformed(&deliver(ID, &now, &sound, b"no json")));
    for (id, time, signature, body) in [
        ("another-id", &*now, &*sound, &b"no json"[..]),
        ("", &now, &sound, b"no json"),
        (ID, &later, &sound, b"no json"),
        (ID, &now, &sound, b"no json "),
        (ID, &now, "", b"no json"),
        (ID, &now, "v1,", b"no json"),
        (ID, &now, mac, b"no json"),
        (ID, &now, &unprefixed, b"no json"),
        (ID, &now, &padded, b"no json"),
        (ID, &now, &foreign, b"no json"),
        (ID, &now, &unkeyed, b"no json"),
    ] {
        let result = deliver(id, time, signature, body);
        assert!(
            unauthenticated(&result),
            "{id} {time} {signature}: {result:?}"
        );
    }
}

#[test]
fn either_proof_is_enough_and_neither_is_not() {
    let now = NOW_S.to_string();
    let right = signature(SECRET, ID, &now, b"no json");
    let foreign = signature("another-secret-not-real", ID, &now, b"no json");
    let both = |token: &str, signature: &str| {
        let headers = [
            ("x-gitlab-token", token),
            ("webhook-id", ID),
            ("webhook-timestamp", &*now),
            ("webhook-signature", signature),
        ];
        receive_with(SECRET, webhook(&headers, b"no json"))
    };
    assert!(malformed(&both(SECRET, &right)));
    // A hook may have a signing token of its own beside the secret token.
    assert!(malformed(&both(SECRET, &foreign)));
    assert!(malformed(&both("another-secret-not-real", &right)));
    assert!(unauthenticated(&both("another-secret-not-real", &foreign)));
}
