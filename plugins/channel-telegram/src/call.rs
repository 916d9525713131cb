//! One message, with what Telegram wants to have otherwise when it is asked.

use crate::{
    Config,
    answer::{self, Problem, Sent},
    body::{self, Body, Form},
};
use push_notify_sdk::{Failure, Message, Receipt, http};
use serde::Serialize;
use serde_json::json;

const PUBLIC_API: &str = "https://api.telegram.org";

pub(crate) enum Call {
    Send { reply_to: Option<i64> },
    Edit { id: i64 },
}

/// The message is there, or it is there no more.
pub(crate) enum Outcome {
    Done(Receipt),
    Gone(String),
}

#[derive(Serialize)]
struct Request<'a> {
    chat_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<Answered>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disable_notification: bool,
    #[serde(flatten)]
    body: &'a Body,
}

#[derive(Serialize)]
struct Answered {
    message_id: i64,
}

/// At most three requests: in another form, and to a group that has another id now.
pub(crate) fn deliver(
    config: &Config,
    chat: &str,
    call: &Call,
    message: &Message,
) -> Result<Outcome, Failure> {
    let mut chat = chat.to_owned();
    let mut form = Form::Html;
    let mut notes = Vec::new();
    for _ in 0..2 {
        let body = body::build(message, form);
        match ask(config, &chat, call, &body)? {
            Ok(sent) => return Ok(Outcome::Done(receipt(&chat, call, sent, body, notes))),
            Err(Problem::Markup(reason)) if form == Form::Html => {
                form = Form::Plain;
                notes.push(format!("sent as plain text: {reason}"));
            }
            Err(Problem::Moved(id)) if id != chat => {
                notes.push(format!("the group's id is {id} now: set chat_id to it"));
                chat = id;
            }
            Err(problem) => return settle(problem),
        }
    }
    let body = body::build(message, form);
    match ask(config, &chat, call, &body)? {
        Ok(sent) => Ok(Outcome::Done(receipt(&chat, call, sent, body, notes))),
        Err(problem) => settle(problem),
    }
}

pub(crate) fn probe(config: &Config) -> Result<(), Failure> {
    let request = json!({"chat_id": config.chat_id.trim()});
    let response = http::post(address(config, "getChat"))
        .json(&request)
        .send()?;
    match answer::read(response)? {
        Ok(_) => Ok(()),
        Err(problem) => settle(problem).map(drop),
    }
}

fn ask(
    config: &Config,
    chat: &str,
    call: &Call,
    body: &Body,
) -> Result<Result<Sent, Problem>, Failure> {
    let (method, message_id, reply_to) = match call {
        Call::Send { reply_to } => ("sendMessage", None, *reply_to),
        Call::Edit { id } => ("editMessageText", Some(*id), None),
    };
    let sends = message_id.is_none();
    let request = Request {
        chat_id: chat,
        message_id,
        message_thread_id: config.thread_id.filter(|_| sends),
        reply_parameters: reply_to.map(|message_id| Answered { message_id }),
        disable_notification: config.silent && sends,
        body,
    };
    let response = http::post(address(config, method)).json(&request).send()?;
    answer::read(response)
}

fn address(config: &Config, method: &str) -> String {
    let own = config.api_url.as_deref().filter(|url| !url.is_empty());
    let api = own.unwrap_or(PUBLIC_API).trim_end_matches('/');
    format!("{api}/bot{}/{method}", config.token)
}

fn settle(problem: Problem) -> Result<Outcome, Failure> {
    match problem {
        Problem::Gone(reason) => Ok(Outcome::Gone(reason)),
        Problem::Markup(reason) => Err(Failure::rejected(reason)),
        Problem::Moved(id) => Err(Failure::misconfigured(format!(
            "the group's id is {id} now: set chat_id to it"
        ))),
    }
}

fn receipt(chat: &str, call: &Call, sent: Sent, body: Body, notes: Vec<String>) -> Receipt {
    let edited = match call {
        Call::Edit { id } => Some(*id),
        Call::Send { .. } => None,
    };
    let id = sent.message_id.or(edited);
    let notes: Vec<String> = notes.into_iter().chain(body.note).collect();
    Receipt {
        id: id.map(|id| id.to_string()),
        // A channel's name may change, its id does not.
        handle: id.map(|id| match sent.chat_id {
            Some(chat) => format!("{chat}:{id}"),
            None => format!("{chat}:{id}"),
        }),
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    }
}
