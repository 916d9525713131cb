use super::Config;
use crate::secret::MASK;
use serde_json::Value;

/// Keys whose values nobody is shown.
const SECRET: [&str; 3] = ["password", "admin_password", "key"];

/// The configuration in JSON, with secrets and the credentials in URLs masked.
pub fn redacted(config: &Config) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(config)?;
    redact("", &mut value);
    Ok(value)
}

fn redact(name: &str, value: &mut Value) {
    match value {
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
            if let Ok(mut url) = url::Url::parse(text)
                && url.password().is_some()
                && url.set_password(Some(MASK)).is_ok()
            {
                *text = url.into();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
