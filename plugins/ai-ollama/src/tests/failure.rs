use super::complete_with;
use push_notify_sdk::{Failure, http::Response, testing};
use serde_json::json;

fn answered(response: Response) -> Failure {
    complete_with(response, false).unwrap_err()
}

fn error(status: u16, message: &str) -> Response {
    testing::json_response(status, &json!({"error": message}))
}

fn class(response: Response) -> String {
    testing::class(&complete_with(response, false))
}

#[test]
fn a_busy_machine_is_asked_again() {
    for (status, message) in [
        (
            503,
            "server busy, please try again.  maximum pending requests exceeded",
        ),
        (500, "llama runner process has terminated: exit status 2"),
    ] {
        assert_eq!(class(error(status, message)), "retry", "{message}");
    }
}

#[test]
fn a_model_that_is_not_there_names_its_cure() {
    for message in [
        "model 'm:1b' not found",
        "model \"m:1b\" not found, try pulling it first",
    ] {
        let Failure::Misconfigured(reason) = answered(error(404, message)) else {
            panic!("{message}");
        };
        assert!(reason.contains("`ollama pull m:1b`"), "{reason}");
    }
}

#[test]
fn what_an_administrator_has_to_mend_is_misconfigured() {
    for status in [301, 401, 402, 403, 404, 405] {
        assert_eq!(class(testing::response(status, "")), "misconfigured");
    }
    for response in [
        error(
            500,
            "model requires more system memory (44.0 GiB) than is available (7.6 GiB)",
        ),
        error(400, "\"m:1b\" does not support thinking"),
        error(400, "\"m:1b\" does not support chat"),
    ] {
        assert_eq!(class(response), "misconfigured");
    }
}

#[test]
fn what_the_server_will_never_take_is_rejected() {
    let long = error(400, "the input length exceeds the context length");
    assert_eq!(
        answered(long),
        Failure::rejected("HTTP 400: the input length exceeds the context length")
    );
    assert_eq!(class(testing::response(413, "")), "rejected");
}
