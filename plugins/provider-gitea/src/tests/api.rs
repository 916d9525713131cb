use super::config_with;
use crate::Gitea;
use push_notify_sdk::{
    Failure, Provider,
    testing::{Host, json_response, response},
};
use serde_json::json;

#[test]
fn the_api_is_where_the_repositorys_url_says() {
    for (url, api_url, expected) in [
        (
            "https://git.example.com/company/app",
            "",
            "https://git.example.com/api/v1",
        ),
        (
            "git@git.example.com:company/app.git",
            "",
            "https://git.example.com/api/v1",
        ),
        (
            "http://127.0.0.1:3000/company/app",
            "",
            "http://127.0.0.1:3000/api/v1",
        ),
        (
            "https://example.com/gitea/company/app",
            "https://example.com/gitea/api/v1",
            "https://example.com/gitea/api/v1",
        ),
    ] {
        let host = Host::new().http(|_| Ok(json_response(200, &json!({"id": 1}))));
        assert_eq!(
            host.run(|| Gitea::probe(config_with(url, api_url, "placeholder"))),
            Ok(())
        );
        assert_eq!(
            host.requests()[0].url,
            format!("{expected}/repos/company/app")
        );
    }
}

#[test]
fn a_probe_tells_what_is_wrong() {
    let probe = |status, body: &'static str| {
        let host = Host::new().http(move |_| Ok(response(status, body)));
        host.run(|| {
            Gitea::probe(config_with(
                "https://git.example.com/company/app",
                "",
                "placeholder",
            ))
        })
    };
    for (status, body, part) in [
        (401, "{}", "token"),
        (403, "{}", "token"),
        (404, "{}", "company/app"),
        (200, "<!doctype html>", "api_url"),
        (302, "", "302"),
    ] {
        let refused = probe(status, body);
        assert!(
            matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains(part)),
            "{status}: {refused:?}"
        );
    }
    assert!(matches!(probe(500, ""), Err(Failure::Retry(_))));
}

#[test]
fn a_public_repository_is_read_without_a_token() {
    let host = Host::new().http(|_| Ok(json_response(200, &json!({"id": 1}))));
    let probed =
        host.run(|| Gitea::probe(config_with("https://git.example.com/company/app", "", "")));
    assert_eq!(probed, Ok(()));
    assert_eq!(host.requests()[0].header("authorization"), None);
}

#[test]
fn an_address_without_a_repository_is_not_called() {
    for url in [
        "",
        "https://git.example.com",
        "https://git.example.com/company",
        "https://git.example.com/a/b/c",
        "app",
    ] {
        let host = Host::new();
        let probed = host.run(|| Gitea::probe(config_with(url, "", "")));
        assert!(
            matches!(probed, Err(Failure::Misconfigured(_))),
            "{url}: {probed:?}"
        );
    }
}
