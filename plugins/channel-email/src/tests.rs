mod conformance;
mod html;
mod mail;
mod outcome;

use crate::{Config, Email};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Message, Receipt,
    smtp::{self, Outcome, Reply},
    testing::{Host, Mail},
};
use serde_json::{Value, json};

fn config(fields: Value) -> Config {
    let mut config = json!({
        "smtp_host": "smtp.example.com", "smtp_port": 587, "from": "bot@example.com",
        "password": "password-placeholder", "to": ["mei@example.com", "tom@example.com"],
    });
    config
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    serde_json::from_value(config).unwrap()
}

fn message() -> Message {
    Message {
        id: "push-17".to_owned(),
        title: "[pear-ledger] 代码提交通知".to_owned(),
        body: "## pear-ledger 提交了代码\n\n**提交者**: mei\n".to_owned(),
        repository: "orchard-works/pear-ledger".to_owned(),
        created_at_ms: 1_793_610_000_123,
        origin: "push.example.com".to_owned(),
        attempt: 1,
        ..Message::default()
    }
}

/// A server that says `answer` to each recipient.
fn server(answer: impl Fn(&str) -> (u16, &'static str) + 'static) -> Host {
    Host::new().smtp(move |_, envelope, _| {
        let outcome = |recipient: &String| {
            let (code, text) = answer(recipient);
            Outcome {
                recipient: recipient.clone(),
                reply: Reply {
                    code,
                    text: text.to_owned(),
                },
            }
        };
        Ok(envelope.recipients.iter().map(outcome).collect())
    })
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Mail) {
    let host = server(|_| (250, "2.0.0 Ok"));
    let result = host.run(|| Email::send(config(fields), message));
    let mail = host.mails().pop().unwrap();
    (result, mail)
}

#[test]
fn the_server_gets_the_login_and_everybody() {
    let (result, mail) = send(json!({}), message());
    let id = "<push-17@push.example.com>".to_owned();
    assert_eq!(
        result,
        Ok(Receipt {
            id: Some(id),
            ..Receipt::default()
        })
    );
    let server = smtp::Server {
        host: "smtp.example.com".to_owned(),
        port: 587,
        tls: smtp::Tls::Starttls,
        username: Some("bot@example.com".to_owned()),
        password: Some("password-placeholder".to_owned()),
    };
    assert_eq!(mail.server, server);
    assert_eq!(mail.envelope.sender, "bot@example.com");
    assert_eq!(
        mail.envelope.recipients,
        ["mei@example.com", "tom@example.com"]
    );
}

#[test]
fn tls_and_user_name_can_be_chosen() {
    let (_, mail) = send(json!({"tls": "implicit", "username": "robot"}), message());
    assert_eq!(
        (mail.server.tls, mail.server.username.as_deref()),
        (smtp::Tls::Implicit, Some("robot"))
    );
    let (_, mail) = send(json!({"tls": "none"}), message());
    assert_eq!(mail.server.tls, smtp::Tls::None);
}

#[test]
fn a_relay_without_a_password_is_not_logged_in_to() {
    for password in [json!(null), json!("")] {
        let (_, mail) = send(
            json!({"password": password, "username": "robot"}),
            message(),
        );
        assert_eq!((mail.server.username, mail.server.password), (None, None));
    }
}

#[test]
fn a_later_attempt_goes_to_those_who_lack_it() {
    let only = Message {
        only_to: vec!["tom@example.com".to_owned()],
        attempt: 2,
        ..message()
    };
    let (_, second) = send(json!({}), only);
    assert_eq!(second.envelope.recipients, ["tom@example.com"]);
    // It is the same mail, down to the list of recipients.
    let (_, first) = send(json!({}), message());
    assert_eq!(first.message, second.message);
}

#[test]
fn an_address_that_is_none_is_misconfigured_and_named() {
    for fields in [
        json!({"to": ["mei@example.com", "tom@"]}),
        json!({"from": "tom@"}),
    ] {
        let result = Host::new().run(|| Email::send(config(fields), message()));
        let Err(Failure::Misconfigured(reason)) = result else {
            panic!("{result:?}");
        };
        assert!(reason.contains("`tom@`"), "{reason}");
    }
}

#[test]
fn tls_that_is_not_chosen_goes_by_the_port() {
    for (port, tls) in [
        (465, smtp::Tls::Implicit),
        (587, smtp::Tls::Starttls),
        (25, smtp::Tls::Starttls),
    ] {
        let (_, mail) = send(json!({ "smtp_port": port }), message());
        assert_eq!(mail.server.tls, tls, "{port}");
    }
    let (_, mail) = send(json!({"smtp_port": 465, "tls": "starttls"}), message());
    assert_eq!(mail.server.tls, smtp::Tls::Starttls);
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("email", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    let mut full = json!({
        "smtp_host": "smtp.example.com", "smtp_port": 465, "tls": "implicit", "from": "bot@example.com",
        "from_name": "Bot", "username": "bot", "password": "p", "to": ["mei@example.com"],
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    let mut least = json!({
        "smtp_host": "smtp.example.com", "smtp_port": 25, "from": "bot@example.com", "to": ["mei@example.com"],
    });
    assert_eq!(
        manifest.check_config(least.as_object_mut().unwrap()),
        Ok(())
    );
    assert_eq!(least.get("tls"), None, "it goes by the port");
    let mut none = json!({"smtp_port": 0, "to": [], "tls": "auto"});
    let problems = manifest
        .check_config(none.as_object_mut().unwrap())
        .unwrap_err();
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["smtp_host", "smtp_port", "tls", "from", "to"]);
    assert!(manifest.config["password"].secret);
}
