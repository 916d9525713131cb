use super::{API, config, merge_request, push};
use crate::Gitea;
use push_notify_sdk::{
    Failure, Provider,
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

#[test]
fn what_is_no_text_of_a_readable_size_is_none() {
    let large = "x".repeat((1 << 20) + 1);
    for answer in [
        Ok(response(404, r#"{"message": "Not Found"}"#)),
        Ok(response(200, "a\0b")),
        Ok(response(200, b"\xff\xfe".to_vec())),
        Ok(response(200, large)),
        Err(Error::TooLarge),
    ] {
        assert_eq!(content("a", answer).0, Ok(None));
    }
    assert!(matches!(
        content("a", Ok(response(403, ""))).0,
        Err(Failure::Misconfigured(_))
    ));
    assert!(matches!(
        content("a", Ok(response(500, ""))).0,
        Err(Failure::Retry(_))
    ));
}

#[test]
fn a_path_leads_nowhere_else() {
    for path in ["", "/", "..", "../../../user", "a/../../b", "a//b", "./a"] {
        let (text, host) = content(path, Ok(response(200, "")));
        assert_eq!(text, Ok(None), "{path}");
        assert!(host.requests().is_empty());
    }
}
