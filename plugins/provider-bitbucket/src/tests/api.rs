use crate::Bitbucket;
use push_notify_sdk::{
    Provider,
    testing::{Host, json_response},
};
use serde_json::json;

#[test]
fn the_api_has_a_host_of_its_own() {
    let bitbucket = "https://api.bitbucket.org/2.0";
    for (url, api_url, expected) in [
        ("https://bitbucket.org/company/app", "", bitbucket),
        ("git@bitbucket.org:company/app.git", "", bitbucket),
        (
            "ssh://git@altssh.bitbucket.org:443/company/app.git",
            "",
            bitbucket,
        ),
        (
            "https://bitbucket.org/company/app",
            "https://proxy.example.com/2.0/",
            "https://proxy.example.com/2.0",
        ),
    ] {
        let uuid = json!({"uuid": "{7c1f0b52-1111-4111-8111-111111111111}"});
        let host = Host::new().http(move |_| Ok(json_response(200, &uuid)));
        let config = json!({"url": url, "api_url": api_url});
        let config = serde_json::from_value(config).unwrap();
        assert_eq!(host.run(|| Bitbucket::probe(config)), Ok(()));
        let asked = host.requests().remove(0).url;
        assert_eq!(asked, format!("{expected}/repositories/company/app"));
    }
}
