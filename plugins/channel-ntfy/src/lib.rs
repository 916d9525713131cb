//! ntfy topics: <https://docs.ntfy.sh/publish/#publish-as-json>.

mod answer;
mod body;
#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, http};

const PUBLIC_SERVER: &str = "https://ntfy.sh";

#[derive(serde::Deserialize)]
pub struct Config {
    #[serde(default)]
    server: String,
    #[serde(default)]
    token: Option<Secret>,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: Option<Secret>,
    #[serde(flatten)]
    look: body::Look,
}

pub struct Ntfy;

channel!(Ntfy);

impl Channel for Ntfy {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message, &config.look)?;
        let server = match config.server.as_str() {
            "" => PUBLIC_SERVER,
            server => server,
        };
        let mut request = http::post(format!("{}/", server.trim_end_matches('/')));
        if let Some(token) = config.token.filter(|token| !token.is_empty()) {
            request = request.header("authorization", format!("Bearer {token}"));
        } else if !config.username.is_empty() {
            request = request.basic(&config.username, config.password.unwrap_or_default());
        }
        // The topic is a secret, and has no other place where the rest is JSON.
        let response = request
            .body("application/json", body.json)
            .secrets_in_body()
            .send()?;
        Ok(Receipt {
            id: Some(answer::id(response)?),
            note: body.note,
            ..Receipt::default()
        })
    }
}
