//! ntfy topics: <https://docs.ntfy.sh/publish/#publish-as-json>. A message with the sequence id of
//! an earlier one takes its place.

mod answer;
mod body;
#[cfg(test)]
mod tests;

use answer::Published;
use push_notify_sdk::{
    Channel, Failure, Followed, Message, Receipt, Secret, Updates, channel, http,
};

const PUBLIC_SERVER: &str = "https://ntfy.sh";
const LONGEST_ID: usize = 64;
const BESIDE: &str = "the server, which is older than 2.16, shows it beside the earlier message";

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

channel!(Ntfy: update);

impl Channel for Ntfy {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let (published, note) = publish(config, &message, None)?;
        Ok(Receipt {
            handle: Some(published.id.clone()),
            id: Some(published.id),
            note,
        })
    }
}

impl Updates for Ntfy {
    /// A server that does not know of changes shows the message beside the earlier one.
    fn update(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        if !is_id(&handle) {
            return Ok(Followed::Gone("the handle names no message".to_owned()));
        }
        let (published, note) = publish(config, &message, Some(&handle))?;
        let is_changed = published.sequence_id.as_deref() == Some(handle.as_str());
        let beside = (!is_changed).then(|| BESIDE.to_owned());
        let notes: Vec<String> = beside.into_iter().chain(note).collect();
        Ok(Followed::Sent(Receipt {
            id: Some(published.id),
            handle: Some(handle),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
        }))
    }
}

fn publish(
    config: Config,
    message: &Message,
    sequence_id: Option<&str>,
) -> Result<(Published, Option<String>), Failure> {
    let body = body::build(message, &config.look, sequence_id)?;
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
    Ok((answer::read(response)?, body.note))
}

fn is_id(handle: &str) -> bool {
    (1..=LONGEST_ID).contains(&handle.len())
        && handle.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
