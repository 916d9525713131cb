use super::{NOW_S, SECRET, config, receive};
use push_notify_sdk::{
    crypto,
    testing::{Host, is_unauthenticated},
};
use serde_json::{Value, json};

const BODY: &[u8] = br#"{"msg":"it is down"}"#;
const STANDARD: &str = "whsec_dGVzdC1zZWNyZXQtbm90LXJlYWwtMjQ=";

fn mac(algorithm: &str, secret: &str) -> Vec<u8> {
    Host::new().run(|| match algorithm {
        "sha1" => crypto::hmac_sha1(secret, BODY),
        "sha512" => crypto::hmac_sha512(secret, BODY),
        _ => crypto::hmac_sha256(secret, BODY),
    })
}

fn is_let_in(settings: &Value, headers: &[(&str, &str)], query: &str, secret: &str) -> bool {
    let config = config(settings.clone(), json!({"title": "/msg"}));
    let result = receive(config, headers, query, BODY, secret);
    assert!(result.is_ok() || is_unauthenticated(&result), "{result:?}");
    result.is_ok()
}

#[test]
fn a_signature_counts_in_each_form_and_in_that_form_only() {
    for algorithm in ["sha1", "sha256", "sha512"] {
        for (encoding, prefix) in [
            ("hex", ""),
            ("hex", "sha="),
            ("base64", ""),
            ("base64", "v="),
        ] {
            let settings = json!({
                "proof": "hmac", "signature_header": "X-Shop-Sign", "signature_algorithm": algorithm,
                "signature_encoding": encoding, "signature_prefix": prefix,
            });
            let written = |mac: Vec<u8>| match encoding {
                "hex" => format!("{prefix}{}", crypto::hex(mac)),
                _ => format!("{prefix}{}", crypto::base64(mac)),
            };
            let right = written(mac(algorithm, SECRET));
            let forged = written(mac(algorithm, "another-secret-not-real"));
            let truncated = &right[..right.len() - 4];
            let other = format!("x{right}");
            for (value, is_right) in [
                (right.as_str(), true),
                (&forged, false),
                (truncated, false),
                (&other, false),
                ("", false),
            ] {
                let headers = [("x-shop-sign", value)];
                let is_in = is_let_in(&settings, &headers, "", SECRET);
                assert_eq!(is_in, is_right, "{settings} {value}");
            }
            assert!(!is_let_in(&settings, &[], "", SECRET));
        }
    }
}

#[test]
fn shown_secrets_count_where_they_were_asked_for() {
    let bearer = format!("Bearer {SECRET}");
    let basic = |user: &str, password: &str| {
        format!("Basic {}", crypto::base64(format!("{user}:{password}")))
    };
    let (named, other) = (basic("kuma", SECRET), basic("zabbix", SECRET));
    let wrong = basic("kuma", "another-secret");
    let query = format!("a=1&token={SECRET}");
    let twice = format!("token={SECRET}&token={SECRET}");
    let of = |proof: &str| json!({ "proof": proof });
    let user = json!({"proof": "basic", "basic_username": "kuma"});
    let key = json!({"proof": "query", "query_parameter": "key"});
    for (settings, authorization, query, is_in) in [
        (of("bearer"), bearer.as_str(), "", true),
        (of("bearer"), "Bearer", "", false),
        (of("bearer"), "Bearer another", "", false),
        (of("bearer"), SECRET, "", false),
        (of("bearer"), &named, "", false),
        (of("bearer"), "", &query, false),
        (of("basic"), &named, "", true),
        (of("basic"), &other, "", true),
        (of("basic"), &wrong, "", false),
        (of("basic"), "Basic !", "", false),
        (user.clone(), &named, "", true),
        (user, &other, "", false),
        (of("query"), "", &query, true),
        (of("query"), "", &twice, false),
        (of("query"), "", "token=", false),
        (of("query"), &bearer, "", false),
        (key, "", &query, false),
    ] {
        let headers = [("authorization", authorization)];
        let found = is_let_in(&settings, &headers, query, SECRET);
        assert_eq!(found, is_in, "{settings} {authorization} {query}");
    }
    assert!(!is_let_in(
        &of("bearer"),
        &[("authorization", "Bearer ")],
        "",
        ""
    ));
}

#[test]
fn standard_webhooks_are_signed_with_id_and_time() {
    let settings = json!({"proof": "standard_webhooks"});
    let sign = |id: &str, time: u64, secret: &str| {
        let message = [format!("{id}.{time}.").as_bytes(), BODY].concat();
        let mac = Host::new().run(|| crypto::hmac_sha256_by_base64(secret, message));
        format!("v1,{}", crypto::base64(mac))
    };
    let right = sign("msg_1", NOW_S, STANDARD);
    let rotated = format!("v1,AAAA v1a,AAAA {right}");
    let old = sign("msg_1", NOW_S - 301, STANDARD);
    for (id, time, signature, is_in) in [
        ("msg_1", NOW_S, right.as_str(), true),
        ("msg_1", NOW_S, &rotated, true),
        ("msg_2", NOW_S, &right, false),
        ("msg_1", NOW_S + 1, &right, false),
        ("msg_1", NOW_S - 301, &old, false),
        ("", NOW_S, &right, false),
        ("msg_1", NOW_S, "", false),
        ("msg_1", NOW_S, "v1,", false),
    ] {
        let time = time.to_string();
        let headers = [
            ("webhook-id", id),
            ("webhook-timestamp", time.as_str()),
            ("webhook-signature", signature),
        ];
        let found = is_let_in(&settings, &headers, "", STANDARD);
        assert_eq!(found, is_in, "{id} {time} {signature}");
    }
    let time = NOW_S.to_string();
    let headers = [
        ("webhook-id", "msg_1"),
        ("webhook-timestamp", time.as_str()),
        ("webhook-signature", right.as_str()),
    ];
    let config = config(settings, json!({"title": "/msg"}));
    let delivery = receive(config, &headers, "", BODY, STANDARD).unwrap();
    assert_eq!(delivery.id.as_deref(), Some("msg_1"));
}
