//! Telegram bots: <https://core.telegram.org/bots/api>.

mod answer;
mod body;
mod call;
#[cfg(test)]
mod tests;

use call::{Call, Outcome};
use push_notify_sdk::{
    Channel, Failure, Followed, Message, Receipt, Replies, Secret, Updates, channel,
};

#[derive(serde::Deserialize)]
pub struct Config {
    token: Secret,
    chat_id: String,
    #[serde(default)]
    thread_id: Option<i64>,
    #[serde(default)]
    silent: bool,
    /// A server or proxy of the administrator's in place of Telegram's own.
    #[serde(default)]
    api_url: Option<String>,
}

pub struct Telegram;

channel!(Telegram: update, reply);

impl Channel for Telegram {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let call = Call::Send { reply_to: None };
        match call::deliver(&config, config.chat_id.trim(), &call, &message)? {
            Outcome::Done(receipt) => Ok(receipt),
            Outcome::Gone(reason) => Err(Failure::rejected(reason)),
        }
    }

    fn probe(config: Config) -> Result<(), Failure> {
        call::probe(&config)
    }
}

impl Updates for Telegram {
    fn update(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        follow(&config, &handle, &message, |id| Call::Edit { id })
    }
}

impl Replies for Telegram {
    fn reply(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        let call = |id| Call::Send { reply_to: Some(id) };
        follow(&config, &handle, &message, call)
    }
}

fn follow(
    config: &Config,
    handle: &str,
    message: &Message,
    call: fn(i64) -> Call,
) -> Result<Followed, Failure> {
    let named = handle.rsplit_once(':');
    let named = named.and_then(|(chat, id)| Some((chat, id.parse().ok()?)));
    let Some((chat, id)) = named else {
        return Ok(Followed::Gone("the handle names no message".to_owned()));
    };
    Ok(match call::deliver(config, chat, &call(id), message)? {
        Outcome::Done(receipt) => Followed::Sent(receipt),
        Outcome::Gone(reason) => Followed::Gone(reason),
    })
}
