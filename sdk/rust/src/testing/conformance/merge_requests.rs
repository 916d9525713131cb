//! Merge requests that a provider opens at its Git host, and what it says of them later.

use super::forge::{ForgeRow, TOKEN, config};
use crate::{
    Failure, MergeRequestStatus, MergeRequests, NewMergeRequest, RunState,
    http::{Error, Response},
    testing::{Host, class, forge, json_response, response},
};
use serde_json::{Value, json};

/// How a Git host tells of the merge request 7 of the repository [`HOME`], from `feature` into
/// `main`, which ends at the commit `cccc`, has the address [`PAGE`] and was merged at
/// [`MERGED_AT`].
pub trait MergeRequestRow: MergeRequests + ForgeRow {
    /// The request that opens it, such as `POST /pulls`.
    const OPEN: &'static str;
    /// The request for it.
    const ONE: &'static str;
    /// The request for those that are open between its branches.
    const OPEN_ONES: &'static str;

    /// What opens it with the title `Weigh` and the text `All.`, as a draft.
    fn draft() -> Value;

    /// The field of that with the text.
    const TEXT: &'static str = "body";

    /// It, in this state, with what its pipelines say, where that is told along with it.
    fn one(state: &str, pipeline: Option<RunState>) -> Value;

    /// The same, from a fork's branch of the same name.
    fn of_fork(mut one: Value) -> Value {
        one["head"]["repo"] = json!({"full_name": "someone-else/pear-ledger"});
        one
    }

    /// What answers [`MergeRequestRow::OPEN_ONES`].
    fn list(ones: Vec<Value>) -> Value {
        Value::Array(ones)
    }

    /// What else is asked for, and answered.
    fn besides(_pipeline: RunState) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// The refusal of a second one of the same branches.
    fn is_there() -> Response;
}

pub const HOME: &str = "orchard-works/pear-ledger";
pub const PAGE: &str = "https://git.example.com/orchard-works/pear-ledger/7";
pub const MERGED_AT: &str = "2026-11-09T08:30:00Z";

type Answers = Vec<(&'static str, Result<Response, Error>)>;

/// Everything that is not in the list is not there; the repository is.
fn host<R: MergeRequestRow>(list: Answers) -> Host {
    let mut answer = forge::answers(list, R::ROOT);
    Host::new().now_ms(1_795_000_000_000).http(move |request| {
        let is_repository = request.url == R::ROOT;
        answer(request).unwrap_or_else(|| match is_repository {
            true => Ok(json_response(200, &json!({"id": 1}))),
            false => Ok(response(404, "{}")),
        })
    })
}

fn request() -> NewMergeRequest {
    NewMergeRequest {
        title: "Weigh".to_owned(),
        text: "All.".to_owned(),
        source_branch: "feature".to_owned(),
        target_branch: "main".to_owned(),
        draft: true,
    }
}

fn open<R: MergeRequestRow>(host: &Host) -> Result<MergeRequestStatus, Failure> {
    host.run(|| R::open(request(), config::<R>(json!({}))))
}

fn status<R: MergeRequestRow>(host: &Host) -> Result<Option<MergeRequestStatus>, Failure> {
    host.run(|| R::status(7, config::<R>(json!({}))))
}

fn sent<R: MergeRequestRow>(host: &Host) -> Value {
    forge::sent(host, R::ROOT, |name| name == R::OPEN).remove(0)
}

fn told(status: u16, body: &Value) -> Result<Response, Error> {
    Ok(json_response(status, body))
}

fn is_seven() -> MergeRequestStatus {
    MergeRequestStatus {
        number: 7,
        url: Some(PAGE.to_owned()),
        state: "open".to_owned(),
        head_sha: Some("cccc".to_owned()),
        pipeline: None,
        merged_at: None,
    }
}

pub fn one_is_opened<R: MergeRequestRow>() {
    let host = host::<R>(vec![(R::OPEN, told(201, &R::one("open", None)))]);
    assert_eq!(open::<R>(&host), Ok(is_seven()));
    assert_eq!(sent::<R>(&host), R::draft());
}

pub fn one_of_the_same_branches_is_the_answer<R: MergeRequestRow>() {
    let list = R::list(vec![R::one("open", None)]);
    let host = host::<R>(vec![
        (R::OPEN, Ok(R::is_there())),
        (R::OPEN_ONES, told(200, &list)),
    ]);
    assert_eq!(open::<R>(&host), Ok(is_seven()));
}

/// The host's own reason.
pub fn a_refusal_is_told<R: MergeRequestRow>() {
    let closed = R::list(vec![R::one("closed", None)]);
    let of_fork = R::list(vec![R::of_fork(R::one("open", None))]);
    for list in [R::list(Vec::new()), closed, of_fork] {
        let host = host::<R>(vec![
            (R::OPEN, Ok(R::is_there())),
            (R::OPEN_ONES, told(200, &list)),
        ]);
        let refused = open::<R>(&host);
        let words = R::is_there().text().chars().take(40).collect::<String>();
        assert!(
            matches!(&refused, Err(Failure::Rejected(reason)) if reason.contains(&words)),
            "{refused:?}"
        );
    }
    let spent = response(403, "")
        .with_header("x-ratelimit-remaining", "0")
        .with_header("x-ratelimit-reset", "1795000030");
    for (answer, expected) in [
        (Ok(response(401, "{}")), "misconfigured"),
        (Ok(response(403, "{}")), "misconfigured"),
        (Ok(spent), "retry 30000"),
        (
            Ok(response(429, "").with_header("retry-after", "7")),
            "retry 7000",
        ),
        (Ok(response(503, "<html>")), "retry"),
        (Ok(response(200, "<html>")), "retry"),
        (Err(Error::TimedOut), "retry"),
        (Err(Error::Denied("grant it".to_owned())), "misconfigured"),
    ] {
        let host = host::<R>(vec![(R::OPEN, answer.clone()), (R::ONE, answer.clone())]);
        assert_eq!(class(&open::<R>(&host)), expected, "{answer:?}");
        assert_eq!(class(&status::<R>(&host)), expected, "{answer:?}");
    }
    // A search that fails for a while must not end in a second merge request.
    let busy = host::<R>(vec![
        (R::OPEN, Ok(R::is_there())),
        (R::OPEN_ONES, Ok(response(503, ""))),
    ]);
    assert_eq!(class(&open::<R>(&busy)), "retry");
}

pub fn a_branch_that_is_not_there_is_named<R: MergeRequestRow>() {
    let host = host::<R>(Vec::new());
    let refused = open::<R>(&host);
    assert!(
        matches!(&refused, Err(Failure::Rejected(reason)) if reason.contains("feature")),
        "{refused:?}"
    );
    assert_eq!(status::<R>(&host), Ok(None));
    // Where the whole repository is not shown, an administrator has to mend it.
    let hidden = Host::new().http(|_| Ok(response(404, "{}")));
    assert_eq!(class(&open::<R>(&hidden)), "misconfigured");
    assert_eq!(class(&status::<R>(&hidden)), "misconfigured");
}

pub fn nobody_opens_one_without_a_token<R: MergeRequestRow>() {
    let host = Host::new();
    let refused = host.run(|| R::open(request(), config::<R>(json!({"access_token": ""}))));
    assert_eq!(class(&refused), "misconfigured");
    assert!(host.requests().is_empty());
}

pub fn a_text_commands_nobody<R: MergeRequestRow>() {
    for draft in [false, true] {
        texts_are_fit::<R>(draft);
    }
}

/// A draft's title is no longer than another's, whatever makes it a draft.
fn texts_are_fit<R: MergeRequestRow>(draft: bool) {
    let host = host::<R>(vec![(R::OPEN, told(201, &R::one("open", None)))]);
    let request = NewMergeRequest {
        title: format!("Weigh\r\nthe pears {}", "x".repeat(1000)),
        text: "Sound.\n/merge\n@all".to_owned(),
        draft,
        ..request()
    };
    let opened = host.run(|| R::open(request, config::<R>(json!({}))));
    assert_eq!(class(&opened), "ok");
    let sent = sent::<R>(&host);
    assert_eq!(sent[R::TEXT], "Sound.\n\\/merge\n@\u{200b}all");
    let title = sent["title"].as_str().expect("a title");
    assert!(title.contains("Weigh  the pears x"), "{title}");
    assert!(draft || title.starts_with("Weigh"), "{title}");
    assert_eq!(title.chars().count(), 255);
}

pub fn each_state_is_told<R: MergeRequestRow>() {
    for state in ["open", "closed", "merged"] {
        let mut list = vec![(R::ONE, told(200, &R::one(state, None)))];
        let besides = R::besides(RunState::Succeeded).into_iter();
        list.extend(besides.map(|(name, body)| (name, told(200, &body))));
        let seven = status::<R>(&host::<R>(list))
            .expect("an answer")
            .expect("one");
        assert_eq!((seven.number, &*seven.state), (7, state));
        let merged_at = (state == "merged").then_some(MERGED_AT);
        assert_eq!(seven.merged_at.as_deref(), merged_at, "{state}");
    }
}

pub fn a_pipeline_is_told<R: MergeRequestRow>() {
    for state in [RunState::Failed, RunState::Succeeded, RunState::Running] {
        let besides = R::besides(state);
        let mut list = vec![(R::ONE, told(200, &R::one("open", Some(state))))];
        let answers = besides.into_iter();
        list.extend(answers.map(|(name, body)| (name, told(200, &body))));
        let host = host::<R>(list);
        let seven = status::<R>(&host).expect("an answer").expect("one");
        assert_eq!(seven.pipeline, Some(state));
        for request in host.requests() {
            assert!(!request.url.contains(TOKEN), "{}", request.url);
        }
    }
}
