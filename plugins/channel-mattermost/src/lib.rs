//! Mattermost: posts of a bot (<https://developers.mattermost.com/api-documentation/>), or an
//! incoming webhook (<https://developers.mattermost.com/integrate/webhooks/incoming/>).

mod answer;
mod body;
mod bot;
#[cfg(test)]
mod tests;

use bot::{Bot, Call};
use push_notify_sdk::{
    Channel, Failure, Followed, Message, Receipt, Replies, Secret, Updates, channel, http,
};

#[derive(serde::Deserialize)]
pub struct Config {
    /// Of an incoming webhook. Whoever knows it may post.
    #[serde(default)]
    url: Option<Secret>,
    #[serde(default)]
    server_url: Option<String>,
    /// Of a bot.
    #[serde(default)]
    token: Option<Secret>,
    #[serde(default)]
    channel_id: Option<String>,
    #[serde(flatten)]
    look: body::Look,
}

pub struct Mattermost;

channel!(Mattermost: update, reply);

/// How messages get there.
enum Road {
    Bot(Bot),
    Hook { url: Secret, look: body::Look },
}

impl Channel for Mattermost {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message);
        match road(config)? {
            Road::Bot(bot) => match bot.call(&Call::Post { root: None }, &body)? {
                Followed::Sent(receipt) => Ok(receipt),
                Followed::Gone(reason) => Err(Failure::misconfigured(reason)),
            },
            Road::Hook { url, look } => {
                let response = http::post(&url)
                    .body("application/json", body.for_webhook(&look)?)
                    .send()?;
                answer::of_webhook(response)?;
                Ok(Receipt {
                    note: body.note,
                    ..Receipt::default()
                })
            }
        }
    }

    fn probe(config: Config) -> Result<(), Failure> {
        match road(config)? {
            Road::Bot(bot) => bot.probe(),
            Road::Hook { .. } => Ok(()),
        }
    }
}

impl Updates for Mattermost {
    fn update(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        follow(config, &handle, &message, |id| Call::Change { id })
    }
}

impl Replies for Mattermost {
    fn reply(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        follow(config, &handle, &message, |id| Call::Post {
            root: Some(id),
        })
    }
}

/// A handle is the id of a post.
fn follow<'a>(
    config: Config,
    handle: &'a str,
    message: &Message,
    call: fn(&'a str) -> Call<'a>,
) -> Result<Followed, Failure> {
    let Road::Bot(bot) = road(config)? else {
        let reason = "an incoming webhook cannot find a message again";
        return Ok(Followed::Gone(reason.to_owned()));
    };
    if !bot::is_id(handle) {
        return Ok(Followed::Gone("the handle names no message".to_owned()));
    }
    bot.call(&call(handle), &body::build(message))
}

fn road(config: Config) -> Result<Road, Failure> {
    let text = |text: Option<String>| text.unwrap_or_default().trim().to_owned();
    let server = text(config.server_url).trim_end_matches('/').to_owned();
    let channel_id = text(config.channel_id);
    let token = config.token.filter(|token| !token.is_empty());
    let url = config.url.filter(|url| !url.is_empty());
    match (token, url) {
        (Some(_), _) if server.is_empty() || channel_id.is_empty() => Err(Failure::misconfigured(
            "the token of a bot needs the server's address and the id of a channel",
        )),
        (Some(_), _) if !bot::is_id(&channel_id) => Err(Failure::misconfigured(
            "the id of a channel has 26 letters and digits: its name is something else",
        )),
        (Some(token), _) => Ok(Road::Bot(Bot {
            server,
            token,
            channel_id,
        })),
        (None, Some(url)) => Ok(Road::Hook {
            url,
            look: config.look,
        }),
        (None, None) => Err(Failure::misconfigured(
            "there is neither an incoming webhook nor the token of a bot with its server and a channel",
        )),
    }
}
