//! Posts each message as JSON to a URL of the administrator's choice.
use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, http};

#[derive(serde::Deserialize)]
struct Config {
    url: String,
    token: Option<Secret>,
}

struct Webhook;

impl Channel for Webhook {
    type Config = Config;

    fn send(config: Config, m: Message) -> Result<Receipt, Failure> {
        let mut request = http::post(config.url).header("idempotency-key", &m.id);
        if let Some(token) = config.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = serde_json::json!({"id": m.id, "title": m.title, "text": m.body, "url": m.url,
            "scene": m.scene, "repository": m.repository, "created_at_ms": m.created_at_ms});
        request.json(&body).send()?.check()?;
        Ok(Receipt::default())
    }
}

channel!(Webhook);
