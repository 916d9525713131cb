use super::{
    NOW_MS, SECRET, config, engine, fixture, malformed, sign, signed, unauthenticated, webhook,
};
use crate::{Gitee, Mode, signature::WINDOW_MS};
use push_notify_sdk::{Delivery, Provider, Rejection, Secret, Webhook, testing::Host};

fn receive(webhook: Webhook, mode: Mode) -> Result<Delivery, Rejection> {
    engine(SECRET).run(|| Gitee::receive(webhook, config(mode)))
}

fn by_password(token: &str) -> Webhook {
    webhook(
        &[("x-gitee-event", "Push Hook"), ("x-gitee-token", token)],
        &fixture("push.branch.json"),
    )
}

#[test]
fn the_signature_of_the_time_is_accepted_raw_and_percent_encoded() {
    // Made with another implementation.
    let at = "1793610611001";
    let sign = "5nLG7k0KZ7+E/xiNSl4J9Vt5asMF3hs2xSFxN8hSs6E=";
    let encoded = "5nLG7k0KZ7%2BE%2FxiNSl4J9Vt5asMF3hs2xSFxN8hSs6E%3D";
    for token in [sign, encoded, &encoded.replace("%2B", "%2b")] {
        // Authenticated, and only then found to be no JSON.
        let result = receive(signed(at, token, b"no json"), Mode::Sign);
        assert!(malformed(&result), "{token}: {result:?}");
    }
}

#[test]
fn a_missing_empty_or_foreign_signature_is_refused_before_anything_else() {
    let at = NOW_MS.to_string();
    let sound = sign(SECRET, &at);
    let other_time = sign(SECRET, "1793610611001");
    let other_secret = sign("another-secret-not-real", &at);
    let (cut, unpadded) = (&sound[1..], sound.trim_end_matches('='));
    for token in [
        "",
        "=",
        "%",
        "%2",
        "%%%",
        "%zz",
        "%+1",
        "長",
        cut,
        unpadded,
        &format!("{sound}="),
        &format!("{sound}%00"),
        &sound.to_lowercase(),
        &other_time,
        &other_secret,
        SECRET,
    ] {
        let result = receive(signed(&at, token, b"no json"), Mode::Sign);
        assert!(unauthenticated(&result), "`{token}`: {result:?}");
    }
    let without = webhook(&[("x-gitee-timestamp", &at)], b"no json");
    assert!(unauthenticated(&receive(without, Mode::Sign)));
}

#[test]
fn a_time_that_is_no_plain_number_is_refused_even_when_signed() {
    for at in [
        "",
        " ",
        "now",
        "-1",
        "+1793610611000",
        "1793610611000 ",
        "1793610611000.0",
        "1793610611000\n",
        "99999999999999999999999",
        "１７９３６１０６１１０００",
    ] {
        let result = receive(signed(at, &sign(SECRET, at), b"{}"), Mode::Sign);
        assert!(unauthenticated(&result), "`{at}`: {result:?}");
    }
    let token = sign(SECRET, "");
    let without = webhook(&[("x-gitee-token", &token)], b"{}");
    assert!(unauthenticated(&receive(without, Mode::Sign)));
}

#[test]
fn a_signature_holds_for_an_hour_before_and_after() {
    for (at, holds) in [
        (NOW_MS - WINDOW_MS, true),
        (NOW_MS + WINDOW_MS, true),
        (NOW_MS - WINDOW_MS - 1, false),
        (NOW_MS + WINDOW_MS + 1, false),
        (NOW_MS / 1000, false),
        (0, false),
        (u64::MAX, false),
    ] {
        let at = at.to_string();
        let body = fixture("push.branch.json");
        let result = receive(signed(&at, &sign(SECRET, &at), &body), Mode::Sign);
        assert_eq!(result.is_ok(), holds, "{at}: {result:?}");
        assert_eq!(unauthenticated(&result), !holds);
    }
}

#[test]
fn a_password_is_the_secret_itself() {
    assert!(receive(by_password(SECRET), Mode::Password).is_ok());
    // As the engine hands over a header that is the secret.
    assert!(receive(by_password("placeholder"), Mode::Password).is_ok());
    for token in [
        "",
        "test-secret-not-rea",
        "test-secret-not-real ",
        "TEST-SECRET-NOT-REAL",
        "test%2Dsecret%2Dnot%2Dreal",
    ] {
        let result = receive(by_password(token), Mode::Password);
        assert!(unauthenticated(&result), "`{token}`: {result:?}");
    }
    let without = webhook(&[("x-gitee-event", "Push Hook")], b"{}");
    assert!(unauthenticated(&receive(without, Mode::Password)));
}

#[test]
fn one_mode_does_not_take_the_others_proof() {
    let at = NOW_MS.to_string();
    let body = fixture("push.branch.json");
    let sound = signed(&at, &sign(SECRET, &at), &body);
    assert!(unauthenticated(&receive(sound, Mode::Password)));
    assert!(unauthenticated(&receive(by_password(SECRET), Mode::Sign)));
    let with_time = signed(&at, SECRET, &body);
    assert!(unauthenticated(&receive(with_time, Mode::Sign)));
}

#[test]
fn what_the_body_says_of_the_secret_proves_nothing() {
    let body = format!(r#"{{"hook_name":"push_hooks","password":"{SECRET}","sign":"{SECRET}"}}"#);
    for mode in [Mode::Sign, Mode::Password] {
        let result = receive(webhook(&[], body.as_bytes()), mode);
        assert!(unauthenticated(&result), "{mode:?}: {result:?}");
    }
}

#[test]
fn a_repository_without_a_secret_receives_nothing() {
    let at = NOW_MS.to_string();
    let body = fixture("push.branch.json");
    let empty_key = sign("", &at);
    for webhook_secret in [None, Some(Secret::new(""))] {
        for (token, signature) in [("", Mode::Password), (&*empty_key, Mode::Sign)] {
            let mut config = config(signature);
            config.repository.webhook_secret = webhook_secret.clone();
            let host = Host::new().now_ms(NOW_MS);
            let result = host.run(|| Gitee::receive(signed(&at, token, &body), config));
            assert!(unauthenticated(&result));
        }
    }
    // A secret whose value is empty.
    let result = engine("").run(|| Gitee::receive(signed(&at, "", &body), config(Mode::Password)));
    assert!(unauthenticated(&result));
}
