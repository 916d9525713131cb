use super::config_with;
use crate::Github;
use push_notify_sdk::{
    Provider,
    testing::{Host, json_response},
};
use serde_json::json;

#[test]
fn the_api_is_where_the_repositorys_url_says() {
    let github = "https://api.github.com/repos/company/app";
    for (url, api_url, expected) in [
        ("https://github.com/company/app", "", github),
        ("https://github.com/company/app.git", "", github),
        ("git@github.com:company/app.git", "", github),
        ("ssh://git@ssh.github.com:443/company/app.git", "", github),
        (
            "https://git.example.com/company/app",
            "",
            "https://git.example.com/api/v3/repos/company/app",
        ),
        (
            "http://127.0.0.1:8080/company/app",
            "",
            "http://127.0.0.1:8080/api/v3/repos/company/app",
        ),
        (
            "https://company.ghe.com/company/app",
            "https://api.company.ghe.com/",
            "https://api.company.ghe.com/repos/company/app",
        ),
        (
            "https://github.com.example.com/company/app",
            "",
            "https://github.com.example.com/api/v3/repos/company/app",
        ),
    ] {
        let host = Host::new().http(|_| Ok(json_response(200, &json!({"id": 1}))));
        assert_eq!(
            host.run(|| Github::probe(config_with(url, api_url, "placeholder"))),
            Ok(())
        );
        assert_eq!(host.requests()[0].url, expected);
    }
}
