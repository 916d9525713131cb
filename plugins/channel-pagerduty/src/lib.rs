//! PagerDuty services, through the Events API v2:
//! <https://developer.pagerduty.com/docs/events-api-v2-overview>.

mod answer;
mod body;
mod event;
#[cfg(test)]
mod tests;

use event::Event;
use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, http};

#[derive(serde::Deserialize)]
pub struct Config {
    routing_key: Secret,
    #[serde(default)]
    region: Region,
    #[serde(default)]
    page_for: event::PageFor,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Region {
    #[default]
    Us,
    Eu,
}

pub struct Pagerduty;

channel!(Pagerduty);

impl Channel for Pagerduty {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let event = event::of(&message, config.page_for);
        let body = body::build(&message, event, &config.routing_key)?;
        let host = match config.region {
            Region::Us => "events.pagerduty.com",
            Region::Eu => "events.eu.pagerduty.com",
        };
        let path = match event {
            Event::Change => "v2/change/enqueue",
            Event::Trigger | Event::Resolve => "v2/enqueue",
        };
        // The key's place is the body.
        let response = http::post(format!("https://{host}/{path}"))
            .body("application/json", body.json)
            .secrets_in_body()
            .send()?;
        Ok(Receipt {
            id: answer::dedup_key(response)?,
            note: body.note,
            ..Receipt::default()
        })
    }
}
