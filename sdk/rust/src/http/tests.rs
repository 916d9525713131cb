use super::{Error, Response, get, post};
use crate::testing::{Host, json_response, response};
use crate::{Failure, Secret};

fn check(status: u16, body: &str) -> Result<Response, Failure> {
    response(status, body).check()
}

fn after_ms(header: &str, now_ms: u64) -> Option<u64> {
    let answer = response(503, "").with_header("retry-after", header);
    Host::new().now_ms(now_ms).run(|| answer.retry_after_ms())
}

#[test]
fn a_status_says_what_happens_next() {
    for status in [200, 201, 204, 299] {
        assert!(check(status, "").is_ok(), "{status}");
    }
    for status in [408, 425, 429, 500, 502, 503, 504, 599] {
        assert_eq!(
            check(status, ""),
            Err(Failure::retry(format!("HTTP {status}")))
        );
    }
    for status in [301, 302, 307, 401, 403, 404, 405, 410] {
        assert_eq!(
            check(status, ""),
            Err(Failure::misconfigured(format!("HTTP {status}")))
        );
    }
    for status in [400, 409, 411, 413, 415, 422] {
        assert_eq!(
            check(status, ""),
            Err(Failure::rejected(format!("HTTP {status}")))
        );
    }
}

#[test]
fn a_reason_quotes_the_start_of_the_body_on_one_line() {
    assert_eq!(
        check(400, " {\n\"error\": \"no\"}\n"),
        Err(Failure::rejected("HTTP 400: { \"error\": \"no\"}"))
    );
    let long = "é".repeat(300);
    assert_eq!(
        check(400, &long),
        Err(Failure::rejected(format!("HTTP 400: {}", "é".repeat(200))))
    );
}

#[test]
fn retry_after_is_read_as_seconds_or_a_date_and_capped() {
    assert_eq!(after_ms("120", 0), Some(120_000));
    assert_eq!(after_ms("99999999999999999999", 0), None);
    assert_eq!(after_ms("7200", 0), Some(3_600_000));
    // The example of RFC 9110 section 5.6.7 is 784111777 in Unix time.
    assert_eq!(
        after_ms("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_700_000),
        Some(77_000)
    );
    assert_eq!(
        after_ms("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_778_000),
        Some(0)
    );
    assert_eq!(
        after_ms("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_799_000),
        Some(1_000)
    );
    for nonsense in [
        "",
        "soon",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT",
        "-1",
    ] {
        assert_eq!(after_ms(nonsense, 0), None, "{nonsense}");
    }
}

#[test]
fn a_retry_waits_as_long_as_the_answer_says() {
    let answer = response(429, "slow down").with_header("Retry-After", "3");
    assert_eq!(
        answer.check(),
        Err(Failure::retry_after("HTTP 429: slow down", 3000))
    );
}

#[test]
fn an_unreadable_answer_is_worth_a_retry() {
    let read = response(200, "<html>").json::<u32>();
    assert!(matches!(read, Err(Failure::Retry(retry)) if retry.reason.contains("unreadable")));
    assert_eq!(json_response(200, &7).json::<u32>(), Ok(7));
}

#[test]
fn an_error_of_the_engine_says_what_happens_next() {
    let failure = |error: Error| Failure::from(error);
    assert_eq!(
        failure(Error::Denied("d".into())),
        Failure::misconfigured("d")
    );
    assert_eq!(failure(Error::Invalid("i".into())), Failure::rejected("i"));
    assert_eq!(failure(Error::Unreachable("u".into())), Failure::retry("u"));
    assert!(matches!(failure(Error::TimedOut), Failure::Retry(_)));
    assert!(matches!(failure(Error::TooLarge), Failure::Rejected(_)));
}

#[test]
fn a_request_is_sent_as_it_was_built() {
    let host = Host::new().http(|_| Ok(response(200, "")));
    let token = Secret::new("pn-secret-1");
    let sent = host.run(|| {
        post("https://example.com/a?x=1#part")
            .query("token", &token)
            .query("sign", "a+b/c=")
            .header("X-Test", 1)
            .body("text/plain", "first")
            .json(&[1, 2])
            .timeout_ms(500)
            .send()
    });
    assert!(sent.is_ok());
    let request = host.requests().remove(0);
    assert_eq!(
        request.url,
        "https://example.com/a?x=1&token=pn-secret-1&sign=a%2Bb%2Fc%3D#part"
    );
    assert_eq!(request.header("x-test"), Some("1"));
    assert_eq!(request.headers.len(), 2);
    assert_eq!(request.header("Content-Type"), Some("application/json"));
    assert_eq!(request.json::<Vec<u32>>(), [1, 2]);
    assert_eq!(request.timeout_ms, Some(500));
}

#[test]
fn a_query_starts_where_there_is_none() {
    let host = Host::new().http(|_| Err(Error::TimedOut));
    for (url, expected) in [
        ("https://example.com", "https://example.com?a=b"),
        ("https://example.com/?", "https://example.com/?a=b"),
        ("https://example.com/?c&", "https://example.com/?c&a=b"),
    ] {
        assert_eq!(
            host.run(|| get(url).query("a", "b").send()),
            Err(Error::TimedOut)
        );
        assert_eq!(
            host.requests().pop().map(|request| request.url).as_deref(),
            Some(expected)
        );
    }
}

#[test]
fn a_body_without_json_form_is_not_sent() {
    let host = Host::new();
    let keys_are_lists = std::collections::BTreeMap::from([(vec![1], 1)]);
    let sent = host.run(|| post("https://example.com").json(&keys_are_lists).send());
    assert!(matches!(sent, Err(Error::Invalid(_))));
    assert!(host.requests().is_empty());
}

#[test]
fn a_quoted_body_is_cut_between_characters() {
    let reason = |body: Vec<u8>| match response(503, body).check() {
        Err(Failure::Retry(retry)) => retry.reason,
        other => panic!("{other:?}"),
    };
    let quoted = |text: &str| format!("HTTP 503: {text}");
    assert_eq!(reason(b" \n no\t".to_vec()), quoted("no"));
    let long = "\u{1f350}".repeat(300);
    assert_eq!(reason(long.into_bytes()), quoted(&"\u{1f350}".repeat(200)));
    assert_eq!(reason(vec![0xff; 1000]), quoted(&"\u{fffd}".repeat(200)));
}
