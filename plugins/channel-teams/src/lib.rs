//! Microsoft Teams through a workflow that posts to a channel "when a webhook request is received".

mod card;
mod markdown;
#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, http};

/// 202 says that the workflow has started, and no more.
const ACCEPTED: &str = "accepted; whether it is shown is in the workflow's run history";

#[derive(serde::Deserialize)]
pub struct Config {
    /// With a signature in it: whoever knows it may post.
    url: Secret,
}

pub struct Teams;

channel!(Teams);

impl Channel for Teams {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let card = card::build(&message)?;
        let response = http::post(&config.url)
            .body("application/json", card.json)
            .send()?;
        if response.status == 429 && response.retry_after_ms().is_none() {
            return Err(Failure::throttled("the workflow takes no more for now"));
        }
        response.check()?;
        let note = match card.note {
            Some(note) => format!("{ACCEPTED}; {note}"),
            None => ACCEPTED.to_owned(),
        };
        Ok(Receipt {
            note: Some(note),
            ..Receipt::default()
        })
    }
}
