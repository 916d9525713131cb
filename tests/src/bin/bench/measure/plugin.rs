use crate::{
    calm::Watch,
    payload::{Payload, SECRET},
    place::Place,
    stat::Rounds,
    table::{Goal, Row, Table},
};
use anyhow::{Context as _, bail, ensure};
use hmac::{Hmac, KeyInit as _, Mac as _};
use provider_github::Github;
use push_notify_host::{
    Ceilings, Failure, Host, HostConfig, MemoryCache, NetworkPolicy, PluginFile, PluginState,
    Provider, Quarantine, Reception, SecretValue, Settings, Source, Webhook,
};
use push_notify_sdk::{self as sdk, Provider as _, Secret, crypto, testing};
use sha2::Sha256;
use std::{hint::black_box, path::Path, sync::Arc, time::Instant};

const ROUNDS: usize = 9;
/// Of a round: enough that the first ones, which bring everything into the caches again, do not
/// count.
const CALLS: u32 = 1_000;
const TRIVIAL_CALLS: u32 = 10_000;
const PLACEHOLDER: &str = "placeholder";

/// A call of a plugin through the host, against the same code compiled into this program.
pub(crate) async fn plugin(place: &Place, watch: &Watch, table: &mut Table) -> anyhow::Result<()> {
    let directory = place.directory()?;
    let warm = Loaded::load(place, directory.path(), &["reuse"]).await?;
    let fresh = Loaded::load(place, directory.path(), &[]).await?;
    let calm = watch.is_calm().await?;
    let mut times = Times::default();
    for round in 0..=ROUNDS {
        let taken = [
            warm.probe_us().await?,
            fresh.probe_us().await?,
            warm.receive_us().await?,
            fresh.receive_us().await?,
            native::receive_us()?,
            native::hmac_us(),
        ];
        // The first round is a warm-up.
        if round > 0 {
            times.0.push(taken);
        }
    }
    let [
        warm_probe,
        fresh_probe,
        warm_receive,
        fresh_receive,
        native,
        hmac,
    ] = times.columns();
    let row = |what: &str, rounds: &[f64]| {
        Row::new(
            what,
            format!("{:.2} us", Rounds::new(rounds.to_vec()).median()),
        )
    };
    let rounds = |rounds: &[f64]| Rounds::new(rounds.to_vec());
    table.push(
        row("plugin call, trivial, warm instance", &warm_probe).goal(
            Goal::AtMost(1.0, " us"),
            &rounds(&warm_probe),
            calm,
        ),
    );
    table.push(
        row("plugin call, trivial, fresh instance", &fresh_probe).goal(
            Goal::AtMost(25.0, " us"),
            &rounds(&fresh_probe),
            calm,
        ),
    );
    // The signature is checked by the host, natively, in both; what is left is the parser.
    let parse = |whole: &[f64]| {
        whole
            .iter()
            .zip(&hmac)
            .map(|(whole, hmac)| whole - hmac)
            .collect::<Vec<_>>()
    };
    for (what, whole, goal) in [
        (
            "parse the push, warm instance",
            &warm_receive,
            Some(Goal::AtMost(2.0, "x")),
        ),
        ("parse the push, fresh instance", &fresh_receive, None),
    ] {
        let ours = parse(whole);
        let ratio = Rounds::ratio(&ours, &native);
        let (mine, theirs) = (rounds(&ours).median(), rounds(&native).median());
        let row = Row::new(
            what,
            format!(
                "{mine:.1} us; native {theirs:.1} us; HMAC besides {:.1} us",
                rounds(&hmac).median()
            ),
        );
        let row = row.ratio(&ratio);
        table.push(match goal {
            Some(goal) => row.goal(goal, &ratio, calm),
            None => row,
        });
    }
    Ok(())
}

/// Authenticating and parsing one push on a warm instance, in µs.
pub(super) async fn receive_us(place: &Place) -> anyhow::Result<f64> {
    let directory = place.directory()?;
    let warm = Loaded::load(place, directory.path(), &["reuse"]).await?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(warm.receive_us().await?);
    }
    Ok(Rounds::new(rounds).median())
}

#[derive(Default)]
struct Times(Vec<[f64; 6]>);

impl Times {
    fn columns(&self) -> [Vec<f64>; 6] {
        std::array::from_fn(|column| self.0.iter().map(|round| round[column]).collect())
    }
}

/// The plugin in a host of its own.
struct Loaded {
    provider: Arc<dyn Provider>,
    _host: Host,
    webhook: Webhook,
    settings: Settings,
}

impl Loaded {
    async fn load(place: &Place, directory: &Path, grants: &[&str]) -> anyhow::Result<Self> {
        let config = HostConfig {
            cache_dir: directory.join("cache"),
            network: NetworkPolicy::default(),
            ehlo_name: None,
            extra_roots_pem: vec![],
            limits: Ceilings::default(),
            quarantine: Quarantine::default(),
        };
        let host = Host::new(config, Arc::new(MemoryCache::default()))?;
        let source = Source {
            name: "github.wasm".to_owned(),
            file: PluginFile::read(place.component("plugins", "github.wasm")?),
            enabled: None,
            grants: grants.iter().map(|grant| (*grant).to_owned()).collect(),
        };
        for plugin in host.load(vec![source]).await {
            ensure!(
                plugin.state == PluginState::Active,
                "{}: {:?}",
                plugin.name,
                plugin.state
            );
        }
        let payload = Payload::new(0);
        Ok(Self {
            provider: host.provider("github").context("no provider `github`")?,
            _host: host,
            webhook: Webhook {
                method: "POST".to_owned(),
                path: String::new(),
                query: String::new(),
                headers: payload.headers(),
                body: payload.body.into(),
                received_ms: None,
            },
            settings: Settings {
                secrets: vec![("webhook_secret".to_owned(), SecretValue::new(SECRET))],
                ..Settings::default()
            },
        })
    }

    /// The call that does the least: reads empty settings and says what they lack.
    async fn probe_us(&self) -> anyhow::Result<f64> {
        let settings = Settings::default();
        let started = Instant::now();
        for _ in 0..TRIVIAL_CALLS {
            let answer = self.provider.probe(&settings).await?;
            ensure!(
                matches!(answer, Err(Failure::Misconfigured(_))),
                "an odd answer: {answer:?}"
            );
        }
        Ok(each_us(started, TRIVIAL_CALLS))
    }

    async fn receive_us(&self) -> anyhow::Result<f64> {
        let started = Instant::now();
        for _ in 0..CALLS {
            let answer = self
                .provider
                .receive(self.webhook.clone(), &self.settings)
                .await?;
            let answer = answer.map_err(|rejection| anyhow::anyhow!("{rejection:?}"))?;
            let Reception::Delivery(delivery) = answer else {
                bail!("a push is no challenge");
            };
            ensure!(
                delivery.events[0].commits.len() == 5,
                "the push was not understood"
            );
        }
        Ok(each_us(started, CALLS))
    }
}

/// The same code without WebAssembly. The SDK's stand-in for the engine checks the signature,
/// slowly; that part is taken out.
mod native {
    use super::*;

    pub(super) fn receive_us() -> anyhow::Result<f64> {
        let payload = Payload::new(0);
        let headers = payload.headers().into_iter();
        let webhook = sdk::Webhook {
            method: "POST".to_owned(),
            headers: headers
                .map(|(name, value)| sdk::Header { name, value })
                .collect(),
            body: payload.body,
            ..sdk::Webhook::default()
        };
        let host = testing::Host::new().secret(PLACEHOLDER, SECRET);
        host.run(|| {
            let started = Instant::now();
            for _ in 0..CALLS {
                let config = serde_json::from_str(r#"{"webhook_secret":"placeholder"}"#)?;
                let delivery = Github::receive(webhook.clone(), config)
                    .map_err(|rejection| anyhow::anyhow!("{rejection:?}"))?;
                ensure!(
                    delivery.events[0].commits.len() == 5,
                    "the push was not understood"
                );
                black_box(delivery);
            }
            let whole = each_us(started, CALLS);
            let secret = Secret::new(PLACEHOLDER);
            let started = Instant::now();
            for _ in 0..CALLS {
                let mac = crypto::hmac_sha256(&secret, &webhook.body);
                black_box(crypto::equal(&mac, &mac));
            }
            Ok(whole - each_us(started, CALLS))
        })
    }

    /// What the check of the signature takes where nothing else is done, as the engine does it.
    pub(super) fn hmac_us() -> f64 {
        let body = Payload::new(0).body;
        let started = Instant::now();
        for _ in 0..CALLS {
            if let Ok(mac) = Hmac::<Sha256>::new_from_slice(black_box(SECRET.as_bytes())) {
                black_box(mac.chain_update(&body).finalize());
            }
        }
        each_us(started, CALLS)
    }
}

fn each_us(started: Instant, calls: u32) -> f64 {
    started.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}
