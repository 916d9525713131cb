//! What a sender hears.

use crate::http::{
    Reply,
    describe::{About, Output},
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use push_notify_host::Challenge;
use schemars::JsonSchema;
use serde::Serialize;

pub enum Heard<T> {
    Told(Reply<T>),
    /// Word for word what the plugin says, so that the sender sees that the address is ours.
    Challenge(Challenge),
}

/// What a browser shows and does not run. A plugin repeats what a stranger may have sent.
const MEDIA_TYPES: [&str; 2] = ["text/plain", "application/json"];

impl<T: Serialize> IntoResponse for Heard<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Told(reply) => reply.into_response(),
            Self::Challenge(challenge) => {
                let asked = challenge.content_type.split(';').next().unwrap_or_default();
                let asked = asked.trim().to_ascii_lowercase();
                let known = MEDIA_TYPES.into_iter().find(|known| *known == asked);
                let media_type = known.unwrap_or(MEDIA_TYPES[0]);
                ([(header::CONTENT_TYPE, media_type)], challenge.body).into_response()
            }
        }
    }
}

impl<T: JsonSchema> Output for Heard<T> {
    fn describe(about: &mut About<'_>) {
        Reply::<T>::describe(about);
    }
}
