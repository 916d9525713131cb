use super::{USUAL_PENALTY, penalised};
use crate::target::health::HealthSignal;
use push_notify_host::{CallError, Failure, Partial, Receipt, RecipientProblem};
use std::time::Duration;

fn retry(after: Option<Duration>) -> Failure {
    Failure::Retry {
        reason: "HTTP 503".to_owned(),
        after,
    }
}

/// Of a push's first attempt.
fn sign(answer: &Result<Result<Receipt, Failure>, CallError>) -> Option<HealthSignal> {
    super::sign(answer, true)
}

#[test]
fn only_a_far_side_that_does_not_answer_or_cannot_take_anything_is_failing() {
    let failing = Some(HealthSignal::Failing("HTTP 503".to_owned()));
    assert_eq!(sign(&Ok(Err(retry(None)))), failing);
    let wait = Duration::from_secs(30);
    assert_eq!(
        sign(&Ok(Err(retry(Some(wait))))),
        Some(HealthSignal::Busy(wait))
    );
    let late = CallError::Deadline(Duration::from_secs(15));
    assert!(matches!(sign(&Err(late)), Some(HealthSignal::Failing(_))));
    let refused = Failure::Rejected("too long".to_owned());
    assert_eq!(sign(&Ok(Err(refused))), Some(HealthSignal::Well));
}

#[test]
fn what_breaks_on_our_side_says_nothing_of_the_target() {
    for error in [
        CallError::Busy("instances"),
        CallError::Quarantined("repeated traps".to_owned()),
        CallError::Resting("repeated traps".to_owned()),
        CallError::Output("too much".to_owned()),
    ] {
        assert_eq!(sign(&Err(error)), None);
    }
}

#[test]
fn a_trap_speaks_against_a_target_once_for_each_push() {
    let trap = || Err(CallError::Trap("unreachable".to_owned()));
    assert!(matches!(
        super::sign(&trap(), true),
        Some(HealthSignal::Failing(_))
    ));
    assert_eq!(super::sign(&trap(), false), None);
}

#[test]
fn a_mailbox_that_is_full_does_not_make_the_mail_server_ill() {
    let problem = |recipient: &str| RecipientProblem {
        recipient: recipient.to_owned(),
        reason: "452 mailbox full".to_owned(),
    };
    let mut partial = Partial {
        delivered: vec!["a@example.com".to_owned()],
        retry: vec![problem("b@example.com")],
        ..Partial::default()
    };
    let some = Failure::Partial(partial.clone());
    assert_eq!(sign(&Ok(Err(some))), Some(HealthSignal::Well));
    partial.delivered.clear();
    let nobody = Failure::Partial(partial);
    assert!(matches!(
        sign(&Ok(Err(nobody))),
        Some(HealthSignal::Failing(_))
    ));
}

#[test]
fn too_many_messages_cost_what_the_manifest_says() {
    let ten = Duration::from_secs(600);
    let throttled = || Failure::Throttled("too fast".to_owned());
    let waits = |after| Failure::Retry {
        reason: "too fast".to_owned(),
        after: Some(after),
    };
    assert_eq!(penalised(throttled(), Some(ten)), waits(ten));
    assert_eq!(penalised(throttled(), None), waits(USUAL_PENALTY));
    let own = Some(Duration::from_secs(7));
    assert_eq!(penalised(retry(own), Some(ten)), retry(own));
}
