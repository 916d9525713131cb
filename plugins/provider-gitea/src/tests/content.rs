use super::{API, config, merge_request, push};
use crate::Gitea;
use push_notify_sdk::{
    Changes, Failure,
    http::{Error, Response},
    testing::{Host, response},
};

fn content(path: &str, answer: Result<Response, Error>) -> (Result<Option<String>, Failure>, Host) {
    let host = Host::new().http(move |_| answer.clone());
    let content = host.run(|| Gitea::content(merge_request(7), path.to_owned(), config()));
    (content, host)
}

#[test]
fn a_file_is_fetched_at_the_head() {
    let (text, host) = content("src/a b/#1?.rs", Ok(response(200, "fn main() {}")));
    assert_eq!(text.unwrap().as_deref(), Some("fn main() {}"));
    let request = host.requests().remove(0);
    let expected = format!("{API}/raw/src/a%20b/%231%3F.rs?ref=cccc");
    assert_eq!(request.url, expected);
    assert_eq!(request.header("authorization"), Some("token placeholder"));

    let host = Host::new().http(|_| Ok(response(200, "")));
    let content = host.run(|| Gitea::content(push("aaaa", "bbbb"), "a".to_owned(), config()));
    assert_eq!(content.unwrap().as_deref(), Some(""));
    assert!(host.requests()[0].url.ends_with("?ref=bbbb"));
}
