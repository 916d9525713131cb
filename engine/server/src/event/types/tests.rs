use super::Detail;
use crate::event::EventState;
use push_notify_core::id::{EventId, ReplayId, RepoId};
use push_notify_host::Event;

fn shown(event: Option<Event>) -> serde_json::Value {
    let detail = Detail {
        id: EventId::new(7),
        repo_id: RepoId::new(1),
        review_id: None,
        state: EventState::Accepted,
        reason: None,
        untold: None,
        delivery_id: Some("d-1".to_owned()),
        received_at: 0,
        event,
    };
    detail.shown(vec![ReplayId::new(3)]).unwrap()
}

#[test]
fn the_event_is_shown_field_for_field() {
    let event = Event {
        provider: "github".to_owned(),
        kind: "push".to_owned(),
        git_ref: Some("refs/heads/main".to_owned()),
        ..Event::default()
    };
    let shown = shown(Some(event));
    assert_eq!(shown["ref"], "refs/heads/main");
    assert_eq!(shown["kind"], "push");
    assert_eq!(shown["delivery_id"], "d-1");
    assert_eq!(shown["replay_ids"], serde_json::json!([3]));
    assert_eq!(shown["received_at"], "1970-01-01T00:00:00Z");
    assert!(shown["merge_request"].is_null());
}

#[test]
fn a_parked_event_has_the_same_fields_as_null() {
    let (parked, accepted) = (shown(None), shown(Some(Event::default())));
    let names = |value: &serde_json::Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&parked), names(&accepted));
    assert!(parked["commits"].is_null());
    assert!(parked["provider"].is_null());
}
