use super::*;
use crate::storage::Storage;
use async_trait::async_trait;
use push_notify_core::{id::RepoId, secret::Key};
use push_notify_host::{ChangePage, Event, Failure, Published, Review};
use push_notify_review::ReviewSettings;
use serde_json::json;

const NOW_MS: u64 = 1_795_000_000_000;
const MINUTE_MS: u64 = 60_000;

/// Takes a delivery whose header `proof` is `SECRET@TIME`, within five minutes, where `mode` is
/// `sign`; and whose header is the secret where it is `password`.
struct Host;

#[async_trait]
impl Provider for Host {
    async fn receive(
        &self,
        webhook: Webhook,
        settings: &Settings,
    ) -> Result<Result<Reception, Rejection>, CallError> {
        let proof = &webhook.headers[0].1;
        let secret = settings
            .secrets
            .iter()
            .find(|(name, _)| name == "webhook_secret");
        let secret = secret.map_or("", |(_, value)| value.expose());
        let sound = match settings.config["mode"].as_str() {
            Some("password") => proof == secret,
            _ => proof.split_once('@').is_some_and(|(by, at)| {
                let now = webhook.received_ms.unwrap_or(NOW_MS);
                let at: u64 = at.parse().unwrap();
                by == secret && now.abs_diff(at) <= 5 * MINUTE_MS
            }),
        };
        if proof == "trap" {
            return Err(CallError::Trap("as asked".to_owned()));
        }
        if !sound {
            return Ok(Err(Rejection::Unauthenticated("no".to_owned())));
        }
        let token = settings.secrets.iter().find(|(name, _)| name == OF_TODAY);
        Ok(Ok(Reception::Delivery(Delivery {
            id: token.map(|(_, value)| value.expose().to_owned()),
            effect: None,
            events: vec![Event::default()],
            shortened: None,
        })))
    }

    async fn changes(
        &self,
        _event: &Event,
        _from: Option<&str>,
        _settings: &Settings,
    ) -> Result<Result<ChangePage, Failure>, CallError> {
        unreachable!("it is asked to receive only")
    }

    async fn content(
        &self,
        _event: &Event,
        _path: &str,
        _settings: &Settings,
    ) -> Result<Result<Option<String>, Failure>, CallError> {
        unreachable!("it is asked to receive only")
    }

    async fn publish_review(
        &self,
        _event: &Event,
        _review: &Review,
        _settings: &Settings,
    ) -> Result<Result<Published, Failure>, CallError> {
        unreachable!("it is asked to receive only")
    }

    async fn probe(&self, _settings: &Settings) -> Result<Result<(), Failure>, CallError> {
        unreachable!("it is asked to receive only")
    }
}

fn route(secret: &str, mode: &str, token: &str) -> Route {
    let config = json!({"url": "https://git.example.com/company/backend", "mode": mode});
    Route {
        repo_id: RepoId::new(7),
        name: "backend".to_owned(),
        url: "https://git.example.com/company/backend".to_owned(),
        provider: "host".to_owned(),
        active: true,
        kinds: vec![],
        settings: Settings {
            config: config.as_object().unwrap().clone(),
            secrets: vec![
                ("webhook_secret".to_owned(), SecretValue::new(secret)),
                (OF_TODAY.to_owned(), SecretValue::new(token)),
            ],
            ..Settings::default()
        },
        former: vec![],
        targets: vec![],
        review: ReviewSettings::from_stored(None).unwrap(),
        model_id: None,
        account: Storage::default().account(RepoId::new(7), None),
        owner: None,
        tells_repeats: false,
    }
}

fn vault() -> Vault {
    Vault::new(&Key::from([7; 32]), &[])
}

/// Parked under `then` so many minutes ago, with a proof of that time unless it is late, and read
/// under `now`.
async fn read(
    proof: &str,
    minutes_ago: u64,
    then: Option<&Route>,
    now: &Route,
) -> Result<Result<Delivery, Rejection>, CallError> {
    let received_ms = NOW_MS - minutes_ago * MINUTE_MS;
    let proof = proof.replace("{then}", &received_ms.to_string());
    let proof = proof.replace("{before}", &(received_ms - 6 * MINUTE_MS).to_string());
    let proof = proof.replace("{now}", &NOW_MS.to_string());
    let sealed = then.map(|then| seal(&vault(), then));
    let late = Late {
        webhook: Webhook {
            method: "POST".to_owned(),
            path: String::new(),
            query: String::new(),
            headers: vec![("proof".to_owned(), proof)],
            body: "{}".into(),
            received_ms: None,
        },
        received_at: i64::try_from(received_ms * 1000).unwrap(),
        settings: settings(&vault(), RepoId::new(7), sealed).unwrap(),
    };
    late.read(&Host, now).await
}

#[tokio::test]
async fn it_is_judged_by_when_it_came_and_by_the_settings_of_then() {
    const DAY: u64 = 24 * 60;
    let old = route("old", "sign", "token");
    let new = route("new", "sign", "token");
    let password = route("old", "password", "token");
    #[rustfmt::skip] // A line each.
    let table = [
        ("a moment ago", "old@{then}", 0, Some(&old), &old, true),
        ("four minutes ago", "old@{then}", 4, Some(&old), &old, true),
        ("six minutes ago", "old@{then}", 6, Some(&old), &old, true),
        ("a year ago", "old@{then}", 365 * DAY, Some(&old), &old, true),
        ("too old when it came", "old@{before}", 6, Some(&old), &old, false),
        ("too old when it came, just now", "old@{before}", 0, Some(&old), &old, false),
        ("of the future when it came", "old@{now}", 30, Some(&old), &old, false),
        ("forged", "guess@{then}", 30, Some(&old), &old, false),
        ("the secret was changed since", "old@{then}", 30, Some(&old), &new, true),
        ("the secret was put right since", "new@{then}", 30, Some(&old), &new, true),
        ("forged, and the secret was changed since", "guess@{then}", 30, Some(&old), &new, false),
        ("signed when passwords are taken now", "old@{then}", 30, Some(&old), &password, true),
        ("a password when signatures are taken now", "old", 30, Some(&password), &old, true),
        ("parked before settings were kept", "old@{then}", 30, None, &old, true),
        ("parked before settings were kept, and changed", "old@{then}", 30, None, &new, false),
    ];
    for (what, proof, minutes_ago, then, now, taken) in table {
        let read = read(proof, minutes_ago, then, now).await.unwrap();
        assert_eq!(read.is_ok(), taken, "{what}: {read:?}");
    }
}

#[tokio::test]
async fn a_token_for_the_hosts_api_is_that_of_today() {
    let then = route("old", "sign", "token of then");
    let now = route("new", "sign", "token of today");
    let read = read("old@{then}", 30, Some(&then), &now).await.unwrap();
    assert_eq!(read.unwrap().id.as_deref(), Some("token of today"));
}

#[tokio::test]
async fn a_parser_that_breaks_is_not_asked_again() {
    let then = route("old", "sign", "token");
    let now = route("new", "sign", "token");
    let read = read("trap", 30, Some(&then), &now).await;
    assert!(matches!(read, Err(CallError::Trap(_))), "{read:?}");
}

#[test]
fn what_is_kept_is_sealed_and_bound_to_its_repository() {
    let sealed = seal(&vault(), &route("a-secret-not-real", "sign", "token"));
    assert!(!sealed.contains("a-secret-not-real"));
    assert!(settings(&vault(), RepoId::new(8), Some(sealed.clone())).is_err());
    let kept = settings(&vault(), RepoId::new(7), Some(sealed))
        .unwrap()
        .unwrap();
    let names: Vec<&str> = kept.secrets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["webhook_secret"]);
}
