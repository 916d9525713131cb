use crate::{pipeline::cache::Route, placeholder::fill};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use push_notify_core::{clock::rfc3339, random};
use push_notify_host::{SecretValue, Webhook};
use push_notify_manifest::{Encoding, Sample, Signature};
use serde_json::{Map, Value};
use sha2::Sha256;

/// Values that are part of what proves a delivery, or that a proof holds for.
const PROVING: [&str; 4] = ["{signature}", "{secret}", "{time}", "{time_ms}"];

/// The delivery that a sample describes, signed for this repository.
pub(super) fn made(sample: &Sample, route: &Route, now: i64) -> Webhook {
    let values = values(route, now);
    let escaped: Vec<(&str, String)> = values
        .iter()
        .map(|(name, value)| (*name, in_json(value)))
        .collect();
    let body = fill(&sample.body, &escaped);
    let values = signed(sample, route, values, &body);
    let headers = sample.headers.iter();
    Webhook {
        method: "POST".to_owned(),
        path: String::new(),
        query: String::new(),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), fill(value, &values)))
            .collect(),
        body: body.into(),
        received_ms: None,
    }
}

/// The headers of a sample that would prove this body.
pub(in crate::pipeline) fn proof(
    sample: &Sample,
    route: &Route,
    body: &str,
    now: i64,
) -> Vec<(String, String)> {
    let values = signed(sample, route, values(route, now), body);
    let proves = |value: &str| PROVING.iter().any(|part| value.contains(part));
    sample
        .headers
        .iter()
        .filter(|(_, value)| proves(value))
        .map(|(name, value)| (name.to_ascii_lowercase(), fill(value, &values)))
        .collect()
}

/// What the texts of a sample can name, but for the body and its signature.
fn values(route: &Route, now: i64) -> Vec<(&'static str, String)> {
    let full_name = full_name(&route.url);
    let name = full_name.rsplit('/').next().unwrap_or_default();
    vec![
        ("url", route.url.trim_end_matches(".git").to_owned()),
        ("full_name", full_name.clone()),
        ("name", name.to_owned()),
        ("uuid", random::hex::<16>()),
        ("time", rfc3339(now)),
        ("time_ms", (now / 1000).to_string()),
        ("secret", secret(route).to_owned()),
    ]
}

fn signed(
    sample: &Sample,
    route: &Route,
    mut values: Vec<(&'static str, String)>,
    body: &str,
) -> Vec<(&'static str, String)> {
    values.push(("body", body.to_owned()));
    if let Some(signature) = &sample.signature {
        let proof = match is_plain(signature, &route.settings.config) {
            true => secret(route).to_owned(),
            false => sign(signature, secret(route), &values),
        };
        values.push(("signature", proof));
    }
    values
}

fn secret(route: &Route) -> &str {
    let secrets = &mut route.settings.secrets.iter();
    secrets
        .find(|(name, _)| name == "webhook_secret")
        .map_or("", |(_, value)| SecretValue::expose(value))
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
