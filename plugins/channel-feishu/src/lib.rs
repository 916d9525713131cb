//! Group bots of Feishu and Lark:
//! <https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>.

mod answer;
mod body;
mod sign;
#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, clock, http};

const FEISHU: &str = "https://open.feishu.cn";
const LARK: &str = "https://open.larksuite.com";

#[derive(serde::Deserialize)]
pub struct Config {
    token: Secret,
    #[serde(default)]
    secret: Option<Secret>,
    #[serde(default)]
    host: Option<String>,
    /// Where a private deployment answers.
    #[serde(default)]
    api_url: Option<String>,
    #[serde(flatten)]
    at: At,
}

/// Whom every message alerts.
#[derive(Default, serde::Deserialize)]
pub(crate) struct At {
    #[serde(default, rename = "at_user_ids")]
    pub(crate) user_ids: Vec<String>,
    #[serde(default, rename = "at_all")]
    pub(crate) all: bool,
}

pub struct Feishu;

channel!(Feishu);

impl Channel for Feishu {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        // Signed here and not earlier: a signature is good for an hour, and an attempt may come
        // later than that.
        let secret = config.secret.as_ref().filter(|secret| !secret.is_empty());
        let proof = secret.map(|secret| sign::proof(secret, clock::now_ms() / 1000));
        let body = body::build(&message, &config.at, proof)?;
        let url = format!("{}/open-apis/bot/v2/hook/{}", api(&config), config.token);
        let response = http::post(url)
            .body("application/json; charset=utf-8", body.json)
            .send()?;
        answer::verdict(response)?;
        Ok(Receipt {
            note: body.note,
            ..Receipt::default()
        })
    }
}

fn api(config: &Config) -> &str {
    let own = config.api_url.as_deref().filter(|url| !url.is_empty());
    match (own, config.host.as_deref()) {
        (Some(url), _) => url.trim_end_matches('/'),
        (None, Some("lark")) => LARK,
        (None, _) => FEISHU,
    }
}
