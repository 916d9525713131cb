use super::complete_with;
use push_notify_sdk::{Failure, http::Response, testing};
use serde_json::json;

fn answered(response: Response) -> Failure {
    complete_with(response, false).unwrap_err()
}

fn error(status: u16, kind: &str, message: &str) -> Response {
    let error = json!({"type": kind, "message": message});
    testing::json_response(
        status,
        &json!({"type": "error", "error": error, "request_id": "req_1"}),
    )
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
    for (status, kind) in [
        (409, ""),
        (429, "rate_limit_error"),
        (500, "api_error"),
        (502, ""),
        (504, "timeout_error"),
        (529, "overloaded_error"),
    ] {
        assert_eq!(class(error(status, kind, "busy")), "retry", "{status}");
        assert_eq!(class(testing::response(status, "<html>")), "retry");
    }
}

#[test]
fn a_server_says_whether_and_when_to_come_back() {
    let limited = || {
        error(
            429,
            "rate_limit_error",
            "This request would exceed the limit",
        )
    };
    assert_eq!(
        class(limited().with_header("retry-after", "7")),
        "retry 7000"
    );
    let precise = limited()
        .with_header("retry-after", "7")
        .with_header("retry-after-ms", "1500");
    assert_eq!(class(precise), "retry 1500");
    let never = limited().with_header("x-should-retry", "false");
    assert_eq!(class(never), "rejected");
    let again = error(400, "invalid_request_error", "").with_header("x-should-retry", "true");
    assert_eq!(class(again), "retry");
}

#[test]
fn an_account_without_money_needs_an_administrator() {
    for response in [
        error(402, "billing_error", "no"),
        error(429, "billing_error", "no").with_header("retry-after", "1"),
        error(
            400,
            "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API.",
        ),
        error(
            400,
            "invalid_request_error",
            "You have reached your specified API usage limits.",
        ),
    ] {
        assert_eq!(class(response), "misconfigured");
    }
}

#[test]
fn what_an_administrator_has_to_mend_is_misconfigured() {
    for status in [301, 401, 403, 404, 405] {
        assert_eq!(class(testing::response(status, "")), "misconfigured");
    }
    for message in [
        "max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for m-1",
        "`temperature` and `top_p` cannot both be specified for this model.",
        "temperature: range: 0..1",
    ] {
        let response = error(400, "invalid_request_error", message);
        assert_eq!(class(response), "misconfigured", "{message}");
    }
}

#[test]
fn what_the_server_will_never_take_is_rejected() {
    for message in [
        "prompt is too long: 209000 tokens > 200000 maximum",
        "input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000",
        "Output blocked by content filtering policy",
        "",
    ] {
        let response = error(400, "invalid_request_error", message);
        assert_eq!(class(response), "rejected", "{message}");
    }
    assert_eq!(class(error(413, "request_too_large", "")), "rejected");
}

#[test]
fn the_text_of_a_wrong_key_is_not_repeated() {
    let failure = answered(error(
        401,
        "authentication_error",
        "invalid key sk-no****real",
    ));
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
        json!({"message": "no\nroom"}),
    ] {
        let failure = answered(testing::json_response(413, &body));
        assert_eq!(failure, Failure::rejected("HTTP 413: no room"), "{body}");
    }
}
