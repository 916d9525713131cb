//! Delivers messages to {id}.

#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, http};

/// As declared in plugin.toml.
#[derive(serde::Deserialize)]
struct Config {
    url: String,
    token: Option<Secret>,
}

struct PluginType;

impl Channel for PluginType {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let mut request = http::post(&config.url);
        if let Some(token) = &config.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = serde_json::json!({"title": message.title, "text": message.body});
        request.json(&body).send()?.check()?;
        Ok(Receipt::default())
    }
}

channel!(PluginType);
