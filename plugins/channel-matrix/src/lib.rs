//! Matrix rooms: <https://spec.matrix.org/latest/client-server-api/>.

mod answer;
mod content;
mod html;
#[cfg(test)]
mod tests;

use content::Relation;
use push_notify_sdk::{
    Channel, Failure, Followed, Message, Receipt, Replies, Secret, Updates, channel, crypto, http,
};

#[derive(serde::Deserialize)]
pub struct Config {
    homeserver: String,
    access_token: Secret,
    room_id: String,
    #[serde(default)]
    notice: bool,
}

pub struct Matrix;

channel!(Matrix: update, reply);

impl Channel for Matrix {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let (event, note) = put(&config, &message, Relation::None)?;
        Ok(receipt(event.clone(), event, note))
    }

    fn probe(config: Config) -> Result<(), Failure> {
        let url = format!("{}/account/whoami", api(&config));
        let request = http::get(url).header("authorization", bearer(&config));
        answer::checked(request.send()?)?;
        Ok(())
    }
}

impl Updates for Matrix {
    fn update(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        if !is_event(&handle) {
            return Ok(Followed::Gone("the handle is no event's id".to_owned()));
        }
        if let Some(gone) = gone(&config, &handle)? {
            return Ok(Followed::Gone(gone));
        }
        let (event, note) = put(&config, &message, Relation::Replaces(&handle))?;
        // The next change names the first event again, not this change of it.
        Ok(Followed::Sent(receipt(event, handle, note)))
    }
}

impl Replies for Matrix {
    fn reply(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        if !is_event(&handle) {
            return Ok(Followed::Gone("the handle is no event's id".to_owned()));
        }
        if let Some(gone) = gone(&config, &handle)? {
            return Ok(Followed::Gone(gone));
        }
        let (event, note) = put(&config, &message, Relation::InThreadOf(&handle))?;
        Ok(Followed::Sent(receipt(event.clone(), event, note)))
    }
}

/// Why an event cannot be followed: a homeserver takes what relates to one that was removed, and
/// nobody sees it.
fn gone(config: &Config, handle: &str) -> Result<Option<String>, Failure> {
    let room = crypto::percent_encode(&config.room_id);
    let event = crypto::percent_encode(handle);
    let url = format!("{}/rooms/{room}/event/{event}", api(config));
    let response = http::get(url)
        .header("authorization", bearer(config))
        .send()?;
    answer::gone(response)
}

/// The id of the new event, and a note. The same message has the same transaction in each attempt,
/// so that it becomes one event.
fn put(
    config: &Config,
    message: &Message,
    relation: Relation<'_>,
) -> Result<(String, Option<String>), Failure> {
    let content = content::build(message, config.notice, relation)?;
    let room = crypto::percent_encode(&config.room_id);
    let transaction = crypto::percent_encode(&message.id);
    let url = format!(
        "{}/rooms/{room}/send/m.room.message/{transaction}",
        api(config)
    );
    let response = http::put(url)
        .header("authorization", bearer(config))
        .body("application/json", content.json)
        .send()?;
    Ok((answer::event_id(response)?, content.note))
}

fn api(config: &Config) -> String {
    let server = config.homeserver.trim_end_matches('/');
    format!("{server}/_matrix/client/v3")
}

fn bearer(config: &Config) -> String {
    format!("Bearer {}", config.access_token)
}

fn is_event(handle: &str) -> bool {
    handle.starts_with('$') && handle.len() <= answer::LONGEST_ID
}

fn receipt(event: String, handle: String, note: Option<String>) -> Receipt {
    Receipt {
        id: Some(event),
        handle: Some(handle),
        note,
    }
}
