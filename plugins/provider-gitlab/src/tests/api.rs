//! Where the API of a project is.

use super::server::{asked, config};
use crate::Gitlab;
use push_notify_sdk::{
    Provider,
    testing::{Host, response},
};
use serde_json::json;

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
