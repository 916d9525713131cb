//! The form of every answer: `{code, message, data | details, request_id}`. Handlers make a
//! [`Reply`] or an [`ApiError`]; the words around it are written when the answer leaves, where
//! language and request id are known.

use crate::http::{ApiError, request_id::RequestId};
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use push_notify_core::i18n::{Locale, Text};
use push_notify_db::page::{Page, Part, Total};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::marker::PhantomData;

/// What a handler returns, with the type of its `data`.
pub type Answer<T = Value> = Result<Reply<T>, ApiError>;

/// A successful answer.
#[derive(Debug)]
pub struct Reply<T = Value> {
    status: StatusCode,
    message: Text,
    /// JSON.
    data: Vec<u8>,
    cookie: Option<HeaderValue>,
    of: PhantomData<fn() -> T>,
}

/// A part of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListOf{T}")]
pub struct Listed<T> {
    pub list: Vec<T>,
    pub pagination: Pagination,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Pagination {
    /// From 1.
    pub page: u32,
    pub size: u32,
    pub total: i64,
    pub total_pages: u64,
    /// Entries were counted up to `total` only: there are more, and more pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capped: Option<bool>,
}

const SUCCESS: Text = Text::new("success", "success");
pub const CREATED: Text = Text::new("创建成功", "Created");
pub const UPDATED: Text = Text::new("更新成功", "Updated");
pub const DELETED: Text = Text::new("删除成功", "Deleted");

impl<T: Serialize> Reply<T> {
    pub fn data(data: T) -> Answer<T> {
        Self::say(SUCCESS, data)
    }

    pub fn say(message: Text, data: T) -> Answer<T> {
        Ok(Self {
            status: StatusCode::OK,
            message,
            data: serde_json::to_vec(&data).map_err(ApiError::internal)?,
            cookie: None,
            of: PhantomData,
        })
    }

    /// For the browser to keep.
    pub fn cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.cookie = cookie;
        self
    }

    /// Another 2xx; the body's `code` is the same.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

impl<T: Serialize> Reply<Listed<T>> {
    /// One page of a list that has `total` entries.
    pub fn page(list: Vec<T>, page: &Page, total: impl Into<Total>) -> Answer<Listed<T>> {
        let Total { count, capped } = total.into();
        let pagination = Pagination {
            page: page.number,
            size: page.size,
            total: count,
            total_pages: (count.max(0) as u64).div_ceil(u64::from(page.size)),
            capped: capped.then_some(true),
        };
        Self::data(Listed { list, pagination })
    }

    /// Of a list that is at hand as a whole.
    pub fn part(list: Vec<T>, part: Part) -> Answer<Listed<T>> {
        let total = list.len();
        let page = Page {
            number: part.number,
            size: part
                .size
                .unwrap_or(u32::try_from(total.max(1)).unwrap_or(u32::MAX)),
            ..Page::first("")
        };
        let offset = usize::try_from(page.offset()).unwrap_or(usize::MAX);
        let list = list.into_iter().skip(offset).take(page.size as usize);
        Self::page(list.collect(), &page, total as i64)
    }

    /// A list that is always shown whole.
    pub fn whole(list: Vec<T>) -> Answer<Listed<T>> {
        Self::data(Listed::whole(list))
    }
}

impl<T> Listed<T> {
    pub fn whole(list: Vec<T>) -> Self {
        let pagination = Pagination {
            page: 1,
            size: list.len() as u32,
            total: list.len() as i64,
            total_pages: list.len().min(1) as u64,
            capped: None,
        };
        Self { list, pagination }
    }
}

impl<T> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(cookie) = &self.cookie {
            response
                .headers_mut()
                .insert(header::SET_COOKIE, cookie.clone());
        }
        response.extensions_mut().insert(Envelope::from(self));
        response
    }
}

/// An answer that waits for its words, in the response's extensions.
#[derive(Debug, Clone)]
pub struct Envelope {
    code: u32,
    message: Text,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Data(Vec<u8>),
    Error {
        details: Vec<Text>,
        data: Option<Box<Value>>,
        cause: Option<Box<str>>,
    },
}

impl<T> From<Reply<T>> for Envelope {
    fn from(reply: Reply<T>) -> Self {
        Self {
            code: u32::from(reply.status.as_u16()),
            message: reply.message,
            content: Content::Data(reply.data),
        }
    }
}

impl From<ApiError> for Envelope {
    fn from(error: ApiError) -> Self {
        Self {
            code: error.code,
            message: error.message,
            content: Content::Error {
                details: error.details,
                data: error.data,
                cause: error.cause,
            },
        }
    }
}

impl Envelope {
    /// Why this is an internal error.
    pub fn cause(&self) -> Option<&str> {
        match &self.content {
            Content::Error { cause, .. } => cause.as_deref(),
            Content::Data(_) => None,
        }
    }

    fn write(&self, id: &RequestId, locale: Locale) -> Vec<u8> {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut body = format!(
            r#"{{"code":{},"message":{}"#,
            self.code,
            quoted(self.message.as_str(locale)),
        )
        .into_bytes();
        match &self.content {
            Content::Data(data) => {
                body.reserve(data.len() + 160);
                body.extend(br#","data":"#);
                body.extend(data);
            }
            Content::Error { details, data, .. } => {
                if !details.is_empty() {
                    let details: Vec<String> = details
                        .iter()
                        .map(|text| quoted(text.as_str(locale)))
                        .collect();
                    body.extend(format!(r#","details":[{}]"#, details.join(",")).into_bytes());
                }
                if let Some(data) = data {
                    body.extend(format!(r#","data":{data}"#).into_bytes());
                }
            }
        }
        body.extend(format!(r#","request_id":{}}}"#, quoted(id.as_str())).into_bytes());
        body
    }
}

/// Writes the body of an answer that a handler made, and of a refusal that came without one.
pub fn finish(mut response: Response, id: &RequestId, locale: Locale) -> Response {
    let status = response.status();
    let envelope = match response.extensions_mut().remove::<Envelope>() {
        Some(envelope) => envelope,
        // A page for a person says what is wrong itself.
        None if is_page(&response) => return response,
        None if status.is_client_error() || status.is_server_error() => {
            Envelope::from(ApiError::of_status(status))
        }
        None => return response,
    };
    if let Some(cause) = envelope.cause() {
        tracing::error!(request.id = id.as_str(), error = cause, "a request failed");
    }
    *response.body_mut() = Body::from(envelope.write(id, locale));
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    response
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests;
