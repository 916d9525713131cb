use crate::{clock::rfc3339, pipeline::context::Route, placeholder::fill};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use push_notify_host::{SecretValue, Webhook};
use push_notify_manifest::{Encoding, Sample, Signature};
use serde_json::{Map, Value};
use sha2::Sha256;

/// The delivery that a sample describes, signed for this repository.
pub(super) fn made(sample: &Sample, route: &Route, now: i64) -> Webhook {
    let secret = route
        .settings
        .secrets
        .iter()
        .find(|(name, _)| name == "webhook_secret")
        .map_or("", |(_, value)| SecretValue::expose(value));
    let full_name = full_name(&route.url);
    let name = full_name.rsplit('/').next().unwrap_or_default();
    let mut values = vec![
        ("url", route.url.trim_end_matches(".git").to_owned()),
        ("full_name", full_name.clone()),
        ("name", name.to_owned()),
        ("uuid", hex::encode(rand::random::<[u8; 16]>())),
        ("time", rfc3339(now)),
        ("time_ms", (now / 1000).to_string()),
        ("secret", secret.to_owned()),
    ];
    let escaped: Vec<(&str, String)> = values
        .iter()
        .map(|(name, value)| (*name, in_json(value)))
        .collect();
    let body = fill(&sample.body, &escaped);
    values.push(("body", body.clone()));
    if let Some(signature) = &sample.signature {
        let proof = match is_plain(signature, &route.settings.config) {
            true => secret.to_owned(),
            false => sign(signature, secret, &values),
        };
        values.push(("signature", proof));
    }
    let headers = sample.headers.iter();
    Webhook {
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), fill(value, &values)))
            .collect(),
        body: body.into(),
    }
}

fn is_plain(signature: &Signature, config: &Map<String, Value>) -> bool {
    signature
        .plain_if
        .as_ref()
        .is_some_and(|plain_if| config.get(&plain_if.field) == Some(&plain_if.value.clone().into()))
}

fn sign(signature: &Signature, secret: &str, values: &[(&str, String)]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(fill(&signature.of, values).as_bytes());
    let mac = mac.finalize().into_bytes();
    match signature.encoding {
        Encoding::Hex => hex::encode(mac),
        Encoding::Base64 => BASE64.encode(mac),
    }
}

/// As it stands between the quotes of a JSON string.
fn in_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// `https://host/company/backend.git` -> `company/backend`
fn full_name(url: &str) -> String {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url.split_once(':').map_or("", |(_, path)| path),
    };
    path.trim_matches('/').trim_end_matches(".git").to_owned()
}

#[cfg(test)]
mod tests;
