//! Answers that are files.

use crate::http::{
    ApiError,
    describe::{About, Answered, Output},
};
use axum::{
    body::Body,
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use schemars::JsonSchema;
use serde::Serialize;
use std::{io, marker::PhantomData};

/// A JSON document that a browser saves as a file, in no envelope.
pub struct Download<T> {
    file_name: String,
    text: String,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Download<T> {
    /// `file_name` is plain ASCII without quotes.
    pub fn json(file_name: String, document: &T) -> Result<Self, ApiError> {
        Ok(Self {
            file_name,
            text: serde_json::to_string_pretty(document).map_err(ApiError::internal)?,
            of: PhantomData,
        })
    }
}

impl<T> IntoResponse for Download<T> {
    fn into_response(self) -> Response {
        (attached("application/json", &self.file_name), self.text).into_response()
    }
}

impl<T: JsonSchema> Output for Download<T> {
    fn describe(about: &mut About<'_>) {
        let schema = about.generator.subschema_for::<T>();
        about.answer = Some(Answered::Raw("application/json", schema.to_value()));
    }
}

/// A file of any length: it is made while it is sent. When making it fails the connection is cut,
/// so that nobody takes the part for the whole.
pub struct Stream {
    /// Plain ASCII without quotes.
    pub file_name: String,
    /// One of [`Stream::MEDIA_TYPES`].
    pub media_type: &'static str,
    pub content: BoxStream<'static, io::Result<Bytes>>,
}

impl Stream {
    pub const MEDIA_TYPES: &'static [&'static str] =
        &["text/csv; charset=utf-8", "application/json"];
}

impl IntoResponse for Stream {
    fn into_response(self) -> Response {
        let body = Body::from_stream(self.content);
        (attached(self.media_type, &self.file_name), body).into_response()
    }
}

impl Output for Stream {
    fn describe(about: &mut About<'_>) {
        about.answer = Some(Answered::File(Self::MEDIA_TYPES));
    }
}

fn attached(media_type: &str, file_name: &str) -> [(HeaderName, String); 2] {
    [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file_name}\""),
        ),
    ]
}
