//! Files, and whether the repository can be reached.

use super::server::{api_config, asked, error, ok, push, server, unreadable};
use crate::Gitee;
use push_notify_sdk::{
    Failure, Provider, crypto,
    http::{Error, Response},
    testing::{Host, response},
};
use serde_json::{Value, json};

const FILE: &str = "GET /contents/src/a%20b.rs?ref=2222222222222222222222222222222222222222";

fn content(answer: Result<Response, Error>) -> Result<Option<String>, Failure> {
    let host = server(vec![(FILE, answer)]);
    host.run(|| Gitee::content(push(), "src/a b.rs".to_owned(), api_config(json!({}))))
}

fn encoded(bytes: impl AsRef<[u8]>) -> Value {
    json!({"type": "file", "encoding": "base64", "size": 1, "content": crypto::base64(bytes)})
}

#[test]
fn a_file_is_read_at_the_head() {
    let text = content(ok(&encoded("梨\n")));
    assert_eq!(text, Ok(Some("梨\n".to_owned())));
}

#[test]
fn what_is_no_text_is_absent() {
    for answer in [
        Ok(error(404, "File Not Found")),
        // What is not there, and a folder.
        ok(&json!([])),
        ok(&json!([{"type": "file", "name": "a.rs"}])),
        ok(&encoded([0u8, 1, 2])),
        ok(&encoded("a".repeat((1 << 20) + 1))),
        ok(&json!({"encoding": "none", "content": "a"})),
        ok(&json!({"encoding": "base64", "content": "?"})),
        ok(&json!({})),
        Err(Error::TooLarge),
    ] {
        assert_eq!(content(answer), Ok(None));
    }
    for answer in [Ok(response(502, "")), unreadable()] {
        let failed = content(answer);
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    }
}

#[test]
fn a_path_that_leads_elsewhere_is_not_asked_for() {
    for path in ["..", "../../user", "/etc/passwd", ""] {
        let host = server(vec![]);
        let read = host.run(|| Gitee::content(push(), path.to_owned(), api_config(json!({}))));
        assert_eq!(read, Ok(None), "{path}");
        assert!(asked(&host).is_empty(), "{path}");
    }
}

#[test]
fn a_probe_asks_for_the_repository() {
    let probe = |answer| server(vec![("GET ", answer)]).run(|| Gitee::probe(api_config(json!({}))));
    assert_eq!(probe(ok(&json!({"id": 1}))), Ok(()));
    for (answer, reason) in [
        (Ok(response(401, "")), "access token"),
        (Ok(response(403, "")), "access token"),
        (
            Ok(error(404, "Not Found Project")),
            "orchard-works/pear-ledger",
        ),
        (unreadable(), "api_url"),
    ] {
        let failed = probe(answer);
        assert!(
            matches!(&failed, Err(Failure::Misconfigured(text)) if text.contains(reason)),
            "{failed:?}"
        );
    }
}

#[test]
fn a_private_deployment_has_its_api_at_its_own_host() {
    let probe = |fields: Value| {
        let host = Host::new().http(|_| Ok(response(200, r#"{"id": 1}"#)));
        assert_eq!(host.run(|| Gitee::probe(api_config(fields))), Ok(()));
        asked(&host).remove(0)
    };
    assert_eq!(
        probe(json!({"url": "git@code.example.com:a/b.git"})),
        "GET https://code.example.com/api/v5/repos/a/b"
    );
    let fields = json!({
        "url": "https://example.com/gitee/a/b", "api_url": "https://example.com/gitee/api/v5",
    });
    assert_eq!(
        probe(fields),
        "GET https://example.com/gitee/api/v5/repos/a/b"
    );
}

#[test]
fn a_public_repository_needs_no_token() {
    let host = Host::new().http(|request| {
        assert_eq!(request.header("authorization"), None);
        Ok(response(200, r#"{"id": 1}"#))
    });
    let config = api_config(json!({"access_token": null, "api_url": ""}));
    assert_eq!(host.run(|| Gitee::probe(config)), Ok(()));
}
