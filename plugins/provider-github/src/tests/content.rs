use super::{API, config, merge_request, push};
use crate::Github;
use push_notify_sdk::{
    Changes, Failure,
    http::{Error, Response},
    testing::{Host, response},
};

fn content(path: &str, answer: Result<Response, Error>) -> (Result<Option<String>, Failure>, Host) {
    let host = Host::new().http(move |_| answer.clone());
    let content = host.run(|| Github::content(merge_request(7), path.to_owned(), config()));
    (content, host)
}

#[test]
fn a_file_is_fetched_at_the_head() {
    let (text, host) = content("src/a b/#1?.rs", Ok(response(200, "fn main() {}")));
    assert_eq!(text.unwrap().as_deref(), Some("fn main() {}"));
    let request = host.requests().remove(0);
    let expected = format!("{API}/contents/src/a%20b/%231%3F.rs?ref=cccc");
    assert_eq!(request.url, expected);
    assert_eq!(
        request.header("accept"),
        Some("application/vnd.github.raw+json")
    );

    let host = Host::new().http(|_| Ok(response(200, "")));
    let content = host.run(|| Github::content(push("aaaa", "bbbb"), "a".to_owned(), config()));
    assert_eq!(content.unwrap().as_deref(), Some(""));
    assert!(host.requests()[0].url.ends_with("?ref=bbbb"));
}

#[test]
fn what_is_no_file_is_absent() {
    let folder = response(200, "[]").with_header("content-type", "application/json; charset=utf-8");
    let huge = response(403, r#"{"errors": [{"code": "too_large"}]}"#);
    for answer in [folder, huge] {
        assert_eq!(content("a", Ok(answer)).0, Ok(None));
    }
}
