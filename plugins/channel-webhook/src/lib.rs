//! Webhooks to any URL, signed as Standard Webhooks has it:
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

mod event;
mod sign;
#[cfg(test)]
mod tests;
mod text;
mod time;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, clock, http};

#[derive(serde::Deserialize)]
pub struct Config {
    url: String,
    #[serde(default)]
    method: Method,
    #[serde(default)]
    body: Form,
    #[serde(default)]
    content_type: String,
    #[serde(flatten)]
    keys: sign::Keys,
    #[serde(default)]
    token: Option<Secret>,
    /// Where the token stands, if not in `authorization` behind `Bearer`.
    #[serde(default)]
    token_header: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: Option<Secret>,
    /// `Name: value` each.
    #[serde(default)]
    headers: Vec<String>,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Method {
    #[default]
    Post,
    Put,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    /// All parts of the message.
    #[default]
    Event,
    /// Its body alone.
    Text,
}

pub struct Webhook;

channel!(Webhook);

impl Channel for Webhook {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let (content_type, body) = match config.body {
            Form::Event => ("application/json", event::json(&message)?),
            Form::Text => text::body(&config.content_type, &message.body)?,
        };
        let mut request = match config.method {
            Method::Post => http::post(&config.url),
            Method::Put => http::put(&config.url),
        };
        for header in &config.headers {
            let (name, value) = extra(header)?;
            request = request.header(name, value);
        }
        // In seconds, and of this attempt: receivers refuse what is old.
        let timestamp = clock::now_ms() / 1000;
        request = request
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", timestamp);
        if let Some(signature) = config.keys.sign(&message.id, timestamp, &body)? {
            request = request.header("webhook-signature", signature);
        }
        request = authorized(request, &config)?;
        request.body(content_type, body).send()?.check()?;
        Ok(Receipt::default())
    }
}

fn authorized(request: http::Request, config: &Config) -> Result<http::Request, Failure> {
    let given = |secret: &Option<Secret>| secret.clone().filter(|secret| !secret.is_empty());
    let request = match (given(&config.token), config.token_header.trim()) {
        (None, _) => request,
        (Some(token), "") => request.header("authorization", format!("Bearer {token}")),
        (Some(token), name) if is_free(name) || name.eq_ignore_ascii_case("authorization") => {
            request.header(name, token)
        }
        (Some(_), name) => return Err(not_a_header("token_header", name)),
    };
    let password = given(&config.password);
    Ok(match (config.username.as_str(), password) {
        ("", None) => request,
        (name, password) => request.basic(name, password.unwrap_or_default()),
    })
}

/// Name and value of a header that the administrator wants.
fn extra(header: &str) -> Result<(&str, &str), Failure> {
    header
        .split_once(':')
        .map(|(name, value)| (name.trim(), value.trim()))
        .filter(|(name, _)| is_free(name))
        .ok_or_else(|| not_a_header("headers", header))
}

/// Whether it is the name of a header (RFC 9110 section 5.1), and of none that is set here.
fn is_free(name: &str) -> bool {
    const OURS: [&str; 7] = [
        "authorization",
        "content-type",
        "content-length",
        "host",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    ];
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty()
        && name.chars().all(is_token)
        && !OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name))
}

fn not_a_header(field: &str, header: &str) -> Failure {
    let shown: String = header.chars().take(100).collect();
    Failure::misconfigured(format!(
        "{field}: `{shown}` is no header that can be set here"
    ))
}
