//! The traits as the engine calls them.

use crate::bindings::channel::exports::push_notify::plugin::channel::Guest as ChannelGuest;
use crate::bindings::host::push_notify::plugin::types::Settings;
use crate::bindings::provider::exports::push_notify::plugin::provider::Guest as ProviderGuest;
use crate::testing::{Host, Level, response};
use crate::{
    __private, Channel, Delivery, Event, Failure, Header, Message, Provider, Receipt, Rejection,
    Secret, Webhook, http,
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
fn what_a_provider_leaves_out_is_rejected_and_its_probe_passes() {
    let with = || settings(r#"{"token": "p"}"#);
    let changes =
        <__private::Provider<Git> as ProviderGuest>::changes(Event::default(), None, with());
    assert!(matches!(changes, Err(Failure::Rejected(_))));
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
        body: vec![],
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
