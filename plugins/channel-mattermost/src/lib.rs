//! Mattermost incoming webhooks: <https://developers.mattermost.com/integrate/webhooks/incoming/>.

mod answer;
mod body;
#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, http};

#[derive(serde::Deserialize)]
pub struct Config {
    /// Whoever knows it may post.
    url: Secret,
    #[serde(flatten)]
    look: body::Look,
}

pub struct Mattermost;

channel!(Mattermost);

impl Channel for Mattermost {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message, &config.look)?;
        let response = http::post(&config.url)
            .body("application/json", body.json)
            .send()?;
        answer::verdict(response)?;
        Ok(Receipt {
            note: body.note,
            ..Receipt::default()
        })
    }
}
