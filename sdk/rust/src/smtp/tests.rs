use super::{Envelope, Error, Outcome, Reply, Server, Tls, send};
use crate::Failure;
use crate::testing::Host;

fn refused(code: u16) -> Failure {
    Failure::from(Error::Refused(Reply {
        code,
        text: "no".into(),
    }))
}

#[test]
fn a_reply_code_says_what_happens_next() {
    assert_eq!(refused(421), Failure::retry("SMTP 421 no"));
    assert_eq!(refused(454), Failure::retry("SMTP 454 no"));
    for code in [530, 534, 535] {
        assert_eq!(
            refused(code),
            Failure::misconfigured(format!("SMTP {code} no"))
        );
    }
    assert_eq!(refused(552), Failure::rejected("SMTP 552 no"));
    assert_eq!(
        Failure::from(Error::Denied("d".into())),
        Failure::misconfigured("d")
    );
    assert!(matches!(Failure::from(Error::TimedOut), Failure::Retry(_)));
}

#[test]
fn a_mail_reaches_the_stand_in_and_is_recorded() {
    let host = Host::new().smtp(|_server, envelope, _message| {
        let reply = |code| Reply {
            code,
            text: String::new(),
        };
        let outcome = |recipient: &String| Outcome {
            recipient: recipient.clone(),
            reply: reply(if recipient.starts_with('a') { 250 } else { 450 }),
        };
        Ok(envelope.recipients.iter().map(outcome).collect())
    });
    let server = Server {
        host: "smtp.example.com".into(),
        port: 587,
        tls: Tls::Starttls,
        username: None,
        password: None,
    };
    let envelope = Envelope {
        sender: "from@example.com".into(),
        recipients: vec!["a@example.com".into(), "b@example.com".into()],
    };
    let outcomes = host
        .run(|| send(&server, &envelope, b"Subject: x\r\n\r\ny\r\n"))
        .unwrap();
    assert!(outcomes[0].reply.is_positive());
    assert!(outcomes[1].reply.is_transient());
    let mails = host.mails();
    assert_eq!((&mails[0].server, &mails[0].envelope), (&server, &envelope));
    assert!(mails[0].message.starts_with(b"Subject"));
}
