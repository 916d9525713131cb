use super::{Error, Method, Response};
use crate::bindings::host::push_notify::plugin::http::{Basic, BodySecrets, Request as Parts};
use crate::{Header, crypto, engine};
use serde::Serialize;
use std::fmt::Display;

const FORM: &str = "application/x-www-form-urlencoded";

/// A request to be sent with [`Request::send`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing before `send`"]
pub struct Request {
    parts: Parts,
    /// What was wrong with the body.
    problem: Option<Error>,
}

pub fn get(url: impl Display) -> Request {
    Request::new(Method::Get, url)
}

pub fn head(url: impl Display) -> Request {
    Request::new(Method::Head, url)
}

pub fn post(url: impl Display) -> Request {
    Request::new(Method::Post, url)
}

pub fn put(url: impl Display) -> Request {
    Request::new(Method::Put, url)
}

pub fn patch(url: impl Display) -> Request {
    Request::new(Method::Patch, url)
}

pub fn delete(url: impl Display) -> Request {
    Request::new(Method::Delete, url)
}

impl Request {
    fn new(method: Method, url: impl Display) -> Self {
        Self {
            parts: Parts {
                method,
                url: url.to_string(),
                headers: Vec::new(),
                basic: None,
                body: None,
                body_secrets: None,
                timeout_ms: None,
            },
            problem: None,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl Display) -> Self {
        self.parts.headers.push(Header {
            name: name.to_ascii_lowercase(),
            value: value.to_string(),
        });
        self
    }

    /// Adds `name=value` to the query, both percent-encoded.
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        let url = std::mem::take(&mut self.parts.url);
        let (before, fragment) = match url.split_once('#') {
            Some((before, fragment)) => (before, Some(fragment)),
            None => (url.as_str(), None),
        };
        let separator = match before.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        let name = crypto::percent_encode(name);
        let value = crypto::percent_encode(value.to_string());
        self.parts.url = format!("{before}{separator}{name}={value}");
        if let Some(fragment) = fragment {
            self.parts.url.push('#');
            self.parts.url.push_str(fragment);
        }
        self
    }

    /// Proves who sends it by a name and a password (RFC 7617), which may be secrets.
    pub fn basic(mut self, username: impl Display, password: impl Display) -> Self {
        self.parts.basic = Some(Basic {
            username: username.to_string(),
            password: password.to_string(),
        });
        self
    }

    /// Sends `value` as JSON.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => self.body("application/json", body),
            Err(problem) => {
                self.problem = Some(Error::Invalid(format!("JSON: {problem}")));
                self
            }
        }
    }

    /// Sends `bytes`, in place of any body before, under `content_type`.
    pub fn body(mut self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.parts
            .headers
            .retain(|header| header.name != "content-type");
        self.parts.body = Some(bytes.into());
        self.header("content-type", content_type)
    }

    /// Sends `fields` as a form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let pair = |(name, value): &(&str, &str)| {
            let [name, value] = [name, value].map(crypto::percent_encode);
            format!("{name}={value}")
        };
        let pairs: Vec<String> = fields.iter().map(pair).collect();
        self.body(FORM, pairs.join("&"))
    }

    /// Says that secrets in the body are meant to be there. Without it, a request with one in its
    /// body is refused. They are written as the body's content type wants it: in JSON, in a form or
    /// else as they are.
    pub fn secrets_in_body(mut self) -> Self {
        let kind = self
            .parts
            .headers
            .iter()
            .find(|header| header.name == "content-type")
            .map(|header| header.value.split(';').next().unwrap_or_default().trim());
        self.parts.body_secrets = Some(match kind {
            Some(FORM) => BodySecrets::Form,
            Some(kind) if kind.ends_with("/json") || kind.ends_with("+json") => BodySecrets::Json,
            _ => BodySecrets::Plain,
        });
        self
    }

    /// Less patience than the time that the call has left.
    pub fn timeout_ms(mut self, timeout_ms: u32) -> Self {
        self.parts.timeout_ms = Some(timeout_ms);
        self
    }

    /// Sends it and waits for the answer, whatever its status; see [`Response::check`].
    pub fn send(self) -> Result<Response, Error> {
        match self.problem {
            Some(problem) => Err(problem),
            None => engine::http::send(&self.parts),
        }
    }
}
