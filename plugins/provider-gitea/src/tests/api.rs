use super::config_with;
use crate::Gitea;
use push_notify_sdk::{
    Provider,
    testing::{Host, json_response},
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
