//! Group bots of WeCom: <https://developer.work.weixin.qq.com/document/path/99110>.

mod answer;
mod body;
#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, http};

const PUBLIC_API: &str = "https://qyapi.weixin.qq.com";

#[derive(serde::Deserialize)]
pub struct Config {
    key: Secret,
    #[serde(default)]
    format: Format,
    /// Where a private deployment answers instead of [`PUBLIC_API`].
    #[serde(default)]
    api_url: Option<String>,
    #[serde(flatten)]
    at: At,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    #[default]
    Markdown,
    MarkdownV2,
}

/// Whom every message alerts.
#[derive(Default, serde::Deserialize)]
pub(crate) struct At {
    #[serde(default, rename = "at_user_ids")]
    pub(crate) user_ids: Vec<String>,
    #[serde(default, rename = "at_all")]
    pub(crate) all: bool,
}

pub struct Wecom;

channel!(Wecom);

impl Channel for Wecom {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message, config.format, &config.at)?;
        let api = config.api_url.as_deref().filter(|url| !url.is_empty());
        let api = api.unwrap_or(PUBLIC_API).trim_end_matches('/');
        let response = http::post(format!("{api}/cgi-bin/webhook/send"))
            .query("key", &config.key)
            .json(&body.request)
            .send()?
            .check()?;
        answer::verdict(&response.body)?;
        Ok(Receipt {
            note: body.note,
            ..Receipt::default()
        })
    }
}
