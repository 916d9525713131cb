//! Files, and whether the project can be reached.

use super::server::{asked, config, error, merge_request, ok, push, server, unreadable};
use crate::Gitlab;
use push_notify_sdk::{
    Failure, Provider,
    http::{Error, Response},
    testing::{Host, response},
};
use serde_json::json;

const FILE: &str =
    "GET /repository/files/src%2Fa%20b.rs/raw?ref=2222222222222222222222222222222222222222";

fn content(answer: Result<Response, Error>) -> Result<Option<String>, Failure> {
    let host = server(vec![(FILE, answer)]);
    host.run(|| Gitlab::content(push(), "src/a b.rs".to_owned(), config(json!({}))))
}

#[test]
fn a_file_is_read_at_the_head() {
    let text = content(Ok(response(200, "fn main() {}\n")));
    assert_eq!(text, Ok(Some("fn main() {}\n".to_owned())));
    let host = server(vec![(FILE, Ok(response(200, "a")))]);
    let read =
        host.run(|| Gitlab::content(merge_request(), "src/a b.rs".to_owned(), config(json!({}))));
    assert_eq!(read, Ok(Some("a".to_owned())));
}

#[test]
fn what_is_no_text_is_absent() {
    for answer in [
        Ok(error(404, "404 File Not Found")),
        Ok(response(200, vec![0u8, 1, 2])),
        Ok(response(200, "a".repeat((1 << 20) + 1))),
        Err(Error::TooLarge),
    ] {
        assert_eq!(content(answer), Ok(None));
    }
    let failed = content(Ok(response(502, "")));
    assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
}

#[test]
fn a_path_that_leads_elsewhere_is_not_asked_for() {
    for path in ["..", "../../user", "/etc/passwd", ""] {
        let host = server(vec![]);
        let read = host.run(|| Gitlab::content(push(), path.to_owned(), config(json!({}))));
        assert_eq!(read, Ok(None), "{path}");
        assert!(asked(&host).is_empty(), "{path}");
    }
}

#[test]
fn a_probe_asks_for_the_project() {
    let probe = |answer| server(vec![("GET ", answer)]).run(|| Gitlab::probe(config(json!({}))));
    assert_eq!(probe(ok(&json!({"id": 1, "name": "pear-ledger"}))), Ok(()));
    for (answer, reason) in [
        (Ok(response(401, "")), "access token"),
        (Ok(response(403, "")), "access token"),
        (
            Ok(error(404, "404 Project Not Found")),
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
    let failed = probe(Ok(response(503, "")));
    assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
}

#[test]
fn a_gitlab_under_a_path_is_known_by_its_api_address() {
    let fields = json!({
        "url": "https://example.com/gitlab/group/sub/app",
        "api_url": "https://example.com/gitlab/api/v4/",
    });
    let host = Host::new().http(|_| Ok(response(200, r#"{"id": 1}"#)));
    assert_eq!(host.run(|| Gitlab::probe(config(fields))), Ok(()));
    assert_eq!(
        asked(&host),
        ["GET https://example.com/gitlab/api/v4/projects/group%2Fsub%2Fapp"]
    );
}

#[test]
fn a_public_project_needs_no_token() {
    for token in [json!(null), json!("")] {
        let host = Host::new().http(|request| {
            assert_eq!(request.header("private-token"), None);
            Ok(response(200, r#"{"id": 1}"#))
        });
        let config = config(json!({ "access_token": token, "api_url": "" }));
        assert_eq!(host.run(|| Gitlab::probe(config)), Ok(()));
    }
}
