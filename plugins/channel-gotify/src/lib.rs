//! Gotify applications: <https://gotify.net/docs/pushmsg>.

mod body;
#[cfg(test)]
mod tests;

use push_notify_sdk::{
    Channel, Failure, Message, Receipt, Secret, channel, http,
    json::part::{self, Part},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Config {
    server: String,
    token: Secret,
    #[serde(default)]
    priority: Option<u8>,
}

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    id: Part<'a>,
}

pub struct Gotify;

channel!(Gotify);

impl Channel for Gotify {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message, config.priority)?;
        let url = format!("{}/message", config.server.trim_end_matches('/'));
        let response = http::post(url)
            .header("x-gotify-key", &config.token)
            .body("application/json", body.json)
            .send()?
            .check()?;
        let id = part::read::<Answer<'_>>(&response.body).and_then(|answer| part::whole(answer.id));
        let Some(id) = id else {
            return Err(Failure::retry("Gotify's answer has no id of a message"));
        };
        Ok(Receipt {
            id: Some(id.to_string()),
            note: body.note,
            ..Receipt::default()
        })
    }
}
