//! Slack: <https://docs.slack.dev/reference/methods/chat.postMessage>, or an incoming webhook.

mod answer;
mod body;
#[cfg(test)]
mod tests;

use answer::Outcome;
use body::Body;
use push_notify_sdk::{
    Channel, Failure, Followed, Message, Receipt, Replies, Secret, Updates, channel, http,
};
use serde::Serialize;

const PUBLIC_API: &str = "https://slack.com/api";

#[derive(serde::Deserialize)]
pub struct Config {
    #[serde(default)]
    token: Option<Secret>,
    #[serde(default)]
    channel: Option<String>,
    #[serde(default)]
    webhook_url: Option<Secret>,
    /// GovSlack's API, or a proxy of the administrator's, in place of Slack's own.
    #[serde(default)]
    api_url: Option<String>,
}

pub struct Slack;

channel!(Slack: update, reply);

/// How messages get there.
enum Road {
    Bot(Bot),
    Hook { url: Secret },
}

struct Bot {
    api: String,
    token: Secret,
    channel: String,
}

impl Channel for Slack {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message);
        match road(config)? {
            Road::Bot(bot) => {
                let request = Request {
                    channel: &bot.channel,
                    ts: None,
                    thread_ts: None,
                    body: &body,
                };
                match bot.call("chat.postMessage", &request)? {
                    Outcome::Done(sent) => Ok(receipt(sent, body)),
                    Outcome::Gone(reason) => Err(Failure::rejected(reason)),
                }
            }
            Road::Hook { url } => {
                let response = http::post(&url).json(&body).send()?;
                answer::of_hook(response)?;
                Ok(Receipt {
                    note: body.note,
                    ..Receipt::default()
                })
            }
        }
    }

    fn probe(config: Config) -> Result<(), Failure> {
        if let Road::Bot(bot) = road(config)? {
            bot.call("auth.test", &serde_json::Map::new())?;
        }
        Ok(())
    }
}

impl Updates for Slack {
    fn update(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        follow(config, &handle, message, "chat.update")
    }
}

impl Replies for Slack {
    fn reply(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        follow(config, &handle, message, "chat.postMessage")
    }
}

#[derive(Serialize)]
struct Request<'a> {
    channel: &'a str,
    /// The message that is changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<&'a str>,
    /// The message that is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_ts: Option<&'a str>,
    #[serde(flatten)]
    body: &'a Body,
}

fn follow(
    config: Config,
    handle: &str,
    message: Message,
    method: &str,
) -> Result<Followed, Failure> {
    let Road::Bot(bot) = road(config)? else {
        let reason = "an incoming webhook cannot find a message again";
        return Ok(Followed::Gone(reason.to_owned()));
    };
    let Some((channel, ts)) = handle.split_once(':') else {
        return Ok(Followed::Gone("the handle names no message".to_owned()));
    };
    let body = body::build(&message);
    let changes = method == "chat.update";
    let request = Request {
        channel,
        ts: changes.then_some(ts),
        thread_ts: (!changes).then_some(ts),
        body: &body,
    };
    Ok(match bot.call(method, &request)? {
        Outcome::Done(sent) => Followed::Sent(receipt(sent, body)),
        Outcome::Gone(reason) => Followed::Gone(reason),
    })
}

fn road(config: Config) -> Result<Road, Failure> {
    let token = config.token.filter(|token| !token.is_empty());
    let channel = config.channel.unwrap_or_default().trim().to_owned();
    let own = config.api_url.as_deref().filter(|url| !url.is_empty());
    let api = own.unwrap_or(PUBLIC_API).trim_end_matches('/').to_owned();
    let url = config.webhook_url.filter(|url| !url.is_empty());
    match (token, url) {
        (Some(token), _) if !channel.is_empty() => Ok(Road::Bot(Bot {
            api,
            token,
            channel,
        })),
        (Some(_), _) => Err(Failure::misconfigured("a bot token needs a channel")),
        (None, Some(url)) => Ok(Road::Hook { url }),
        (None, None) => Err(Failure::misconfigured(
            "there is neither a bot token with a channel nor an incoming webhook",
        )),
    }
}

impl Bot {
    fn call(&self, method: &str, request: &impl Serialize) -> Result<Outcome, Failure> {
        let response = http::post(format!("{}/{method}", self.api))
            .header("authorization", format!("Bearer {}", self.token))
            .body(
                "application/json; charset=utf-8",
                serde_json::to_vec(request)?,
            )
            .send()?
            .check()?;
        answer::of_api(&response.body)
    }
}

fn receipt(sent: answer::Sent, body: Body) -> Receipt {
    Receipt {
        handle: sent.handle(),
        id: sent.ts,
        note: body.note,
    }
}
