//! Answers that are files.

use super::{
    ApiError,
    describe::{About, Answered, Output},
};
use axum::{
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use std::marker::PhantomData;

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
        let headers: [(HeaderName, String); 2] = [
            (header::CONTENT_TYPE, "application/json".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{}\"", self.file_name),
            ),
        ];
        (headers, self.text).into_response()
    }
}

impl<T: JsonSchema> Output for Download<T> {
    fn describe(about: &mut About<'_>) {
        let schema = about.generator.subschema_for::<T>();
        about.answer = Some(Answered::Raw("application/json", schema.to_value()));
    }
}
