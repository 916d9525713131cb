//! What a provider asks its Git host, and what it makes of answers and of none.

use crate::{
    ChangePage, Changes, Event, Failure, Published, Review, Reviews,
    http::{Error, Response},
    testing::{Host, class, forge::review, merge_request, push, response},
};
use serde_json::{Value, json};

/// Where a provider's Git host is, and how it gives a file.
pub trait ForgeRow: Changes + Reviews {
    /// A repository, whose last part is `orchard-works/pear-ledger`.
    const URL: &'static str;
    /// Its address at the API.
    const ROOT: &'static str;
    /// The header that shows the token, which is [`TOKEN`].
    const TOKEN_HEADER: (&'static str, &'static str);
    /// The address of `src/a b.rs` below [`ForgeRow::ROOT`], with `HEAD` for the commit.
    const FILE: &'static str;

    /// An answer that is a file.
    fn answer(content: &[u8]) -> Response {
        response(200, content)
    }
}

/// What stands for the access token.
pub const TOKEN: &str = "token-placeholder";
const OLD: &str = "1111111111111111111111111111111111111111";
const HEAD: &str = "2222222222222222222222222222222222222222";

pub(super) fn config<R: ForgeRow>(fields: Value) -> R::Config {
    let mut config = json!({"url": R::URL, "access_token": TOKEN});
    for (name, value) in fields.as_object().expect("fields") {
        config[name] = value.clone();
    }
    serde_json::from_value(config).expect("a configuration")
}

fn host(answer: Result<Response, Error>) -> Host {
    let host = Host::new().now_ms(1_795_000_000_000);
    host.http(move |_| answer.clone())
}

fn probe<R: ForgeRow>(host: &Host, fields: Value) -> Result<(), Failure> {
    host.run(|| R::probe(config::<R>(fields)))
}

fn content<R: ForgeRow>(host: &Host, event: Event, path: &str) -> Result<Option<String>, Failure> {
    let path = path.to_owned();
    host.run(|| R::content(event, path, config::<R>(json!({}))))
}

fn repository() -> Result<Response, Error> {
    Ok(response(200, r#"{"id": 1, "name": "pear-ledger"}"#))
}

pub fn a_probe_asks_for_the_repository<R: ForgeRow>() {
    let host = host(repository());
    assert_eq!(probe::<R>(&host, json!({})), Ok(()));
    let requests = host.requests();
    assert_eq!((requests.len(), &*requests[0].url), (1, R::ROOT));
    let (name, value) = R::TOKEN_HEADER;
    assert_eq!(requests[0].header(name), Some(value));
    assert!(!requests[0].url.contains(TOKEN));
}

pub fn a_probe_tells_what_is_wrong<R: ForgeRow>() {
    for (status, body, part) in [
        (401, "{}", "access token"),
        (403, "{}", "access token"),
        (404, "{}", "orchard-works/pear-ledger"),
        (200, "<!doctype html>", "api_url"),
        (302, "", "302"),
    ] {
        let refused = probe::<R>(&host(Ok(response(status, body))), json!({}));
        assert!(
            matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains(part)),
            "{status}: {refused:?}"
        );
    }
    let busy = probe::<R>(&host(Ok(response(503, ""))), json!({}));
    assert_eq!(class(&busy), "retry");
}

pub fn a_public_repository_is_read_without_a_token<R: ForgeRow>() {
    for token in [Value::Null, json!("")] {
        let host = host(repository());
        let fields = json!({"access_token": token, "api_url": ""});
        assert_eq!(probe::<R>(&host, fields), Ok(()));
        let header = R::TOKEN_HEADER.0;
        assert_eq!(host.requests()[0].header(header), None);
    }
}

pub fn an_address_without_a_repository_is_not_called<R: ForgeRow>() {
    for url in [
        "",
        "https://git.example.com",
        "https://git.example.com/",
        "app",
    ] {
        let host = Host::new();
        let result = probe::<R>(&host, json!({ "url": url }));
        assert_eq!(class(&result), "misconfigured", "{url}");
    }
}

pub fn a_file_is_read_at_the_head<R: ForgeRow>() {
    for event in [merge_request(7, HEAD), push(OLD, HEAD)] {
        let host = host(Ok(R::answer("梨\n".as_bytes())));
        let text = content::<R>(&host, event, "src/a b.rs");
        assert_eq!(text, Ok(Some("梨\n".to_owned())));
        let requests = host.requests();
        let expected = format!("{}{}", R::ROOT, R::FILE.replace("HEAD", HEAD));
        assert_eq!((requests.len(), &requests[0].url), (1, &expected));
    }
    let empty = content::<R>(&host(Ok(R::answer(b""))), push(OLD, HEAD), "a");
    assert_eq!(empty, Ok(Some(String::new())));
}

pub fn what_is_no_text_of_a_readable_size_is_absent<R: ForgeRow>() {
    for answer in [
        Ok(response(404, r#"{"message": "Not Found"}"#)),
        Ok(R::answer(b"a\0b")),
        Ok(R::answer(b"\xff\xfe")),
        Ok(R::answer(&vec![b'a'; (1 << 20) + 1])),
        Err(Error::TooLarge),
    ] {
        assert_eq!(content::<R>(&host(answer), push(OLD, HEAD), "a"), Ok(None));
    }
}

pub fn a_path_leads_nowhere_else<R: ForgeRow>() {
    for path in [
        "",
        "/",
        "..",
        "../../user",
        "/etc/passwd",
        "a/../../b",
        "a//b",
        "./a",
    ] {
        let host = Host::new();
        assert_eq!(
            content::<R>(&host, push(OLD, HEAD), path),
            Ok(None),
            "{path}"
        );
    }
}

fn changes<R: ForgeRow>(host: &Host, event: Event) -> Result<ChangePage, Failure> {
    host.run(|| R::changes(event, None, config::<R>(json!({}))))
}

pub fn what_passes_is_tried_again<R: ForgeRow>() {
    let spent = response(403, "")
        .with_header("x-ratelimit-remaining", "0")
        .with_header("x-ratelimit-reset", "1795000030");
    for (answer, expected) in [
        (
            Ok(response(429, "").with_header("retry-after", "7")),
            "retry 7000",
        ),
        (Ok(spent), "retry 30000"),
        (Ok(response(502, "")), "retry"),
        (Ok(response(503, "<html>")), "retry"),
        (Err(Error::TimedOut), "retry"),
        (Err(Error::Unreachable("no route".to_owned())), "retry"),
        (Err(Error::Denied("grant it".to_owned())), "misconfigured"),
        (Ok(response(401, "")), "misconfigured"),
        (Ok(response(403, "")), "misconfigured"),
    ] {
        let host = host(answer.clone());
        let read = content::<R>(&host, push(OLD, HEAD), "a");
        assert_eq!(class(&read), expected, "{answer:?}");
        let listed = changes::<R>(&host, merge_request(7, HEAD));
        assert_eq!(class(&listed), expected, "{answer:?}");
        let told = publish::<R>(&host, review(HEAD), json!({}));
        if expected.starts_with("retry") {
            assert_eq!(class(&told), expected, "{answer:?}");
        }
    }
    let garbage = host(Ok(response(200, "<html>")));
    let listed = changes::<R>(&garbage, merge_request(7, HEAD));
    assert_eq!(class(&listed), "retry");
}

pub fn what_a_payload_names_as_its_commit_gets_into_no_address<R: ForgeRow>() {
    for wrong in ["", "../../user", "2222222/../..", "main", "2?x=1", "abc"] {
        let host = Host::new();
        let read = content::<R>(&host, push(OLD, wrong), "a");
        assert_eq!(class(&read), "rejected", "{wrong}");
        let listed = changes::<R>(&host, push(OLD, wrong));
        assert_eq!(class(&listed), "rejected", "{wrong}");
        let review = Review {
            head_sha: wrong.to_owned(),
            ..review(HEAD)
        };
        let told = publish::<R>(&host, review, json!({}));
        assert_eq!(class(&told), "rejected", "{wrong}");
    }
}

fn publish<R: ForgeRow>(host: &Host, review: Review, fields: Value) -> Result<Published, Failure> {
    let event = merge_request(7, HEAD);
    host.run(|| R::publish(event, review, config::<R>(fields)))
}

pub fn nobody_speaks_without_a_token<R: ForgeRow>() {
    let host = Host::new();
    let told = publish::<R>(&host, review(HEAD), json!({"access_token": ""}));
    assert!(
        matches!(&told, Err(Failure::Misconfigured(reason)) if reason.contains("access token")),
        "{told:?}"
    );
}

pub fn a_review_of_nothing_asks_nothing<R: ForgeRow>() {
    let nothing = || Review {
        summary: None,
        comments: Vec::new(),
        status: None,
        ..review(HEAD)
    };
    for event in [merge_request(7, HEAD), push(OLD, HEAD)] {
        let host = Host::new();
        let told = host.run(|| R::publish(event, nothing(), config::<R>(json!({}))));
        assert_eq!(told, Ok(Published::default()));
    }
}

pub fn no_reason_tells_the_token<R: ForgeRow>() {
    for status in [302, 400, 401, 403, 404, 422, 429, 500] {
        let host = host(Ok(response(status, "no")));
        let told = [
            format!("{:?}", probe::<R>(&host, json!({}))),
            format!("{:?}", content::<R>(&host, push(OLD, HEAD), "a")),
            format!("{:?}", changes::<R>(&host, merge_request(7, HEAD))),
            format!("{:?}", publish::<R>(&host, review(HEAD), json!({}))),
            format!("{:?}", host.lines()),
        ];
        for told in told {
            assert!(!told.contains(TOKEN), "{status}: {told}");
        }
        for request in host.requests() {
            assert!(!request.url.contains(TOKEN), "{}", request.url);
            assert!(!request.text().contains(TOKEN), "{}", request.text());
        }
    }
}
