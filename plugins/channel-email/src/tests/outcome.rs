use super::{config, message, server};
use crate::Email;
use push_notify_sdk::{
    Channel, Failure, Partial, Receipt, RecipientProblem, Retry,
    smtp::{Error, Reply},
    testing::Host,
};
use serde_json::json;

fn send(host: &Host) -> Result<Receipt, Failure> {
    host.run(|| Email::send(config(json!({})), message()))
}

fn problem(recipient: &str, reason: &str) -> RecipientProblem {
    RecipientProblem {
        recipient: recipient.to_owned(),
        reason: reason.to_owned(),
    }
}

#[test]
fn some_got_it() {
    let host = server(|to| {
        if to.starts_with("mei") {
            (250, "Ok")
        } else {
            (451, "4.3.0 later")
        }
    });
    let partial = Partial {
        delivered: vec!["mei@example.com".to_owned()],
        retry: vec![problem("tom@example.com", "451 4.3.0 later")],
        ..Partial::default()
    };
    assert_eq!(send(&host), Err(Failure::Partial(partial)));
    let host = server(|to| {
        if to.starts_with("mei") {
            (250, "Ok")
        } else {
            (550, "5.1.1 nobody")
        }
    });
    let partial = Partial {
        delivered: vec!["mei@example.com".to_owned()],
        rejected: vec![problem("tom@example.com", "550 5.1.1 nobody")],
        ..Partial::default()
    };
    assert_eq!(send(&host), Err(Failure::Partial(partial)));
}

#[test]
fn some_may_get_it_and_some_never_will() {
    let host = server(|to| {
        if to.starts_with("mei") {
            (550, "nobody")
        } else {
            (421, "busy")
        }
    });
    let partial = Partial {
        retry: vec![problem("tom@example.com", "421 busy")],
        rejected: vec![problem("mei@example.com", "550 nobody")],
        ..Partial::default()
    };
    assert_eq!(send(&host), Err(Failure::Partial(partial)));
}

#[test]
fn all_are_to_be_tried_again() {
    let reason = "mei@example.com: 450 greylisted; and 1 more with the same answer".to_owned();
    let retry = Retry {
        reason,
        after_ms: None,
    };
    assert_eq!(
        send(&server(|_| (450, "greylisted"))),
        Err(Failure::Retry(retry))
    );
}

#[test]
fn all_are_refused_each_for_its_reason() {
    let host = server(|to| {
        if to.starts_with("mei") {
            (550, "nobody")
        } else {
            (552, "full")
        }
    });
    let reason = "mei@example.com: 550 nobody; tom@example.com: 552 full";
    assert_eq!(send(&host), Err(Failure::rejected(reason)));
}

#[test]
fn a_recipient_without_an_answer_is_tried_again() {
    let host = Host::new().smtp(|_, _, _| Ok(Vec::new()));
    assert!(matches!(send(&host), Err(Failure::Retry(_))));
}

#[test]
fn a_refusal_before_the_recipients_counts_for_all() {
    let refused = |code: u16| {
        let host = Host::new().smtp(move |_, _, _| {
            Err(Error::Refused(Reply {
                code,
                text: "no".to_owned(),
            }))
        });
        send(&host)
    };
    assert!(matches!(refused(421), Err(Failure::Retry(_))));
    assert!(matches!(refused(535), Err(Failure::Misconfigured(_))));
    assert!(matches!(refused(554), Err(Failure::Rejected(_))));
}
