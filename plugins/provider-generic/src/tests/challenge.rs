use super::{SECRET, config, host};
use crate::Generic;
use push_notify_sdk::{Provider as _, Webhook, testing::webhook};
use serde_json::{Value, json};

fn asked(settings: &Value, method: &str, query: &str, body: &[u8]) -> Option<String> {
    let request = Webhook {
        method: method.to_owned(),
        query: query.to_owned(),
        ..webhook(&[], body)
    };
    let config = config(settings.clone(), json!({"title": "/msg"}));
    let answer = host(SECRET).run(|| Generic::challenge(&request, &config));
    answer.map(|answer| String::from_utf8(answer.body).expect("a text"))
}

#[test]
fn a_challenge_in_the_query_is_repeated_to_who_shows_the_secret() {
    let hub = json!({
        "proof": "hmac", "challenge": "hub.challenge", "query_parameter": "hub.verify_token",
    });
    let right = format!("hub.mode=subscribe&hub.challenge=a%20b&hub.verify_token={SECRET}");
    assert_eq!(asked(&hub, "GET", &right, b"").as_deref(), Some("a b"));
    for wrong in [
        "",
        "hub.challenge=a",
        "hub.challenge=a&hub.verify_token=guess",
        &format!("hub.verify_token={SECRET}"),
        &format!("hub.challenge=&hub.verify_token={SECRET}"),
    ] {
        assert_eq!(asked(&hub, "GET", wrong, b""), None, "{wrong}");
    }
    // Who repeats the secret shows it.
    let token = format!("token={SECRET}");
    let own = json!({"proof": "query", "challenge": "token"});
    assert_eq!(asked(&own, "GET", &token, b""), None);
    // Where nothing is set, nothing is repeated.
    assert_eq!(asked(&json!({"proof": "query"}), "GET", &token, b""), None);
}

#[test]
fn a_challenge_in_the_body_is_repeated_to_who_proves_it() {
    let settings = json!({"proof": "query", "challenge": "/challenge"});
    let token = format!("token={SECRET}");
    let body = br#"{"type":"url_verification","challenge":"xyz"}"#;
    let answer = asked(&settings, "POST", &token, body);
    assert_eq!(answer.as_deref(), Some("xyz"));
    assert_eq!(asked(&settings, "POST", "", body), None);
    assert_eq!(asked(&settings, "GET", &token, b""), None);
    for other in [&br#"{"msg":"down"}"#[..], b"no json", br#"{"challenge":7}"#] {
        assert_eq!(asked(&settings, "POST", &token, other), None);
    }
}
