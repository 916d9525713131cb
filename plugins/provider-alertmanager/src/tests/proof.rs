use super::{NOW_S, SECRET, fixture, receive_with};
use push_notify_sdk::{
    crypto,
    testing::{Host, is_unauthenticated as unauthenticated},
};

pub(super) fn signature(secret: &str, timestamp: Option<&str>, body: &[u8]) -> String {
    let before = timestamp.map(|timestamp| format!("{timestamp}:"));
    let signed = [before.unwrap_or_default().as_bytes(), body].concat();
    Host::new().run(|| crypto::hex(crypto::hmac_sha256(secret, signed)))
}

#[test]
fn the_secret_is_a_bearer_token_or_a_password() {
    let body = fixture("alertmanager.firing.json");
    let basic = |text: String| format!("Basic {}", Host::new().run(|| crypto::base64(text)));
    for right in [
        format!("Bearer {SECRET}"),
        format!("bearer  {SECRET}"),
        SECRET.to_owned(),
        basic(format!("alerts:{SECRET}")),
        basic(format!(":{SECRET}")),
    ] {
        let result = receive_with(&[("authorization", &right)], &body);
        assert!(result.is_ok(), "{right}: {result:?}");
    }
    for wrong in [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer another-secret-not-real".to_owned(),
        format!("Token {SECRET}"),
        basic(SECRET.to_owned()),
        basic(format!("{SECRET}:")),
        basic(format!("a:{SECRET}:b")),
        "Basic !".to_owned(),
    ] {
        let result = receive_with(&[("authorization", &wrong)], &body);
        assert!(unauthenticated(&result), "{wrong}: {result:?}");
    }
}

#[test]
fn a_signature_covers_the_body_and_the_time_where_there_is_one() {
    let body = fixture("grafana.firing.json");
    let (now, late) = (NOW_S.to_string(), (NOW_S - 301).to_string());
    let deliver = |signature: &str, timestamp: Option<&str>| {
        let mut headers = vec![("x-grafana-alerting-signature", signature)];
        headers.extend(timestamp.map(|at| ("x-grafana-alerting-timestamp", at)));
        receive_with(&headers, &body)
    };
    let plain = signature(SECRET, None, &body);
    let timed = signature(SECRET, Some(&now), &body);
    assert!(deliver(&plain, None).is_ok());
    assert!(deliver(&plain.to_uppercase(), None).is_ok());
    assert!(deliver(&timed, Some(&now)).is_ok());
    let old = signature(SECRET, Some(&late), &body);
    for (wrong, timestamp) in [
        (&plain, Some(&*now)),
        (&timed, None),
        (&old, Some(&*late)),
        (&timed, Some("soon")),
    ] {
        let result = deliver(wrong, timestamp);
        assert!(unauthenticated(&result), "{timestamp:?}: {result:?}");
    }
}

#[test]
fn beside_a_signature_no_password_counts() {
    let body = fixture("grafana.firing.json");
    let bearer = format!("Bearer {SECRET}");
    let forged = signature("another-secret-not-real", None, &body);
    let headers = [
        ("authorization", &*bearer),
        ("x-grafana-alerting-signature", &*forged),
    ];
    assert!(unauthenticated(&receive_with(&headers, &body)));
}
