use super::{Attempt, Outcome, Push, PushState, Stats, Status};
use push_notify_core::id::{EventId, PushId, RepoId, TargetId};
use serde_json::Value;

fn push(state: PushState) -> Push {
    Push {
        id: PushId::new(5),
        event_id: EventId::new(3),
        repo_id: RepoId::new(1),
        repo_name: Some("backend".to_owned()),
        repo_url: None,
        target_id: TargetId::new(2),
        target_name: None,
        target_type: None,
        template_id: None,
        template_name: None,
        retry_of: None,
        replay_id: None,
        form_id: None,
        superseded_by: None,
        carried_by: None,
        rules: vec![],
        commit_id: "abc".to_owned(),
        commit_msg: "fix".to_owned(),
        state,
        reason: Some("HTTP 503".to_owned()),
        attempts: 2,
        run_at: 1_000_000,
        waits_for: None,
        leased: false,
        title: None,
        body: None,
        pushed_at: None,
        created_at: 0,
    }
}

fn shown(push: Push, attempts: Vec<Attempt>) -> Value {
    serde_json::to_value(push.detail(None, None, attempts, None)).unwrap()
}

#[test]
fn our_states_map_to_the_contracts_words() {
    for (state, status) in [
        (PushState::Delivered, Status::Success),
        (PushState::Pending, Status::Pending),
        (PushState::Parked, Status::Pending),
        (PushState::Failed, Status::Failed),
        (PushState::Rejected, Status::Failed),
        (PushState::Misconfigured, Status::Failed),
        (PushState::Partial, Status::Failed),
        (PushState::Cancelled, Status::Failed),
    ] {
        assert_eq!(Status::of_state(state), status, "{state}");
    }
}

#[test]
fn a_waiting_push_says_when_it_is_tried_next() {
    let attempts = [Attempt {
        attempt: 1,
        outcome: Outcome::Retry,
        detail: Some("HTTP 503".to_owned()),
        started_at: String::new(),
        duration_ms: 1.5,
    }];
    let detail = shown(push(PushState::Pending), attempts.into());
    assert_eq!(detail["next_attempt_at"], "1970-01-01T00:00:01Z");
    assert_eq!(detail["retry_count"], 1);
    assert_eq!(detail["error_msg"], "HTTP 503");
    assert_eq!(detail["attempts"][0]["outcome"], "retry");
    let held = Push {
        leased: true,
        ..push(PushState::Pending)
    };
    assert!(shown(held, vec![])["next_attempt_at"].is_null());
    let delivered = shown(push(PushState::Delivered), vec![]);
    assert!(delivered["next_attempt_at"].is_null());
    assert!(delivered["error_msg"].is_null());
}

#[test]
fn the_rate_is_of_those_that_ended() {
    let rate = |total, success, failed| {
        Stats {
            total,
            success,
            failed,
        }
        .success_rate()
    };
    assert_eq!(rate(10, 0, 0), 0.0);
    assert_eq!(rate(200, 197, 3), 98.5);
    assert_eq!(rate(3, 1, 2), 33.3);
}
