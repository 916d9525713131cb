use super::Config;
use crate::secret::MASK;
use serde_json::Value;
use std::borrow::Cow;
use url::{Url, form_urlencoded};

/// Keys whose values nobody is shown.
const SECRET: [&str; 5] = [
    "password",
    "admin_password",
    "key",
    "previous_keys",
    "token",
];

/// A parameter of a URL with one of these in its name is secret too.
const SECRET_PARAMETERS: [&str; 5] = ["password", "passwd", "secret", "token", "key"];

/// The configuration in JSON, with secrets and the credentials in URLs masked.
pub fn redacted(config: &Config) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(config)?;
    redact("", &mut value);
    Ok(value)
}

fn redact(name: &str, value: &mut Value) {
    match value {
        // Whose values open the door of a collector.
        Value::Object(fields) if name == "headers" => {
            for value in fields.values_mut() {
                *value = MASK.into();
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                redact(name, value);
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| redact(name, entry)),
        Value::String(text) if SECRET.contains(&name) && !text.is_empty() => {
            *text = MASK.to_owned();
        }
        Value::String(text) => {
            if let Ok(url) = Url::parse(text)
                && let Some(masked) = mask(url)
            {
                *text = masked.into();
            }
        }
        _ => {}
    }
}

/// None: there is nothing to hide.
fn mask(mut url: Url) -> Option<Url> {
    let mut masked = false;
    if url.password().is_some() {
        masked |= url.set_password(Some(MASK)).is_ok();
    } else if !url.username().is_empty() {
        // Without a password it may be a token.
        masked |= url.set_username(MASK).is_ok();
    }
    if let Some(query) = url.query() {
        let parts: Vec<_> = query.split('&').map(mask_parameter).collect();
        let shown = parts.join("&");
        masked |= shown != query;
        url.set_query(Some(&shown));
    }
    masked.then_some(url)
}

/// `sslpassword=******`
fn mask_parameter(part: &str) -> Cow<'_, str> {
    let Some((name, _)) = part.split_once('=') else {
        return part.into();
    };
    let plain: String = form_urlencoded::parse(name.as_bytes())
        .map(|(name, _)| name.to_lowercase())
        .collect();
    match SECRET_PARAMETERS.iter().any(|part| plain.contains(part)) {
        true => format!("{name}={MASK}").into(),
        false => part.into(),
    }
}

#[cfg(test)]
mod tests;
