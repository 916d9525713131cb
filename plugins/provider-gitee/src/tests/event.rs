use super::{NOW_MS, SECRET, config, engine, fixture, receive_json, sign, webhook};
use crate::{Gitee, Mode};
use push_notify_sdk::{
    Delivery, Provider, Rejection, testing, testing::conformance::provider::fixtures,
};
use serde_json::Value;

#[test]
fn the_payload_names_the_event_when_the_header_is_lost() {
    let at = NOW_MS.to_string();
    let sign = sign(SECRET, &at);
    for event in [None, Some("")] {
        let mut headers = vec![("x-gitee-timestamp", &*at), ("x-gitee-token", &*sign)];
        headers.extend(event.map(|event| ("x-gitee-event", event)));
        for (with_header, name) in fixtures::<Gitee>() {
            let body = fixture(&format!("{name}.json"));
            let result =
                engine(SECRET).run(|| Gitee::receive(webhook(&headers, &body), config(Mode::Sign)));
            let expected = receive_json(&with_header, &body);
            match (&result, &expected) {
                // Its own name for the event is in the reason.
                (Err(Rejection::Ignored(_)), Err(Rejection::Ignored(_))) => {}
                _ => assert_eq!(outcome(&result), outcome(&expected), "{name}"),
            }
        }
    }
}

#[test]
fn what_proves_a_delivery_is_not_in_the_event() {
    for (event, name) in fixtures::<Gitee>() {
        let body = String::from_utf8(fixture(&format!("{name}.json"))).unwrap();
        let shown = format!("{:?}", receive_json(&event, body.as_bytes()));
        for secret in ["password-in-body-not-real", "c2lnbi1pbi1ib2R5LW5vdC1yZWFs"] {
            assert!(!shown.contains(secret), "{name}: {shown}");
        }
    }
    let body = fixture("push.branch.json");
    let body = String::from_utf8_lossy(&body);
    assert!(body.contains("password-in-body-not-real") && body.contains("c2lnbi1pbi1"));
}

#[test]
fn a_delivery_has_neither_id_nor_twin() {
    for name in ["push.branch.json", "tag_push.created.json"] {
        let delivery = receive_json("Push Hook", &fixture(name)).unwrap();
        assert_eq!(delivery.id, None);
        assert!(delivery.effect.is_none());
    }
}

fn outcome(result: &Result<Delivery, Rejection>) -> Value {
    testing::outcome("gitee", result)
}
