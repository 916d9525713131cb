//! Files, and where the API of a repository is.

use super::server::{api_config, asked, ok, push, server, unreadable};
use crate::Gitee;
use push_notify_sdk::{
    Changes, Failure, Provider,
    http::{Error, Response},
    testing::{Host, response},
};
use serde_json::{Value, json};

const FILE: &str = "GET /contents/src/a%20b.rs?ref=2222222222222222222222222222222222222222";

fn content(answer: Result<Response, Error>) -> Result<Option<String>, Failure> {
    let host = server(vec![(FILE, answer)]);
    host.run(|| Gitee::content(push(), "src/a b.rs".to_owned(), api_config(json!({}))))
}

#[test]
fn what_is_no_file_is_absent() {
    for answer in [
        // What is not there, and a folder.
        ok(&json!([])),
        ok(&json!([{"type": "file", "name": "a.rs"}])),
        ok(&json!({"encoding": "none", "content": "a"})),
        ok(&json!({"encoding": "base64", "content": "?"})),
        ok(&json!({})),
    ] {
        assert_eq!(content(answer), Ok(None));
    }
    let failed = content(unreadable());
    assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
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
