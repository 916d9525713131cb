use super::complete_with;
use push_notify_sdk::{http::Response, testing};
use serde_json::json;

fn error(status: u16, kind: &str, message: &str) -> Response {
    let error = json!({"type": kind, "message": message});
    testing::json_response(
        status,
        &json!({"type": "error", "error": error, "request_id": "req_1"}),
    )
}

fn class(response: Response) -> String {
    testing::class(&complete_with(response, false))
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
