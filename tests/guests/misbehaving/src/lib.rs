//! Does what `config.mode` says. What it sees of the world comes back in the receipt's note, so
//! that a test can look at it.

mod faults;
mod traffic;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel};

#[derive(serde::Deserialize)]
struct Config {
    mode: String,
    #[serde(default)]
    url: String,
    token: Option<Secret>,
    #[serde(default)]
    smtp_host: String,
    #[serde(default)]
    smtp_port: u16,
    #[serde(default)]
    tls: String,
    username: Option<String>,
    #[serde(default)]
    to: Vec<String>,
}

impl Config {
    /// The placeholder, as the guest may print it.
    fn token(&self) -> String {
        self.token
            .as_ref()
            .map(Secret::to_string)
            .unwrap_or_default()
    }
}

struct Misbehaving;

impl Channel for Misbehaving {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let note = match config.mode.as_str() {
            "ok" => message.title,
            "count" => faults::count().to_string(),
            "loop" => faults::spin(),
            "hog" => faults::hog(),
            "panic" => panic!("as configured"),
            "panic_at_digests" if message.scene == "digest" => panic!("as configured"),
            "panic_at_digests" => message.title,
            // Traps by what it is to send.
            "picky" if message.title.contains("poison") => panic!("it is poison"),
            "picky" => message.title,
            "flood" => faults::flood(),
            "oversized" => faults::oversized(),
            "amplified" => return Err(faults::amplified()),
            "cache" => faults::cache(),
            "cache_much" => faults::cache_much(),
            "digest" => faults::digest(),
            "get" => traffic::get(&config)?,
            "get_filled" => traffic::get_filled(&config)?,
            "get_with_headers" => traffic::get_with_headers(&config)?,
            "get_forever" => traffic::get_forever(&config),
            "get_many" => traffic::get_many(&config),
            "secret_everywhere" => traffic::secret_everywhere(&config)?,
            "secret_in_body" => traffic::secret_in_body(&config)?,
            "secret_host" => traffic::secret_host(&config)?,
            "tell_secret" => config.token(),
            "crypto" => traffic::crypto(&config),
            "mail" => traffic::mail(&config, &message)?,
            "mail_elsewhere" => {
                let smtp_port = config.smtp_port ^ 1;
                traffic::mail(
                    &Config {
                        smtp_port,
                        ..config
                    },
                    &message,
                )?
            }
            "mail_much" => traffic::mail_much(&config, &message),
            other => return Err(Failure::misconfigured(format!("no mode `{other}`"))),
        };
        Ok(Receipt {
            id: None,
            note: Some(note),
            ..Receipt::default()
        })
    }
}

channel!(Misbehaving);
