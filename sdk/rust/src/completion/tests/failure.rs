use crate::{
    Completion, Failure, StopReason,
    completion::{self, Fault},
    http::{Error, get},
    testing::{Host, response},
};

fn wait(headers: &[(&str, &str)]) -> Option<u64> {
    let answer = response(429, "");
    let answer = headers.iter().fold(answer, |answer, (name, value)| {
        answer.with_header(name, *value)
    });
    let failure = Host::new().run(|| completion::retry(&answer, String::new()));
    let Failure::Retry(retry) = failure else {
        panic!("{failure:?}");
    };
    retry.after_ms
}

fn completed(text: &str, stop: StopReason) -> Result<Completion, Failure> {
    completion::checked(Completion {
        text: text.to_owned(),
        model: None,
        usage: None,
        stop,
    })
}

#[test]
fn a_wait_in_milliseconds_is_preferred_and_capped() {
    assert_eq!(wait(&[]), None);
    assert_eq!(wait(&[("Retry-After", "7")]), Some(7000));
    let both = [("Retry-After", "7"), ("Retry-After-Ms", "1500.5")];
    assert_eq!(wait(&both), Some(1500));
    let unreadable = [("Retry-After", "7"), ("Retry-After-Ms", "soon")];
    assert_eq!(wait(&unreadable), Some(7000));
    assert_eq!(wait(&[("Retry-After-Ms", "1e30")]), Some(3_600_000));
    assert_eq!(wait(&[("Retry-After-Ms", "-1")]), None);
}

#[test]
fn a_server_decides_about_a_retry_where_it_says_so() {
    for status in [408, 409, 425, 429, 500, 503, 529] {
        assert!(completion::may_pass(&response(status, ""), status));
        let never = response(status, "").with_header("x-should-retry", "false");
        assert!(!completion::may_pass(&never, status));
    }
    assert!(!completion::may_pass(&response(400, ""), 400));
    let again = response(400, "").with_header("x-should-retry", "true");
    assert!(completion::may_pass(&again, 400));
}

#[test]
fn a_reason_quotes_the_start_on_one_line() {
    assert_eq!(completion::reason(400, " no\nroom "), "HTTP 400: no room");
    assert_eq!(completion::reason(400, " "), "HTTP 400");
    let long = completion::reason(400, &"长".repeat(1000));
    assert_eq!(long, format!("HTTP 400: {}", "长".repeat(300)));
}

#[test]
fn a_text_is_empty_for_a_reason_or_asked_for_again() {
    for stop in [StopReason::Complete, StopReason::Other] {
        assert!(matches!(completed("", stop), Err(Failure::Retry(_))));
        assert!(completed("text", stop).is_ok());
    }
    for stop in [StopReason::Length, StopReason::Refused] {
        assert!(completed("", stop).is_ok());
    }
    let long = completed(&"a".repeat((1 << 20) + 1), StopReason::Complete);
    assert!(matches!(long, Err(Failure::Rejected(_))));
}

#[test]
fn a_web_page_needs_an_administrator_and_half_an_answer_does_not() {
    let page = completion::unreadable(&response(200, "\n <html>"));
    assert!(matches!(page, Failure::Misconfigured(_)));
    let half = completion::unreadable(&response(200, "{\"a\":"));
    assert!(matches!(half, Failure::Retry(_)));
}

#[test]
fn a_request_without_an_answer_says_what_happens_next() {
    let sent = |error: Error| {
        let host = Host::new().http(move |_| Err(error.clone()));
        host.run(|| completion::send(get("https://ai.example.com/"), None))
    };
    assert!(matches!(
        sent(Error::TooLarge),
        Err(Failure::Rejected(reason)) if reason.contains("larger")
    ));
    assert!(matches!(sent(Error::TimedOut), Err(Failure::Retry(_))));
}

#[test]
fn what_a_server_says_weighs_more_than_its_status() {
    let class = |status, fault| {
        let answer = response(status, "");
        match Host::new().run(|| completion::refused(&answer, status, status, "no", fault)) {
            Failure::Retry(_) => "retry",
            Failure::Throttled(_) => "throttled",
            Failure::Rejected(_) => "rejected",
            Failure::Misconfigured(_) => "misconfigured",
            Failure::Partial(_) => "partial",
        }
    };
    for status in [400, 403, 429, 500] {
        assert_eq!(class(status, Fault::Quota), "misconfigured", "{status}");
        assert_eq!(class(status, Fault::Settings), "misconfigured", "{status}");
        assert_eq!(class(status, Fault::TooLong), "rejected", "{status}");
    }
    for fault in [Fault::Quota, Fault::TooLong, Fault::Settings, Fault::Other] {
        assert_eq!(class(401, fault), "misconfigured", "{fault:?}");
    }
    for (status, expected) in [
        (400, "rejected"),
        (402, "misconfigured"),
        (413, "rejected"),
        (429, "retry"),
        (503, "retry"),
    ] {
        assert_eq!(class(status, Fault::Other), expected, "{status}");
    }
}
