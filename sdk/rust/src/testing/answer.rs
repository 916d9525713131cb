use super::Request;
use crate::{Header, http::Response, webhook};
use serde::{Serialize, de::DeserializeOwned};

/// An answer without headers.
pub fn response(status: u16, body: impl Into<Vec<u8>>) -> Response {
    Response {
        status,
        headers: Vec::new(),
        body: body.into(),
    }
}

/// An answer with a JSON body.
///
/// # Panics
/// When `value` has no JSON form.
pub fn json_response(status: u16, value: &impl Serialize) -> Response {
    let body = serde_json::to_vec(value).unwrap_or_else(|problem| panic!("no JSON: {problem}"));
    response(status, body).with_header("content-type", "application/json")
}

impl Response {
    /// With one more header.
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push(Header {
            name: name.to_ascii_lowercase(),
            value: value.into(),
        });
        self
    }
}

/// What the plugin sent, with placeholders where secrets belong.
impl Request {
    /// The first value of a header. `name` may have any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        webhook::find(&self.headers, name)
    }

    /// The body; empty when there is none, and what is not UTF-8 becomes U+FFFD.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.body.as_deref().unwrap_or_default()).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is something else.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.text()).unwrap_or_else(|problem| {
            panic!(
                "the body is not the JSON wanted: {problem}: {}",
                self.text()
            )
        })
    }
}
