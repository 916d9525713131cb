use super::{NOW_MS, SECRET, config, engine, fixture, receive, receive_json, sign, webhook};
use crate::{Gitee, Mode};
use push_notify_sdk::{Delivery, Provider, Rejection, testing};
use serde_json::Value;
use std::{fs, path::Path};

#[test]
fn every_fixture_becomes_the_event_beside_it() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 20, "{} fixtures found", fixtures.len());
    for (event, name) in fixtures {
        let body = fixture(&format!("{name}.json"));
        let expected: Value =
            serde_json::from_slice(&fixture(&format!("{name}.expected.json"))).unwrap();
        assert_eq!(outcome(&receive_json(event, &body)), expected, "{name}");
    }
}

#[test]
fn a_form_body_is_the_same_event() {
    for (event, name) in fixtures() {
        let json = fixture(&format!("{name}.json"));
        // `+` for a space, everything else escaped.
        let mut form = b"payload=".to_vec();
        for byte in &json {
            match byte {
                b' ' => form.push(b'+'),
                byte if byte.is_ascii_alphanumeric() => form.push(*byte),
                byte => form.extend(format!("%{byte:02x}").into_bytes()),
            }
        }
        let by_form = receive(event, "application/x-www-form-urlencoded", &form);
        let by_json = receive_json(event, &json);
        assert_eq!(outcome(&by_form), outcome(&by_json), "{name}");
    }
}

#[test]
fn the_payload_names_the_event_when_the_header_is_lost() {
    let at = NOW_MS.to_string();
    let sign = sign(SECRET, &at);
    for event in [None, Some("")] {
        let mut headers = vec![("x-gitee-timestamp", &*at), ("x-gitee-token", &*sign)];
        headers.extend(event.map(|event| ("x-gitee-event", event)));
        for (with_header, name) in fixtures() {
            let body = fixture(&format!("{name}.json"));
            let result =
                engine(SECRET).run(|| Gitee::receive(webhook(&headers, &body), config(Mode::Sign)));
            let expected = receive_json(with_header, &body);
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
    for (event, name) in fixtures() {
        let body = String::from_utf8(fixture(&format!("{name}.json"))).unwrap();
        let shown = format!("{:?}", receive_json(event, body.as_bytes()));
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

/// The header's value and the whole name of each fixture `EVENT.CASE.json`.
pub(super) fn fixtures() -> Vec<(&'static str, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut names: Vec<(&str, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|file| Some(file.strip_suffix(".json")?.to_owned()))
        .filter(|name| !name.ends_with(".expected"))
        .map(|name| {
            let event = match name.split('.').next() {
                Some("push") => "Push Hook",
                Some("tag_push") => "Tag Push Hook",
                Some("merge_request") => "Merge Request Hook",
                Some("note") => "Note Hook",
                Some("issue") => "Issue Hook",
                _ => panic!("{name}"),
            };
            (event, name)
        })
        .collect();
    names.sort();
    names
}

fn outcome(result: &Result<Delivery, Rejection>) -> Value {
    testing::outcome("gitee", result)
}
