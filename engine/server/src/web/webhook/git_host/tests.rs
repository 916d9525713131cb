use super::*;
use axum::http::{HeaderName, HeaderValue};
use push_notify_manifest::Manifest;

fn dialects() -> Dialects {
    let manifests = [
        ("copy", "X-Copy-Event", "X-Own-Event"),
        ("own", "X-Own-Event", "X-Old"),
    ];
    Dialects::new(manifests.map(|(id, detect, copies)| {
        let text = format!(
            "id = \"{id}\"\nkind = \"provider\"\nversion = \"1.0.0\"\n\
             [webhook]\ndetect = [\"{detect}\"]\ncopies = [\"{copies}\"]\n"
        );
        (Manifest::from_toml(&text).unwrap().into(), true)
    }))
}

fn of(headers: &[(&'static str, &'static str)]) -> Result<String, ApiError> {
    let headers = headers.iter().map(|&(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        (name, HeaderValue::from_static(value))
    });
    provider(&dialects(), &headers.collect())
}

#[test]
fn an_empty_header_names_nobody() {
    let own = ("x-own-event", "push");
    assert_eq!(of(&[own, ("x-copy-event", "push")]).unwrap(), "copy");
    assert_eq!(of(&[("x-copy-event", ""), own]).unwrap(), "own");
    assert!(of(&[("x-own-event", "")]).is_err());
    assert!(of(&[("x-own-signature", "00")]).is_err());
}

#[test]
fn a_refusal_names_what_was_looked_for() {
    let refusal = format!("{:?}", of(&[]));
    assert!(refusal.contains("X-Copy-Event, X-Own-Event"), "{refusal}");
}
