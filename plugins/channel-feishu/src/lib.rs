//! Feishu and Lark: an app that is a bot
//! (<https://open.feishu.cn/document/server-docs/im-v1/message/create>), or a group's own bot
//! (<https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>).

mod answer;
mod app;
mod body;
mod sign;
#[cfg(test)]
mod tests;

use app::{App, Call};
use push_notify_sdk::{
    Channel, Failure, Followed, Message, Receipt, Replies, Secret, Updates, channel, clock, http,
};

const FEISHU: &str = "https://open.feishu.cn";
const LARK: &str = "https://open.larksuite.com";

#[derive(serde::Deserialize)]
pub struct Config {
    /// Of a group's own bot.
    #[serde(default)]
    token: Option<Secret>,
    #[serde(default)]
    secret: Option<Secret>,
    /// Of an app, with the group that it speaks in.
    #[serde(default)]
    app_id: Option<String>,
    #[serde(default)]
    app_secret: Option<Secret>,
    #[serde(default)]
    chat_id: Option<String>,
    #[serde(default)]
    host: Option<String>,
    /// Where a private deployment answers.
    #[serde(default)]
    api_url: Option<String>,
    #[serde(flatten)]
    at: At,
}

/// Whom every message alerts.
#[derive(Default, serde::Deserialize)]
pub(crate) struct At {
    #[serde(default, rename = "at_user_ids")]
    pub(crate) user_ids: Vec<String>,
    #[serde(default, rename = "at_all")]
    pub(crate) all: bool,
}

pub struct Feishu;

channel!(Feishu: update, reply);

/// How messages get there.
enum Road {
    App(App),
    Bot {
        api: String,
        token: Secret,
        secret: Option<Secret>,
    },
}

impl Channel for Feishu {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let (road, at) = road(config)?;
        match road {
            Road::App(app) => match app.call(&Call::Send, &message, &at)? {
                Followed::Sent(receipt) => Ok(receipt),
                Followed::Gone(reason) => Err(Failure::rejected(reason)),
            },
            Road::Bot { api, token, secret } => {
                // Signed here and not earlier: a signature is good for an hour, and an attempt may
                // come later than that.
                let proof = secret.map(|secret| sign::proof(&secret, clock::now_ms() / 1000));
                let body = body::for_bot(&message, &at, proof)?;
                let response = http::post(format!("{api}/open-apis/bot/v2/hook/{token}"))
                    .body("application/json; charset=utf-8", body.json)
                    .send()?;
                answer::verdict(response)?;
                Ok(Receipt {
                    note: body.note,
                    ..Receipt::default()
                })
            }
        }
    }

    /// A group's own bot cannot be asked.
    fn probe(config: Config) -> Result<(), Failure> {
        match road(config)?.0 {
            Road::App(app) => app.probe(),
            Road::Bot { .. } => Ok(()),
        }
    }
}

impl Updates for Feishu {
    fn update(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        follow(config, &handle, &message, |id| Call::Change { id })
    }
}

impl Replies for Feishu {
    fn reply(config: Config, handle: String, message: Message) -> Result<Followed, Failure> {
        follow(config, &handle, &message, |id| Call::Answer { id })
    }
}

/// A handle is the id of a message.
fn follow<'a>(
    config: Config,
    handle: &'a str,
    message: &Message,
    call: fn(&'a str) -> Call<'a>,
) -> Result<Followed, Failure> {
    let (Road::App(app), at) = road(config)? else {
        let reason = "a group's own bot cannot find a message again";
        return Ok(Followed::Gone(reason.to_owned()));
    };
    if !app::is_message_id(handle) {
        return Ok(Followed::Gone("the handle names no message".to_owned()));
    }
    app.call(&call(handle), message, &at)
}

fn road(config: Config) -> Result<(Road, At), Failure> {
    let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
    let given = |secret: Option<Secret>| secret.filter(|secret| !secret.is_empty());
    let api = api(&config);
    let (app_id, chat_id) = (text(&config.app_id), text(&config.chat_id));
    let road = match (given(config.app_secret), given(config.token)) {
        (Some(_), _) if app_id.is_empty() || chat_id.is_empty() => {
            return Err(Failure::misconfigured(
                "the secret of an app needs the app's id and the id of a group",
            ));
        }
        (Some(app_secret), _) => Road::App(App {
            api,
            app_id,
            app_secret,
            chat_id,
        }),
        (None, Some(token)) => Road::Bot {
            api,
            token,
            secret: given(config.secret),
        },
        (None, None) => {
            return Err(Failure::misconfigured(
                "there is neither the token of a group's bot nor an app with its secret and a group",
            ));
        }
    };
    Ok((road, config.at))
}

fn api(config: &Config) -> String {
    let own = config.api_url.as_deref().filter(|url| !url.is_empty());
    let api = match (own, config.host.as_deref()) {
        (Some(url), _) => url.trim_end_matches('/'),
        (None, Some("lark")) => LARK,
        (None, _) => FEISHU,
    };
    api.to_owned()
}
