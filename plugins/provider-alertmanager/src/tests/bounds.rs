//! Lists that are longer than the plugin may hold.

use super::receive;
use push_notify_sdk::Rejection;

#[test]
fn of_many_alerts_and_labels_the_first_are_kept_and_the_true_number() {
    let labels: Vec<String> = (0..200_000).map(|n| format!(r#""l{n}":"v""#)).collect();
    let labels = labels.join(",");
    let others = r#"{"status":"firing"},"#.repeat(500_000);
    let body = format!(
        r#"{{"status":"firing","groupKey":"a","truncatedAlerts":7,"alerts":[{others}{{"labels":{{{labels}}}}}]}}"#
    );
    let mut events = receive(body.as_bytes()).unwrap().events;
    let group = events.remove(0).alerts.unwrap();
    assert_eq!((group.alerts.len(), group.total), (200, Some(500_008)));
    let body = format!(
        r#"{{"status":"firing","groupKey":"a","commonLabels":{{{labels}}},"alerts":[{{"labels":{{{labels}}}}}]}}"#
    );
    let event = receive(body.as_bytes()).unwrap().events.remove(0);
    let group = event.alerts.unwrap();
    assert_eq!((event.labels.len(), group.alerts[0].labels.len()), (64, 64));
}

#[test]
fn a_reason_stays_short_whatever_the_delivery_holds() {
    let long = "長".repeat(100_000);
    for body in [
        format!(r#"{{"status":"{long}","groupKey":"a","alerts":[]}}"#),
        format!(r#"{{"status":"firing","groupKey":"a","alerts":"{long}"}}"#),
        format!(r#"{{"status":"firing","groupKey":"a","alerts":[],"truncatedAlerts":"{long}"}}"#),
    ] {
        match receive(body.as_bytes()) {
            Err(Rejection::Malformed(reason) | Rejection::Ignored(reason)) => {
                assert!(reason.chars().count() < 250, "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }
}
