//! Posts of a bot, by the REST API.

use crate::{answer, body::Body};
use push_notify_sdk::{Failure, Followed, Receipt, Secret, http};
use serde::Serialize;

/// Of every id.
const ID_LENGTH: usize = 26;

pub(crate) struct Bot {
    /// Without a `/` at its end.
    pub(crate) server: String,
    pub(crate) token: Secret,
    pub(crate) channel_id: String,
}

pub(crate) enum Call<'a> {
    /// `root`: the post that it answers.
    Post {
        root: Option<&'a str>,
    },
    Change {
        id: &'a str,
    },
}

#[derive(Serialize)]
struct Post<'a> {
    channel_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_id: Option<&'a str>,
    #[serde(flatten)]
    body: &'a Body,
}

impl Bot {
    pub(crate) fn call(&self, call: &Call<'_>, body: &Body) -> Result<Followed, Failure> {
        let (request, follows) = match call {
            Call::Post { root } => {
                let post = Post {
                    channel_id: &self.channel_id,
                    root_id: *root,
                    body,
                };
                (
                    http::post(self.address("posts")).json(&post),
                    root.is_some(),
                )
            }
            Call::Change { id } => {
                let address = self.address(&format!("posts/{id}/patch"));
                (http::put(address).json(body), true)
            }
        };
        let response = self.proved(request).send()?;
        let id = match answer::of_api(response, follows)? {
            Ok(id) => id,
            Err(gone) => return Ok(Followed::Gone(gone)),
        };
        let handle = match call {
            Call::Change { id } => Some((*id).to_owned()),
            Call::Post { .. } => id.clone().filter(|id| is_id(id)),
        };
        Ok(Followed::Sent(Receipt {
            id,
            handle,
            note: body.note.clone(),
        }))
    }

    /// Whether the bot sees its channel.
    pub(crate) fn probe(&self) -> Result<(), Failure> {
        let address = self.address(&format!("channels/{}", self.channel_id));
        let response = self.proved(http::get(address)).send()?;
        answer::of_api(response, false).map(drop)
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/v4/{path}", self.server)
    }

    fn proved(&self, request: http::Request) -> http::Request {
        request.header("authorization", format!("Bearer {}", self.token))
    }
}

pub(crate) fn is_id(text: &str) -> bool {
    text.len() == ID_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
