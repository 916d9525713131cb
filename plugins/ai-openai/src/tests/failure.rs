use super::complete_with;
use push_notify_sdk::{Failure, http::Response, testing};
use serde_json::{Value, json};

fn answered(response: Response) -> Failure {
    complete_with(response, false).unwrap_err()
}

fn error(status: u16, error: Value) -> Response {
    testing::json_response(status, &json!({"error": error}))
}

/// `retry`, `retry MS`, `rejected` or `misconfigured`.
fn class(response: Response) -> String {
    match answered(response) {
        Failure::Retry(retry) => match retry.after_ms {
            Some(ms) => format!("retry {ms}"),
            None => "retry".to_owned(),
        },
        Failure::Rejected(_) => "rejected".to_owned(),
        Failure::Misconfigured(_) => "misconfigured".to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_passes_is_tried_again() {
    for status in [408, 409, 425, 429, 500, 502, 503, 504, 529] {
        let response = error(status, json!({"message": "busy", "type": "server_error"}));
        assert_eq!(class(response), "retry", "{status}");
        assert_eq!(class(testing::response(status, "<html>")), "retry");
    }
}

#[test]
fn a_server_says_how_long_to_wait() {
    let limited = |headers: &[(&str, &str)]| {
        let response = error(429, json!({"code": "rate_limit_exceeded"}));
        let response = headers.iter().fold(response, |response, (name, value)| {
            response.with_header(name, *value)
        });
        class(response)
    };
    assert_eq!(limited(&[("Retry-After", "7")]), "retry 7000");
    assert_eq!(
        limited(&[("Retry-After", "Wed, 01 Jan 2025 01:00:05 GMT")]),
        "retry 5000"
    );
    assert_eq!(
        limited(&[("Retry-After", "7"), ("Retry-After-Ms", "1500.5")]),
        "retry 1500"
    );
    assert_eq!(
        limited(&[("Retry-After", "7"), ("Retry-After-Ms", "soon")]),
        "retry 7000"
    );
    assert_eq!(limited(&[("Retry-After-Ms", "1e30")]), "retry 3600000");
    assert_eq!(limited(&[("Retry-After-Ms", "-1")]), "retry");
    assert_eq!(limited(&[("X-Should-Retry", "false")]), "rejected");
}

#[test]
fn a_server_may_ask_for_a_retry() {
    let response = error(400, json!({"message": "try again"}));
    assert_eq!(class(response.clone()), "rejected");
    assert_eq!(
        class(response.with_header("x-should-retry", "true")),
        "retry"
    );
}

#[test]
fn a_used_up_quota_needs_an_administrator() {
    for said in [
        json!({"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}),
        json!({"message": "suspended", "type": "exceeded_current_quota_error"}),
        json!({"message": "余额不足", "code": "1113"}),
    ] {
        let response = error(429, said).with_header("retry-after", "1");
        assert_eq!(class(response), "misconfigured");
    }
    assert_eq!(
        class(error(402, json!({"message": "Insufficient Balance"}))),
        "misconfigured"
    );
    assert_eq!(
        class(error(400, json!({"code": "Arrearage"}))),
        "misconfigured"
    );
}

#[test]
fn what_an_administrator_has_to_mend_is_misconfigured() {
    for status in [301, 401, 403, 404, 405] {
        assert_eq!(
            class(testing::response(status, "")),
            "misconfigured",
            "{status}"
        );
    }
    for said in [
        json!({"message": "Model Not Exist", "type": "invalid_request_error"}),
        json!({"message": "no", "code": "model_not_found"}),
        json!({"message": "no", "param": "model"}),
        json!({"message": "Only the default (1) value is supported.", "param": "temperature", "code": "unsupported_value"}),
    ] {
        assert_eq!(class(error(400, said.clone())), "misconfigured", "{said}");
    }
}

#[test]
fn google_puts_its_errors_into_a_list() {
    let message = "API key not valid. Please pass a valid API key.";
    let body = json!([{"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}]);
    let failure = answered(testing::json_response(400, &body));
    let expected = Failure::misconfigured(format!("HTTP 400: {message}"));
    assert_eq!(failure, expected);
}

#[test]
fn what_the_server_will_never_take_is_rejected() {
    for code in ["context_length_exceeded", "content_filter", ""] {
        let said = json!({"message": "no", "code": code, "type": "invalid_request_error"});
        assert_eq!(class(error(400, said)), "rejected", "{code}");
    }
    assert_eq!(class(testing::response(413, "")), "rejected");
}

#[test]
fn the_text_of_a_wrong_key_is_not_repeated() {
    let message = "Incorrect API key provided: sk-no****real.";
    let failure = answered(error(401, json!({"message": message})));
    let told = format!("{failure:?}");
    assert!(
        told.contains("API key") && !told.contains("sk-no"),
        "{told}"
    );
}

#[test]
fn the_reason_is_found_wherever_servers_put_it() {
    for body in [
        json!({"error": {"message": "no\nroom"}}),
        json!({"error": "no\nroom"}),
        json!({"object": "error", "message": "no\nroom", "code": 400}),
        json!({"detail": "no\nroom"}),
    ] {
        let failure = answered(testing::json_response(413, &body));
        assert_eq!(failure, Failure::rejected("HTTP 413: no room"), "{body}");
    }
    let long = answered(error(413, json!({"message": "长".repeat(100_000)})));
    assert!(matches!(long, Failure::Rejected(reason) if reason.chars().count() < 400));
}

#[test]
fn a_question_that_is_too_long_is_never_taken_whatever_the_status() {
    for status in [400, 413, 422, 429, 500, 503] {
        for said in [
            json!({"message": "no", "code": "context_length_exceeded"}),
            json!({"message": "This model's maximum context length is 8192 tokens."}),
            json!("the request exceeds the available context size, try increasing it"),
        ] {
            assert_eq!(
                class(error(status, said.clone())),
                "rejected",
                "{status} {said}"
            );
        }
    }
}

#[test]
fn a_gateway_is_quoted_also_where_it_sends_no_json() {
    let failure = answered(testing::response(502, "upstream connect error"));
    assert_eq!(failure, Failure::retry("HTTP 502: upstream connect error"));
    let page = "<html><head><title>502 Bad Gateway</title></head>";
    let failure = answered(testing::response(502, page));
    assert_eq!(failure, Failure::retry("HTTP 502: 502 Bad Gateway"));
}
