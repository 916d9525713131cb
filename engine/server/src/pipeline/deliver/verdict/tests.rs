use super::{Verdict, backoff};
use crate::{
    pipeline::message::{Recipients, Refused},
    push::Outcome,
};
use push_notify_host::{CallError, Failure, Partial, Receipt, RecipientProblem};
use std::time::Duration;

fn settings() -> push_notify_core::config::Delivery {
    push_notify_core::config::Delivery {
        max_attempts: 8,
        ..push_notify_core::config::load(None).unwrap().delivery
    }
}

fn problem(recipient: &str) -> RecipientProblem {
    RecipientProblem {
        recipient: recipient.into(),
        reason: "no".into(),
    }
}

#[test]
fn waits_grow_stay_under_the_cap_and_end() {
    let settings = settings();
    let most = |attempt| backoff(&settings, attempt, None, 1.0).map(|wait| wait.as_secs());
    assert_eq!(most(1), Some(5));
    assert_eq!(most(2), Some(10));
    assert_eq!(most(7), Some(320));
    assert_eq!(most(8), None);
    assert_eq!(backoff(&settings, 1, None, 0.0), Some(Duration::ZERO));
}

#[test]
fn the_far_sides_own_wait_is_honoured() {
    let minute = Some(Duration::from_secs(60));
    assert_eq!(backoff(&settings(), 1, minute, 0.5), minute);
    let day = Some(Duration::from_secs(86_400));
    assert_eq!(
        backoff(&settings(), 1, day, 0.5),
        Some(Duration::from_secs(3600))
    );
}

#[test]
fn a_partial_delivery_is_tried_again_for_the_rest_only() {
    let partial = Partial {
        delivered: vec!["a".into()],
        retry: vec![problem("b")],
        rejected: vec![problem("c")],
        after: None,
    };
    let verdict = Verdict::of_call(Ok(Err(Failure::Partial(partial))), None);
    let Verdict::Retry {
        recipients: Some(recipients),
        ..
    } = verdict
    else {
        panic!("{verdict:?}")
    };
    assert_eq!(recipients.to, ["b"]);
    let end = Verdict::of_call(Ok(Ok(Receipt::default())), Some(&recipients));
    let Verdict::Partial { recipients, reason } = end else {
        panic!("{end:?}")
    };
    assert_eq!(recipients.to, ["c"]);
    assert!(reason.contains("c: no"));
}

#[test]
fn a_trap_is_tried_again_and_a_quarantine_parks() {
    let earlier = Recipients {
        to: vec!["b".into()],
        served: true,
        rejected: vec![Refused {
            recipient: "c".into(),
            reason: "no".into(),
        }],
    };
    let trap = Verdict::of_call(Err(CallError::Trap("x".into())), Some(&earlier));
    assert!(matches!(trap, Verdict::Retry { recipients: Some(kept), .. } if kept == earlier));
    let parked = Verdict::of_call(Err(CallError::Quarantined("x".into())), None);
    assert_eq!(parked.outcome(), Outcome::Parked);
}

/// What an attempt at a digest comes to, and what is recorded of it, when it is not the last and
/// when it is.
#[test]
fn what_does_not_go_out_as_one_message_goes_out_by_itself() {
    let reason = || "no".to_owned();
    let retry = || Verdict::Retry {
        reason: reason(),
        after: Some(Duration::from_secs(9)),
        recipients: None,
    };
    let partial = || Verdict::Partial {
        reason: reason(),
        recipients: Recipients::default(),
    };
    let apart = |outcome| Some((outcome, "no"));
    #[rustfmt::skip] // A line each.
    let table = [
        (Verdict::Rejected { reason: reason() }, false, apart(Outcome::Rejected)),
        (Verdict::Rejected { reason: reason() }, true, apart(Outcome::Rejected)),
        (Verdict::Misconfigured { reason: reason() }, false, apart(Outcome::Misconfigured)),
        (Verdict::Misconfigured { reason: reason() }, true, apart(Outcome::Misconfigured)),
        (retry(), false, None),
        (retry(), true, apart(Outcome::Retry)),
        (Verdict::Parked { reason: reason() }, false, None),
        (Verdict::Parked { reason: reason() }, true, None),
        (Verdict::Delivered { note: None }, true, None),
        (partial(), true, None),
        (Verdict::Cancelled { reason: reason() }, true, None),
    ];
    for (verdict, is_over, expected) in table {
        let shown = format!("{verdict:?}, over: {is_over}");
        let outcome = verdict.outcome();
        let verdict = verdict.of_digest(is_over);
        assert_eq!(verdict.outcome(), outcome, "{shown}");
        let got = match &verdict {
            Verdict::Apart { outcome, reason } => Some((*outcome, reason.as_str())),
            _ => None,
        };
        assert_eq!(got, expected, "{shown}");
    }
}
