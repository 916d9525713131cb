use super::{NOW_S, SECRET, fixture, receive, receive_at};
use serde_json::{Value, json};

fn firing() -> Value {
    serde_json::from_slice(&fixture("alertmanager.firing.json")).unwrap()
}

#[test]
fn a_group_that_is_told_again_is_the_same_delivery() {
    let id = |body: &Value| receive(body.to_string().as_bytes()).unwrap().id.unwrap();
    let first = firing();
    let mut other = first.clone();
    // Another Alertmanager of the same cluster, in another order.
    other["externalURL"] = json!("https://alerts-2.example.com");
    other["alerts"].as_array_mut().unwrap().reverse();
    assert_eq!(id(&first), id(&other));
    other["alerts"][0]["status"] = json!("resolved");
    assert_ne!(id(&first), id(&other));
    let mut later = first.clone();
    later["alerts"][0]["startsAt"] = json!("2026-11-09T08:00:00Z");
    assert_ne!(id(&first), id(&later));
}

#[test]
fn a_reminder_is_another_delivery_and_a_resolution_sent_again_is_not() {
    let bearer = format!("Bearer {SECRET}");
    let id = |now_s: u64, body: &Value| {
        let headers = [("authorization", bearer.as_str())];
        let received = receive_at(now_s, &headers, body.to_string().as_bytes());
        received.unwrap().id.unwrap()
    };
    let fires = firing();
    assert_eq!(id(NOW_S, &fires), id(NOW_S + 1, &fires));
    assert_ne!(id(NOW_S, &fires), id(NOW_S + 4 * 3600, &fires));
    let mut over = firing();
    over["status"] = "resolved".into();
    assert_eq!(id(NOW_S, &over), id(NOW_S + 4 * 3600, &over));
}

#[test]
fn a_group_has_one_subject_however_long_its_key_is() {
    let subject = |key: &str, status: &str| {
        let mut body = firing();
        body["groupKey"] = json!(key);
        body["status"] = json!(status);
        let mut events = receive(body.to_string().as_bytes()).unwrap().events;
        events.remove(0).subject.unwrap()
    };
    assert_eq!(subject("{}:{}", "firing"), "alerts:{}:{}");
    let long = "k".repeat(10_000);
    assert_eq!(subject(&long, "firing"), subject(&long, "resolved"));
    assert!(subject(&long, "firing").len() < 100);
}
