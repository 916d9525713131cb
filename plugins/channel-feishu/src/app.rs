//! Messages of an app. It asks for a token each time: that is good for two hours, is the same for
//! all who ask, and is kept nowhere.

use crate::{
    At, answer,
    body::{self, INTERACTIVE},
};
use push_notify_sdk::{Failure, Followed, Message, Receipt, Secret, http};
use serde::Serialize;
use serde_json::json;

/// In bytes, of a message's id.
const LONGEST_ID: usize = 128;

pub(crate) struct App {
    /// Without a `/` at its end.
    pub(crate) api: String,
    pub(crate) app_id: String,
    pub(crate) app_secret: Secret,
    pub(crate) chat_id: String,
}

pub(crate) enum Call<'a> {
    Send,
    Change { id: &'a str },
    Answer { id: &'a str },
}

#[derive(Serialize)]
struct Request<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    receive_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    msg_type: Option<&'static str>,
    /// The card, as a text.
    content: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_in_thread: Option<bool>,
}

impl App {
    pub(crate) fn call(
        &self,
        call: &Call<'_>,
        message: &Message,
        at: &At,
    ) -> Result<Followed, Failure> {
        let card = body::for_app(message, at)?;
        let content = String::from_utf8_lossy(&card.json);
        let token = self.token()?;
        let request = Request {
            receive_id: None,
            msg_type: Some(INTERACTIVE),
            content: &content,
            reply_in_thread: None,
        };
        let (asked, request) = match call {
            Call::Send => {
                let receive_id = Some(self.chat_id.as_str());
                let url = self.address("im/v1/messages");
                (
                    http::post(url).query("receive_id_type", "chat_id"),
                    Request {
                        receive_id,
                        ..request
                    },
                )
            }
            Call::Change { id } => {
                let url = self.address(&format!("im/v1/messages/{id}"));
                (
                    http::patch(url),
                    Request {
                        msg_type: None,
                        ..request
                    },
                )
            }
            Call::Answer { id } => {
                let url = self.address(&format!("im/v1/messages/{id}/reply"));
                (
                    http::post(url),
                    Request {
                        reply_in_thread: Some(true),
                        ..request
                    },
                )
            }
        };
        let response = asked
            .header("authorization", format!("Bearer {token}"))
            .body(
                "application/json; charset=utf-8",
                serde_json::to_vec(&request)?,
            )
            .send()?;
        let follows = !matches!(call, Call::Send);
        let id = match answer::of_message(response, follows)? {
            Ok(id) => id,
            Err(gone) => return Ok(Followed::Gone(gone)),
        };
        let handle = match call {
            Call::Change { id } => Some((*id).to_owned()),
            Call::Send | Call::Answer { .. } => id.clone().filter(|id| is_message_id(id)),
        };
        Ok(Followed::Sent(Receipt {
            id: id.or_else(|| handle.clone()),
            handle,
            note: card.note,
        }))
    }

    pub(crate) fn probe(&self) -> Result<(), Failure> {
        self.token().map(drop)
    }

    /// What proves a call to be the app's.
    fn token(&self) -> Result<String, Failure> {
        let request = json!({"app_id": self.app_id, "app_secret": self.app_secret.to_string()});
        let response = http::post(self.address("auth/v3/tenant_access_token/internal"))
            .body(
                "application/json; charset=utf-8",
                serde_json::to_vec(&request)?,
            )
            .secrets_in_body()
            .send()?;
        answer::token(response)
    }

    fn address(&self, path: &str) -> String {
        format!("{}/open-apis/{path}", self.api)
    }
}

pub(crate) fn is_message_id(text: &str) -> bool {
    let is_of_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    text.starts_with("om_") && text.len() <= LONGEST_ID && text.bytes().all(is_of_id)
}
