//! Bodies are `REPOSITORY BRANCH`, signed with HMAC-SHA256 in `x-test-signature` (hex) or
//! authenticated by the bare secret in `x-test-token`. One that contains `boom` traps; the branch
//! `forever` never comes to an end, `strange` and `endless` make events that break the contract,
//! `ignored` is ignored.

use push_notify_sdk::{
    Commit, Delivery, Event, Provider, Rejection, Repository, Secret, Webhook, crypto, provider,
};

#[derive(serde::Deserialize)]
struct Config {
    webhook_secret: Option<Secret>,
}

struct Trapper;

impl Provider for Trapper {
    type Config = Config;

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        authenticate(&webhook, config.webhook_secret)?;
        let body = String::from_utf8_lossy(&webhook.body);
        assert!(!body.contains("boom"), "the body says boom");
        let Some((repository, branch)) = body.split_once(' ') else {
            return Err(Rejection::Malformed("no branch".to_owned()));
        };
        while branch == "forever" {
            std::hint::black_box(branch);
        }
        if branch == "ignored" {
            return Err(Rejection::Ignored("as asked".to_owned()));
        }
        let commits = match branch {
            // Entries that are nothing here, and much at the receiving end.
            "endless" => vec![Commit::default(); 80_000],
            _ => vec![],
        };
        Ok(Delivery {
            id: webhook.header("x-test-delivery").map(str::to_owned),
            effect: None,
            events: vec![Event {
                kind: match branch {
                    "strange" => "coup".to_owned(),
                    _ => "push".to_owned(),
                },
                ref_: Some(format!("refs/heads/{branch}")),
                branch: Some(branch.to_owned()),
                commits,
                repository: Repository {
                    full_name: repository.to_owned(),
                    ..Repository::default()
                },
                ..Event::default()
            }],
        })
    }
}

fn authenticate(webhook: &Webhook, secret: Option<Secret>) -> Result<(), Rejection> {
    let unauthenticated = |why: &str| Rejection::Unauthenticated(why.to_owned());
    let secret = secret.ok_or_else(|| unauthenticated("no secret is configured"))?;
    if let Some(token) = webhook.header("x-test-token") {
        // A host that sends the secret itself: what arrives here is the placeholder.
        return match crypto::equal(token, &secret) {
            true => Ok(()),
            false => Err(unauthenticated(&format!("wrong token {token}"))),
        };
    }
    let signature = webhook
        .header("x-test-signature")
        .ok_or_else(|| unauthenticated("no signature"))?;
    let expected = crypto::hex(crypto::hmac_sha256(&secret, &webhook.body));
    match crypto::equal(signature, expected) {
        true => Ok(()),
        false => Err(unauthenticated("wrong signature")),
    }
}

provider!(Trapper);
