//! Clean answers, answers in pieces, cut ones, errors and rubbish.

use super::KEY;
use crate::{
    Ai, AiRequest, Completion, Failure, Role, StopReason, Turn,
    http::{Error, Response},
    testing::{Host, class, json_response, response},
};
use serde_json::{Value, json};

/// How the servers of an AI plugin write things down.
pub trait AiRow: Ai {
    /// What the model is called in [`AiRow::said`].
    const MODEL: &'static str;
    /// Where every part of [`AiRow::whole`] is that the plugin reads, as JSON pointers.
    const PARTS: &'static [&'static str];
    /// The member of an answer that is a list.
    const LIST: Option<&'static str> = None;

    /// A configuration, in which [`KEY`] stands for the secret.
    fn config() -> Value;

    /// A whole answer with this text that came to its end, of 12 tokens for 34.
    fn said(text: &str) -> Value;

    /// The same with every part that the plugin reads.
    fn whole() -> Value {
        Self::said("because")
    }

    /// The same as a stream: what says the pieces, and what ends it.
    fn streamed(pieces: &[&str]) -> (String, String);

    /// A refusal.
    fn error(status: u16, message: &str) -> Response {
        json_response(status, &json!({"error": {"message": message}}))
    }
}

fn host(answer: Result<Response, Error>) -> Host {
    let host = Host::new().now_ms(1_735_693_200_000);
    host.http(move |_| answer.clone())
}

fn complete_on<R: AiRow>(host: &Host, json: bool) -> Result<Completion, Failure> {
    let turn = |role, text: &str| Turn {
        role,
        text: text.to_owned(),
    };
    let request = AiRequest {
        turns: vec![
            turn(Role::System, "You review code."),
            turn(Role::User, "why?"),
        ],
        json,
        schema: None,
        max_tokens: None,
    };
    let config = serde_json::from_value(R::config()).expect("the row's configuration");
    host.run(|| R::complete(config, request))
}

fn complete<R: AiRow>(answer: Response, json: bool) -> Result<Completion, Failure> {
    complete_on::<R>(&host(Ok(answer)), json)
}

fn class_of<R: AiRow>(answer: Response) -> String {
    class(&complete::<R>(answer, false))
}

#[track_caller]
fn assert_because<R: AiRow>(completion: Completion) {
    assert_eq!(completion.text, "because");
    assert_eq!(completion.stop, StopReason::Complete);
    assert_eq!(completion.model.as_deref(), Some(R::MODEL));
    let usage = completion.usage.expect("the row says it");
    assert_eq!((usage.input_tokens, usage.output_tokens), (12, 34));
}

pub fn an_answer_has_its_text_model_and_usage<R: AiRow>() {
    let answer = json_response(200, &R::said(" because \n"));
    assert_because::<R>(complete::<R>(answer, false).unwrap());
}

pub fn an_answer_without_text_is_asked_for_again<R: AiRow>() {
    for body in [R::said(""), R::said("  \n"), json!({}), json!(["text"])] {
        let class = class_of::<R>(json_response(200, &body));
        assert_eq!(class, "retry", "{body}");
    }
}

pub fn an_object_is_found_in_whatever_stands_around_it<R: AiRow>() {
    let text = "<think>{\"score\": 100}</think>Here it is:\n```json\n{\"score\": 60}\n```";
    let completion = complete::<R>(json_response(200, &R::said(text)), true).unwrap();
    assert_eq!(completion.text, "{\"score\": 60}");
}

pub fn half_of_a_character_is_no_reason_to_lose_an_answer<R: AiRow>() {
    let body = R::said("cut here").to_string().replace("here", "\\ud83d");
    let completion = complete::<R>(response(200, body), false).unwrap();
    assert_eq!(completion.text, "cut \u{fffd}");
}

pub fn an_answer_that_nobody_asked_to_be_streamed_is_read<R: AiRow>() {
    let (said, end) = R::streamed(&["be", "cause"]);
    let stream = format!("{said}{end}");
    for body in [stream.clone(), stream.replace('\n', "\r\n")] {
        assert_because::<R>(complete::<R>(response(200, body), false).unwrap());
    }
}

pub fn a_stream_that_ends_before_its_end_is_no_answer<R: AiRow>() {
    let (said, end) = R::streamed(&["be", "cause"]);
    let half = &end[..end.len() / 2];
    for body in [said.clone(), format!("{said}{half}")] {
        let failure = complete::<R>(response(200, body.clone()), false).unwrap_err();
        assert!(failure.to_string().contains("cut off"), "{body}: {failure}");
        assert!(matches!(failure, Failure::Retry(_)), "{failure:?}");
    }
}

pub fn half_an_answer_is_asked_for_again<R: AiRow>() {
    let whole = R::said("because").to_string();
    for cut in [0, 1, 20, whole.len() - 1] {
        let class = class_of::<R>(response(200, &whole.as_bytes()[..cut]));
        assert_eq!(class, "retry", "{cut} bytes");
    }
}

pub fn a_web_page_needs_an_administrator<R: AiRow>() {
    for page in ["<!doctype html><html>", "\n <html>"] {
        assert_eq!(class_of::<R>(response(200, page)), "misconfigured");
    }
}

pub fn what_is_no_answer_is_quoted<R: AiRow>() {
    for (body, told) in [
        (json!({"error": "no room"}), "HTTP 200: no room"),
        (json!({"msg": "no room"}), ": no room"),
        (json!({"success": false}), ": {"),
    ] {
        let failure = complete::<R>(json_response(200, &body), false).unwrap_err();
        assert!(failure.to_string().contains(told), "{body}: {failure}");
    }
}

pub fn an_answer_that_no_model_gives_is_rejected<R: AiRow>() {
    let body = R::said(&"long ".repeat(500_000));
    let failure = complete::<R>(json_response(200, &body), false).unwrap_err();
    assert!(failure.to_string().contains("1 MiB"), "{failure}");
    assert!(matches!(failure, Failure::Rejected(_)), "{failure:?}");
}

pub fn a_long_list_takes_no_room<R: AiRow>() {
    let Some(list) = R::LIST else { return };
    let start = format!("\"{list}\":[");
    let body = R::said("because").to_string();
    assert!(body.contains(&start), "{body}");
    let many = "{},".repeat(1_000_000);
    let body = body.replace(&start, &format!("{start}{many}"));
    assert!(complete::<R>(response(200, body), false).is_err());
}

/// Whatever it is: it comes back, with no more than a failure.
pub fn every_part_of_an_answer_may_be_anything<R: AiRow>() {
    const HERE: &str = "put it here";
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let anything = [
        "null",
        "true",
        "-1e308",
        "99999999999999999999999",
        "\"text\"",
        "\"\\ud800\"",
        "[]",
        "[[], {}, null]",
        "{}",
        "{\"a\": {\"b\": []}}",
        &deep,
    ];
    for path in R::PARTS {
        let mut body = R::whole();
        *body.pointer_mut(path).expect("a part of the row's answer") = json!(HERE);
        for part in anything {
            let body = body.to_string().replace(&format!("\"{HERE}\""), part);
            for status in [200, 400, 404, 429] {
                for json in [false, true] {
                    let _ = complete::<R>(response(status, body.clone()), json);
                }
            }
            let config = serde_json::from_value(R::config()).expect("the row's configuration");
            let _ = host(Ok(response(200, body))).run(|| R::probe(config));
        }
    }
}

pub fn what_passes_is_tried_again<R: AiRow>() {
    for status in [408, 409, 425, 429, 500, 502, 503, 504, 529] {
        assert_eq!(class_of::<R>(R::error(status, "busy")), "retry", "{status}");
        assert_eq!(class_of::<R>(response(status, "<html>")), "retry");
    }
}

pub fn a_server_says_whether_and_when_to_come_back<R: AiRow>() {
    let limited = |headers: &[(&str, &str)]| {
        let answer = R::error(429, "slow down");
        let answer = headers.iter().fold(answer, |answer, (name, value)| {
            answer.with_header(name, *value)
        });
        class_of::<R>(answer)
    };
    let later = ("Retry-After", "7");
    assert_eq!(limited(&[later]), "retry 7000");
    let date = ("Retry-After", "Wed, 01 Jan 2025 01:00:05 GMT");
    assert_eq!(limited(&[date]), "retry 5000");
    assert_eq!(
        limited(&[later, ("Retry-After-Ms", "1500.5")]),
        "retry 1500"
    );
    assert_eq!(limited(&[later, ("Retry-After-Ms", "soon")]), "retry 7000");
    assert_eq!(limited(&[("Retry-After-Ms", "1e30")]), "retry 3600000");
    assert_eq!(limited(&[("Retry-After-Ms", "-1")]), "retry");
    assert_eq!(limited(&[("X-Should-Retry", "false")]), "rejected");
    let refused = R::error(400, "try again");
    assert_eq!(class_of::<R>(refused.clone()), "rejected");
    let again = refused.with_header("x-should-retry", "true");
    assert_eq!(class_of::<R>(again), "retry");
}

pub fn what_an_administrator_has_to_mend_is_misconfigured<R: AiRow>() {
    for status in [301, 401, 402, 403, 404, 405, 410] {
        let class = class_of::<R>(response(status, ""));
        assert_eq!(class, "misconfigured", "{status}");
    }
}

pub fn what_the_server_will_never_take_is_rejected<R: AiRow>() {
    assert_eq!(class_of::<R>(response(413, "")), "rejected");
    assert_eq!(class_of::<R>(R::error(400, "no")), "rejected");
}

pub fn a_question_that_is_too_long_is_never_taken_whatever_the_status<R: AiRow>() {
    for status in [400, 413, 422, 429, 500, 503] {
        for said in [
            "This model's maximum context length is 8192 tokens.",
            "the request exceeds the available context size, try increasing it",
            "prompt is too long: 209000 tokens > 200000 maximum",
        ] {
            let class = class_of::<R>(R::error(status, said));
            assert_eq!(class, "rejected", "{status} {said}");
        }
    }
}

pub fn a_request_without_an_answer_says_what_happens_next<R: AiRow>() {
    for (error, expected) in [
        (Error::TimedOut, "retry"),
        (Error::Unreachable("no route".to_owned()), "retry"),
        (Error::TooLarge, "rejected"),
        (Error::Denied("grant it".to_owned()), "misconfigured"),
    ] {
        let class = class(&complete_on::<R>(&host(Err(error.clone())), false));
        assert_eq!(class, expected, "{error:?}");
    }
}

pub fn the_reason_is_found_wherever_servers_put_it<R: AiRow>() {
    for body in [
        json!({"error": {"message": "no\nroom"}}),
        json!({"error": "no\nroom"}),
        json!({"object": "error", "message": "no\nroom", "code": 400}),
        json!({"detail": "no\nroom"}),
    ] {
        let failure = complete::<R>(json_response(413, &body), false).unwrap_err();
        assert_eq!(failure, Failure::rejected("HTTP 413: no room"), "{body}");
    }
    let page = "<html><head><title>502 Bad Gateway</title></head>";
    let failure = complete::<R>(response(502, page), false).unwrap_err();
    assert_eq!(failure, Failure::retry("HTTP 502: 502 Bad Gateway"));
}

pub fn a_reason_stays_short_whatever_a_server_says<R: AiRow>() {
    let long = "长".repeat(100_000);
    for status in [200, 400, 413, 429, 500] {
        let answer = R::error(status, &long);
        let failure = complete::<R>(answer, false).unwrap_err().to_string();
        let count = failure.chars().count();
        assert!(count < 600, "{status}: {count} characters");
    }
}

/// Servers repeat a part of a wrong key.
pub fn no_reason_tells_the_key<R: AiRow>() {
    let answer = R::error(401, "Incorrect API key provided: sk-no****real.");
    let told = format!("{:?}", complete::<R>(answer, false).unwrap_err());
    assert!(
        told.contains("API key") && !told.contains("sk-no"),
        "{told}"
    );
    for status in [200, 301, 400, 401, 404, 429, 500] {
        let host = host(Ok(R::error(status, "no")));
        let told = format!("{:?}", complete_on::<R>(&host, false).unwrap_err());
        assert!(!told.contains(KEY), "{status}: {told}");
        let logged = format!("{:?}", host.lines());
        assert!(!logged.contains(KEY), "{status}: {logged}");
    }
}

pub fn the_key_is_in_a_header_alone<R: AiRow>() {
    let host = host(Ok(json_response(200, &R::said("because"))));
    complete_on::<R>(&host, false).unwrap();
    for request in host.requests() {
        assert!(!request.url.contains(KEY), "{}", request.url);
        assert!(!request.text().contains(KEY), "{}", request.text());
        let mut headers = request.headers.iter();
        assert!(headers.any(|header| header.value.contains(KEY)));
    }
}
