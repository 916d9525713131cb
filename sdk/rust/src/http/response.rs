use super::Response;
use crate::{Failure, clock, json, webhook};
use serde::de::DeserializeOwned;
use std::{borrow::Cow, time::UNIX_EPOCH};

/// Longest wait that a `Retry-After` can ask for.
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1000;
/// How much of a body is worth quoting, in characters.
const QUOTED: usize = 200;

impl Response {
    /// The first value of a header. `name` may have any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        webhook::find(&self.headers, name)
    }

    /// The body; what is not UTF-8 becomes U+FFFD.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as JSON. An unreadable one is a reason to retry: a proxy's error page, or half an
    /// answer.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        json::read(&self.body).map_err(|problem| {
            Failure::retry(self.describe(&format!("unreadable answer ({problem})")))
        })
    }

    /// How long `Retry-After` (RFC 9110 section 10.2.3: seconds or a date) asks to wait, at most an
    /// hour.
    pub fn retry_after_ms(&self) -> Option<u64> {
        let value = self.header("retry-after")?.trim();
        let wait = match value.parse::<u64>() {
            Ok(seconds) => seconds.saturating_mul(1000),
            Err(_) => {
                let date = httpdate::parse_http_date(value).ok()?;
                let since_1970 = date.duration_since(UNIX_EPOCH).ok()?;
                (since_1970.as_secs() * 1000).saturating_sub(clock::now_ms())
            }
        };
        Some(wait.min(LONGEST_WAIT_MS))
    }

    /// Itself when the status is 2xx. Otherwise the failure that the status stands for: 408, 425,
    /// 429 and 5xx ask for a retry (as late as `Retry-After` says); 3xx, 401, 403, 404, 405 and 410
    /// need an administrator; other 4xx are rejected.
    pub fn check(self) -> Result<Self, Failure> {
        let failure = match self.status {
            200..=299 => return Ok(self),
            300..=399 | 401 | 403 | 404 | 405 | 410 => Failure::Misconfigured(self.describe("")),
            400..=499 if !matches!(self.status, 408 | 425 | 429) => {
                Failure::Rejected(self.describe(""))
            }
            _ => match self.retry_after_ms() {
                Some(after_ms) => Failure::retry_after(self.describe(""), after_ms),
                None => Failure::retry(self.describe("")),
            },
        };
        Err(failure)
    }

    /// `HTTP 503`, what is the matter, and the start of the body on one line.
    fn describe(&self, problem: &str) -> String {
        let mut text = format!("HTTP {}", self.status);
        if !problem.is_empty() {
            text.push_str(", ");
            text.push_str(problem);
        }
        // Not all of it: what is not UTF-8 takes three times its size as text.
        let body = self.body.trim_ascii_start();
        let body = String::from_utf8_lossy(&body[..body.len().min(4 * QUOTED)]);
        let body: String = body.trim().chars().take(QUOTED).collect();
        if !body.is_empty() {
            text.push_str(": ");
            text.extend(body.chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
        text
    }
}
