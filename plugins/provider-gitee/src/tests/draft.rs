//! Drafts that are made ready: only their being drafts before tells.

use super::{NOW_MS, SECRET, config, engine, fixture, sign, signed};
use crate::{Gitee, Mode};
use push_notify_sdk::{Provider, Rejection, testing::Host};
use serde_json::{Value, json};
use std::cell::Cell;

/// Delivers an update to one engine, each a moment later, and returns its action, or none when it
/// is ignored.
fn update(
    host: &Host,
    at: &Cell<u64>,
    number: u64,
    description: &str,
    draft: Value,
) -> Option<String> {
    let mut payload: Value =
        serde_json::from_slice(&fixture("merge_request.opened_draft.json")).unwrap();
    payload["action"] = json!("update");
    payload["action_desc"] = json!(description);
    payload["pull_request"]["number"] = json!(number);
    payload["pull_request"]["draft"] = draft;
    at.set(at.get() + 1);
    let timestamp = at.get().to_string();
    let sign = sign(SECRET, &timestamp);
    let mut webhook = signed(&timestamp, &sign, payload.to_string().as_bytes());
    webhook.headers[0].value = "Merge Request Hook".to_owned();
    let result = host.run(|| Gitee::receive(webhook, config(Mode::Sign)));
    match result {
        Ok(delivery) => delivery.events[0].action.clone(),
        Err(Rejection::Ignored(_)) => None,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_draft_that_is_one_no_more_is_an_update() {
    let (host, at) = (engine(SECRET), Cell::new(NOW_MS));
    let update = |number, description: &str, draft| update(&host, &at, number, description, draft);
    let updated = Some("updated".to_owned());
    for no_draft in [json!(false), Value::Null] {
        assert_eq!(update(42, "milestone_changed", json!(true)), None);
        assert_eq!(update(42, "", no_draft.clone()), updated);
        assert_eq!(update(42, "", no_draft.clone()), updated, "the same again");
        assert_eq!(update(42, "milestone_changed", no_draft), None);
    }
    // Another one, which never was a draft.
    assert_eq!(update(43, "", json!(false)), None);
}

#[test]
fn new_commits_that_make_it_ready_are_one_update() {
    let (host, at) = (engine(SECRET), Cell::new(NOW_MS));
    let update = |description: &str, draft| update(&host, &at, 42, description, draft);
    let updated = Some("updated".to_owned());
    assert_eq!(update("source_branch_changed", json!(true)), updated);
    assert_eq!(update("source_branch_changed", json!(false)), updated);
    assert_eq!(update("milestone_changed", json!(false)), None);
}
