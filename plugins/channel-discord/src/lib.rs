//! Discord webhooks: <https://docs.discord.com/developers/resources/webhook>.

mod answer;
mod body;
#[cfg(test)]
mod tests;

use answer::Outcome;
use push_notify_sdk::{
    Channel, Failure, Followed, Message, Receipt, Secret, Updates, channel, http,
};

#[derive(serde::Deserialize)]
pub struct Config {
    webhook_url: Secret,
    #[serde(default)]
    thread_id: Option<String>,
}

pub struct Discord;

channel!(Discord: update);

impl Channel for Discord {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let thread = config.thread_id.as_deref().unwrap_or_default().trim();
        let body = body::build(&message);
        // Without it Discord does not say whether the message is there.
        let request = http::post(&config.webhook_url).query("wait", "true");
        match call(request, thread, &body)? {
            Outcome::Done(id) => Ok(receipt(thread, id, body)),
            Outcome::Gone(reason) => Err(Failure::misconfigured(reason)),
        }
    }

    /// Webhooks say what they are to whoever knows their address.
    fn probe(config: Config) -> Result<(), Failure> {
        match answer::read(http::get(&config.webhook_url).send()?)? {
            Outcome::Done(_) => Ok(()),
            Outcome::Gone(reason) => Err(Failure::misconfigured(reason)),
        }
    }
}

impl Updates for Discord {
    fn update(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        let is_number = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        let Some((thread, id)) = handle.split_once(':').filter(|(_, id)| is_number(id)) else {
            return Ok(Followed::Gone("the handle names no message".to_owned()));
        };
        let body = body::build(&message);
        let request = http::patch(format!("{}/messages/{id}", config.webhook_url));
        Ok(match call(request, thread, &body)? {
            Outcome::Done(sent) => {
                let sent = sent.or_else(|| Some(id.to_owned()));
                Followed::Sent(receipt(thread, sent, body))
            }
            Outcome::Gone(reason) => Followed::Gone(reason),
        })
    }
}

fn call(request: http::Request, thread: &str, body: &body::Body) -> Result<Outcome, Failure> {
    let request = match thread {
        "" => request,
        thread => request.query("thread_id", thread),
    };
    answer::read(request.json(body).send()?)
}

/// A handle is the thread, if any, and the message.
fn receipt(thread: &str, id: Option<String>, body: body::Body) -> Receipt {
    Receipt {
        handle: id.as_ref().map(|id| format!("{thread}:{id}")),
        id,
        note: body.note,
    }
}
