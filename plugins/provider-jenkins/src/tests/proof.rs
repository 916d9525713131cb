use super::json;
use crate::Jenkins;
use push_notify_sdk::{
    Delivery, Provider, Rejection, Secret,
    forge::Config,
    testing::{Host, is_unauthenticated as unauthenticated, webhook},
};

/// With signs that an address has to escape.
const SECRET: &str = "a+b c&d=é-not-real";

fn receive(query: &str, headers: &[(&str, &str)]) -> Result<Delivery, Rejection> {
    let body = json("notified.completed.json").to_string();
    let mut webhook = webhook(headers, body.as_bytes());
    webhook.query = query.to_owned();
    let config = Config {
        webhook_secret: Some(Secret::new("placeholder")),
        ..Config::default()
    };
    let host = Host::new().secret("placeholder", SECRET);
    host.run(|| Jenkins::receive(webhook, config))
}

#[test]
fn the_secret_may_be_in_the_query() {
    for right in [
        "token=a%2Bb+c%26d%3D%C3%A9-not-real",
        "x=1&token=a%2bb%20c%26d%3d%c3%a9-not-real&token=other",
    ] {
        assert!(receive(right, &[]).is_ok(), "{right}");
    }
    for wrong in [
        "",
        "token",
        "token=",
        "token=other",
        "Token=a%2Bb",
        "x=token=a",
    ] {
        assert!(unauthenticated(&receive(wrong, &[])), "{wrong}");
    }
}

#[test]
fn what_says_more_counts_alone() {
    let right = "token=a%2Bb+c%26d%3D%C3%A9-not-real";
    for header in ["x-webhook-secret", "authorization"] {
        let wrong = receive(right, &[(header, "other-not-real")]);
        assert!(unauthenticated(&wrong), "{header}");
        assert!(
            receive("token=other", &[(header, SECRET)]).is_ok(),
            "{header}"
        );
    }
}
