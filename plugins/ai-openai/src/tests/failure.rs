use super::complete_with;
use push_notify_sdk::{Failure, http::Response, testing};
use serde_json::{Value, json};

fn answered(response: Response) -> Failure {
    complete_with(response, false).unwrap_err()
}

fn error(status: u16, error: Value) -> Response {
    testing::json_response(status, &json!({"error": error}))
}

fn class(response: Response) -> String {
    testing::class(&complete_with(response, false))
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
fn a_code_tells_that_a_question_is_too_long_whatever_the_status() {
    for status in [400, 429, 500] {
        let said = json!({"message": "no", "code": "context_length_exceeded"});
        assert_eq!(class(error(status, said)), "rejected", "{status}");
    }
}
