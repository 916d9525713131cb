//! One signature, several bodies.

use super::{NOW_MS, SECRET, config, engine, fixture, sign, signed, unauthenticated};
use crate::{Gitee, Mode, signature::WINDOW_MS};
use push_notify_sdk::{Delivery, Provider, Rejection, Webhook, testing::Host};

/// A body, and the same with another commit message.
fn bodies() -> (Vec<u8>, Vec<u8>) {
    let first = fixture("push.branch.json");
    let text = String::from_utf8(first.clone()).unwrap();
    let other = text.replace("Weigh pears", "Sell pears");
    assert_ne!(other, text);
    (first, other.into_bytes())
}

fn receive(host: &Host, webhook: Webhook) -> Result<Delivery, Rejection> {
    host.run(|| Gitee::receive(webhook, config(Mode::Sign)))
}

#[test]
fn a_used_signature_is_refused_with_another_body_and_taken_with_its_own() {
    let (first, other) = bodies();
    let host = engine(SECRET);
    let at = NOW_MS.to_string();
    let sign = sign(SECRET, &at);
    let encoded = sign.replace('=', "%3D");
    assert!(receive(&host, signed(&at, &sign, &first)).is_ok());
    assert!(receive(&host, signed(&at, &sign, &first)).is_ok());
    for token in [&sign, &encoded] {
        let result = receive(&host, signed(&at, token, &other));
        assert!(unauthenticated(&result), "{result:?}");
    }
    // The refusal does not change what is remembered.
    assert!(receive(&host, signed(&at, &encoded, &first)).is_ok());
}

#[test]
fn another_time_is_another_signature() {
    let (first, other) = bodies();
    let host = engine(SECRET);
    for (at, body) in [(NOW_MS, &first), (NOW_MS + 1, &other), (NOW_MS + 2, &first)] {
        let at = at.to_string();
        let result = receive(&host, signed(&at, &sign(SECRET, &at), body));
        assert!(result.is_ok(), "{at}: {result:?}");
    }
}

#[test]
fn a_signature_from_the_future_is_remembered_as_long_as_it_holds() {
    let (first, other) = bodies();
    let host = engine(SECRET);
    let at = (NOW_MS + WINDOW_MS).to_string();
    let sign = sign(SECRET, &at);
    assert!(receive(&host, signed(&at, &sign, &first)).is_ok());
    for wait in [WINDOW_MS, WINDOW_MS - 1, 1, 1] {
        host.advance_ms(wait);
        let result = receive(&host, signed(&at, &sign, &other));
        assert!(unauthenticated(&result), "{result:?}");
    }
}

#[test]
fn who_fails_to_sign_does_not_use_up_a_signature() {
    let (first, other) = bodies();
    let host = engine(SECRET);
    let at = NOW_MS.to_string();
    assert!(unauthenticated(&receive(
        &host,
        signed(&at, "forged", &other)
    )));
    assert!(receive(&host, signed(&at, &sign(SECRET, &at), &first)).is_ok());
}

#[test]
fn repositories_with_one_secret_do_not_disturb_each_other() {
    let (first, other) = bodies();
    let host = engine(SECRET);
    let at = NOW_MS.to_string();
    let sign = sign(SECRET, &at);
    assert!(receive(&host, signed(&at, &sign, &first)).is_ok());
    let mut elsewhere = config(Mode::Sign);
    elsewhere.repository.url = "https://gitee.com/orchard-works/apple-ledger".to_owned();
    let result = host.run(|| Gitee::receive(signed(&at, &sign, &other), elsewhere));
    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn a_password_remembers_nothing() {
    let (first, other) = bodies();
    let host = engine(SECRET);
    let at = NOW_MS.to_string();
    for body in [first, other] {
        let webhook = signed(&at, SECRET, &body);
        let result = host.run(|| Gitee::receive(webhook, config(Mode::Password)));
        assert!(result.is_ok(), "{result:?}");
    }
}
