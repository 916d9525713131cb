//! Bark on an iPhone: <https://github.com/Finb/bark-server/blob/master/docs/API_V2.md>.

mod answer;
mod body;
#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, channel, http};

const PUBLIC_SERVER: &str = "https://api.day.app";

#[derive(serde::Deserialize)]
pub struct Config {
    #[serde(default)]
    server: String,
    #[serde(flatten)]
    look: body::Look,
}

pub struct Bark;

channel!(Bark);

impl Channel for Bark {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message, &config.look)?;
        let server = match config.server.as_str() {
            "" => PUBLIC_SERVER,
            server => server,
        };
        // The key's place is the body.
        let response = http::post(format!("{}/push", server.trim_end_matches('/')))
            .body("application/json; charset=utf-8", body.json)
            .secrets_in_body()
            .send()?;
        answer::verdict(response)?;
        Ok(Receipt {
            note: body.note,
            ..Receipt::default()
        })
    }
}
