use super::*;
use axum::http::{HeaderName, HeaderValue};

fn of(headers: &[(&'static str, &'static str)]) -> Option<&'static str> {
    let headers = headers.iter().map(|&(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        (name, HeaderValue::from_static(value))
    });
    provider(&headers.collect()).ok()
}

#[test]
fn the_most_particular_header_names_the_host() {
    for (index, (first, provider)) in EVENT.into_iter().enumerate() {
        let later = EVENT[index..].iter().map(|&(name, _)| (name, "push"));
        assert_eq!(
            of(&later.rev().collect::<Vec<_>>()),
            Some(provider),
            "{first}"
        );
    }
}

#[test]
fn an_empty_header_names_nobody() {
    let github = ("x-github-event", "push");
    assert_eq!(of(&[("x-gitea-event", ""), github]), Some("github"));
    assert_eq!(of(&[("x-github-event", "")]), None);
    assert_eq!(of(&[("x-gitea-signature", "00")]), None);
}

#[test]
fn a_refusal_names_what_was_looked_for() {
    let refusal = format!("{:?}", provider(&HeaderMap::new()));
    for (name, _) in EVENT {
        assert!(refusal.contains(name), "{name} is not in {refusal}");
    }
}
