//! The traits as the engine calls them.

use crate::bindings::channel::exports::push_notify::plugin::channel::Guest as ChannelGuest;
use crate::bindings::host::push_notify::plugin::types::Settings;
use crate::bindings::provider::exports::push_notify::plugin::provider::Guest as ProviderGuest;
use crate::testing::{Host, Level, response};
use crate::{
    __private, Challenge, Channel, Delivery, Failure, Header, Message, Provider, Receipt,
    Reception, Rejection, Secret, Webhook, http,
};

#[derive(Debug, serde::Deserialize)]
struct Config {
    token: Secret,
    url: Option<Secret>,
}

struct Chat;

impl Channel for Chat {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let url = format!("https://example.com/send?token={}", config.token);
        http::post(url).json(&message.title).send()?.check()?;
        Ok(Receipt::default())
    }
}

crate::channel!(Chat);

struct Git;

impl Provider for Git {
    type Config = Config;

    fn receive(webhook: Webhook, _config: Config) -> Result<Delivery, Rejection> {
        let id = webhook.header("X-Delivery").map(str::to_owned);
        Ok(Delivery {
            id,
            ..Delivery::default()
        })
    }

    fn challenge(webhook: &Webhook, _config: &Config) -> Option<Challenge> {
        let word = webhook.query.strip_prefix("echo=")?;
        Some(Challenge {
            content_type: "text/plain".to_owned(),
            body: word.as_bytes().to_vec(),
        })
    }
}

crate::provider!(Git);

fn settings(config: &str) -> Settings {
    Settings {
        config: config.to_owned(),
    }
}

#[test]
fn settings_become_the_plugins_own_type() {
    let host = Host::new().http(|_| Ok(response(200, "")));
    let sent = host.run(|| {
        <__private::Channel<Chat> as ChannelGuest>::send(
            Message::default(),
            settings(r#"{"token": "p-1"}"#),
        )
    });
    assert_eq!(sent, Ok(Receipt::default()));
    assert_eq!(host.requests()[0].url, "https://example.com/send?token=p-1");
}

#[test]
fn settings_that_do_not_fit_are_misconfigured() {
    let probed = <__private::Channel<Chat> as ChannelGuest>::probe(settings("{}"));
    assert!(matches!(probed, Err(Failure::Misconfigured(reason)) if reason.contains("token")));
}

#[test]
fn settings_that_do_not_fit_authenticate_nobody_and_are_logged() {
    let host = Host::new();
    let received = host.run(|| {
        <__private::Provider<Git> as ProviderGuest>::receive(Webhook::default(), settings("{}"))
    });
    assert!(
        matches!(received, Err(Rejection::Unauthenticated(reason)) if reason.starts_with("settings: "))
    );
    assert_eq!(host.lines()[0].level, Level::Error);
}

#[test]
fn a_challenge_is_answered_before_anything_is_received() {
    let received = |query: &str| {
        let webhook = Webhook {
            query: query.to_owned(),
            ..Webhook::default()
        };
        let settings = settings(r#"{"token": "p"}"#);
        <__private::Provider<Git> as ProviderGuest>::receive(webhook, settings)
    };
    assert!(matches!(
        received("echo=here"),
        Ok(Reception::Challenge(challenge)) if challenge.body == b"here"
    ));
    assert!(matches!(received(""), Ok(Reception::Delivery(_))));
}

#[test]
fn a_provider_without_a_probe_passes_it() {
    let with = || settings(r#"{"token": "p"}"#);
    assert_eq!(
        <__private::Provider<Git> as ProviderGuest>::probe(with()),
        Ok(())
    );
}

#[test]
fn a_header_is_found_in_any_case_and_its_first_value_counts() {
    let header = |value: &str| Header {
        name: "x-delivery".into(),
        value: value.into(),
    };
    let webhook = Webhook {
        headers: vec![header("1"), header("2")],
        ..Webhook::default()
    };
    assert_eq!(webhook.header("X-Delivery"), Some("1"));
    assert_eq!(webhook.header("x-other"), None);
}

#[test]
fn a_secret_shows_its_placeholder_on_purpose_only() {
    let config: Config = serde_json::from_str(r#"{"token": "p-1", "url": ""}"#).unwrap();
    assert_eq!(config.token.to_string(), "p-1");
    assert_eq!(
        format!("{config:?}"),
        "Config { token: ***, url: Some(***) }"
    );
    assert!(config.url.unwrap().is_empty());
}

#[test]
fn json_that_cannot_be_read_is_rejected() {
    let problem = serde_json::from_str::<u32>("x").unwrap_err();
    assert!(matches!(Failure::from(problem), Failure::Rejected(_)));
}
