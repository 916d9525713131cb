//! DingTalk group robots: <https://open.dingtalk.com/document/robots/custom-robot-access>.

mod answer;
mod body;
mod call;
mod markdown;
mod sign;
#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, clock, http};

const PUBLIC_API: &str = "https://oapi.dingtalk.com";

#[derive(serde::Deserialize)]
pub struct Config {
    access_token: Secret,
    #[serde(default)]
    secret: Option<Secret>,
    /// Where a dedicated deployment answers instead of [`PUBLIC_API`].
    #[serde(default)]
    api_url: Option<String>,
    #[serde(flatten)]
    at: At,
}

/// Whom the message alerts.
#[derive(Default, Clone, serde::Deserialize)]
pub(crate) struct At {
    #[serde(default, rename = "at_mobiles")]
    pub(crate) mobiles: Vec<String>,
    #[serde(default, rename = "at_user_ids")]
    pub(crate) user_ids: Vec<String>,
    #[serde(default, rename = "at_all")]
    pub(crate) all: bool,
}

pub struct Dingtalk;

channel!(Dingtalk);

impl Channel for Dingtalk {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message, &config.at)?;
        let api = config
            .api_url
            .as_deref()
            .filter(|url| !url.is_empty())
            .unwrap_or(PUBLIC_API);
        let url = format!("{}/robot/send", api.trim_end_matches('/'));
        let mut request = http::post(&url).query("access_token", &config.access_token);
        if let Some(secret) = config.secret.filter(|secret| !secret.is_empty()) {
            // Signed here and not earlier: a signature is good for an hour, and an attempt may come
            // later than that.
            let timestamp = clock::now_ms();
            request = request
                .query("timestamp", timestamp)
                .query("sign", sign::sign(&secret, timestamp));
        }
        let response = request
            .body("application/json; charset=utf-8", body.json)
            .send()?
            .check()?;
        answer::verdict(&response.body)?;
        Ok(Receipt {
            id: None,
            note: body.note,
            ..Receipt::default()
        })
    }
}
