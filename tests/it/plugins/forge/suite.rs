//! What holds at every Git host. Each host says how it differs in that, and which of it it has.

use super::{Setup, comment, merge_request, push, review, shown};
use push_notify_host::{Decision, Failure, StatusState};
use push_notify_tests::{
    Response,
    forge::{Fault, File, Inline, On},
};
use std::time::Duration;

pub(super) const HEAD: &str = "cccccccccccccccccccccccccccccccccccccccc";
pub(super) const BEFORE: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub(super) struct Dialect {
    pub id: &'static str,
    /// Whether a comment is at the second line of the file that was added.
    pub is_at_second_line: fn(&Inline) -> bool,
    pub has_statuses: bool,
    /// A rate is used up when changes are asked for, and at the end of a publication: method and a
    /// part of the path of each.
    pub limited: [(&'static str, &'static str); 2],
    /// To be waited for seven seconds.
    pub limit: fn() -> Response,
}

/// Tests of these names, by what is here, of a host.
macro_rules! every_host {
    ($dialect:ident, $setup:ident: $($test:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $test() {
                super::suite::$test($setup().await, &$dialect).await;
            }
        )+
    };
}
pub(super) use every_host;

pub(super) async fn a_large_page_is_read_in_smaller_ones(setup: Setup, _: &Dialect) {
    let text = "line of some length\n".repeat(10_000);
    let files = |count: usize| -> Vec<File> {
        (0..count)
            .map(|at| File::added(&format!("{at}.txt"), &text))
            .collect()
    };
    // As large as one answer can be.
    setup.forge.merge_request(7, HEAD, files(45));
    let pages = setup.all_changes(&merge_request(7, HEAD)).await;
    assert_eq!((pages.len(), pages[0].files.len()), (1, 45));
    setup.forge.merge_request(8, HEAD, files(60));
    let pages = setup.all_changes(&merge_request(8, HEAD)).await;
    let counts: Vec<usize> = pages.iter().map(|page| page.files.len()).collect();
    assert_eq!(counts, [10; 6]);
}

pub(super) async fn a_file_is_read_at_the_head(setup: Setup, _: &Dialect) {
    setup.forge.content(HEAD, "src/张 三.rs", "fn main() {}\n");
    setup.forge.content(HEAD, "logo.png", b"\x89PNG\0".to_vec());
    setup.forge.content(HEAD, "large.txt", "x".repeat(11 << 20));
    let event = merge_request(7, HEAD);
    let text = setup.content(&event, "src/张 三.rs").await;
    assert_eq!(text, Ok(Some("fn main() {}\n".to_owned())));
    for path in ["logo.png", "large.txt", "missing.rs", "../../user"] {
        assert_eq!(setup.content(&event, path).await, Ok(None), "{path}");
    }
}

pub(super) async fn a_review_published_twice_is_there_once(setup: Setup, dialect: &Dialect) {
    let file = File::added("src/a.rs", "one\ntwo\nthree\n");
    setup.forge.merge_request(7, HEAD, vec![file]);
    let event = merge_request(7, HEAD);
    let mut review = review(HEAD, vec![comment("src/a.rs", 2, "Why two?")]);
    let first = setup.publish(&event, &review).await.expect("published");
    assert!(
        first.folded.is_empty() && first.problems.is_empty(),
        "{first:?}"
    );
    let id = first.summary.clone().expect("an id");
    review.earlier = Some(id.clone());
    review.summary = Some("Better.".to_owned());
    let second = setup.publish(&event, &review).await.expect("published");
    assert_eq!(second.summary, first.summary);
    let comments = setup.forge.comments_on(7);
    assert_eq!(comments.len(), 1);
    assert_eq!(
        (shown(&comments[0].body), comments[0].edits),
        ("Better.", 1)
    );
    let inline = setup.forge.inline();
    assert_eq!(inline.len(), 1);
    assert_eq!(shown(&inline[0].body), "Why two?");
    assert!((dialect.is_at_second_line)(&inline[0]), "{inline:?}");
    let statuses = setup.forge.statuses();
    let status = statuses.first();
    let told = status.map(|status| (status.state.as_str(), status.context.as_str()));
    let passed = dialect
        .has_statuses
        .then_some(("success", "push-notify/review"));
    assert_eq!(told, passed);
    // Somebody deletes it: the next one is new.
    setup.forge.delete_comment(&id);
    let third = setup.publish(&event, &review).await.expect("published");
    assert_ne!(third.summary, first.summary);
    assert_eq!(setup.forge.comments_on(7).len(), 1);
}

pub(super) async fn a_line_outside_the_hunks_is_folded_into_the_summary(setup: Setup, _: &Dialect) {
    let file = File::added("src/a.rs", "one\ntwo\n");
    setup.forge.merge_request(7, HEAD, vec![file]);
    let comments = vec![
        comment("src/a.rs", 1, "Here."),
        comment("src/a.rs", 99, "Nowhere."),
    ];
    let event = merge_request(7, HEAD);
    let published = setup.publish(&event, &review(HEAD, comments)).await;
    let published = published.expect("published");
    assert_eq!(published.folded, [1]);
    assert!(published.problems.is_empty(), "{:?}", published.problems);
    assert_eq!(setup.forge.inline().len(), 1);
    let summary = setup.forge.comments_on(7).remove(0).body;
    assert!(
        summary.contains("Mostly fine.") && summary.contains("`src/a.rs:99` Nowhere."),
        "{summary}"
    );
}

pub(super) async fn a_push_is_reviewed_at_its_commit(setup: Setup, dialect: &Dialect) {
    let file = File::added("src/a.rs", "one\n");
    setup.forge.compare(BEFORE, HEAD, vec![file]);
    let mut review = review(HEAD, vec![comment("src/a.rs", 1, "Why?")]);
    review.status.as_mut().expect("a status").state = StatusState::Pending;
    for _ in 0..2 {
        let published = setup.publish(&push(BEFORE, HEAD), &review).await;
        let published = published.expect("published");
        assert_eq!(published.folded, [0]);
        // Neither that there are no statuses, nor that it is pending already.
        assert!(published.problems.is_empty(), "{:?}", published.problems);
    }
    let comments = setup.forge.comments();
    assert_eq!(comments.len(), 1);
    assert_eq!(comments[0].on, On::Commit(HEAD.to_owned()));
    assert!(comments[0].body.contains("`src/a.rs:1` Why?"));
    assert_eq!(!setup.forge.statuses().is_empty(), dialect.has_statuses);
}

pub(super) async fn a_used_up_rate_is_waited_for_and_nothing_is_repeated(
    setup: Setup,
    dialect: &Dialect,
) {
    let file = File::added("src/a.rs", "one\n");
    setup.forge.merge_request(7, HEAD, vec![file]);
    let event = merge_request(7, HEAD);
    for (method, path) in dialect.limited {
        let limit = (dialect.limit)().header("retry-after", "7");
        setup.forge.fault(Fault::new(method, path, limit));
    }
    let waited = |failure: Option<Failure>| match failure {
        Some(Failure::Retry { after, .. }) => after,
        other => panic!("{other:?}"),
    };
    let seven = Some(Duration::from_secs(7));
    assert_eq!(waited(setup.changes(&event, None).await.err()), seven);
    let review = review(HEAD, vec![comment("src/a.rs", 1, "Why?")]);
    assert_eq!(waited(setup.publish(&event, &review).await.err()), seven);
    let published = setup.publish(&event, &review).await.expect("published");
    assert!(published.summary.is_some());
    let counts = (
        setup.forge.inline().len(),
        setup.forge.comments().len(),
        setup.forge.statuses().len(),
    );
    assert_eq!(counts, (1, 1, usize::from(dialect.has_statuses)));
}

pub(super) async fn what_the_token_may_not_do_is_a_problem_and_not_the_end(
    setup: Setup,
    _: &Dialect,
) {
    setup.forge.merge_request(7, HEAD, Vec::new());
    let refused = Response::new(403, r#"{"message": "403 Forbidden"}"#);
    setup.forge.fault(Fault::new("POST", "/statuses/", refused));
    let published = setup
        .publish(&merge_request(7, HEAD), &review(HEAD, Vec::new()))
        .await;
    let problems = published.expect("published").problems;
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("403"), "{problems:?}");
    assert_eq!(setup.forge.comments_on(7).len(), 1);
}

pub(super) async fn a_probe_knows_a_wrong_token_and_a_public_repository(
    mut setup: Setup,
    _: &Dialect,
) {
    assert_eq!(setup.probe().await, Ok(()));
    setup.token = "another-token-not-real".to_owned();
    let refused = setup.probe().await;
    assert!(
        matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains("401")),
        "{refused:?}"
    );
    setup.token = String::new();
    let refused = setup.probe().await;
    assert!(matches!(refused, Err(Failure::Misconfigured(_))));
    setup.forge.make_public();
    setup.forge.merge_request(7, HEAD, File::many(3));
    assert_eq!(setup.probe().await, Ok(()));
    let event = merge_request(7, HEAD);
    let page = setup.changes(&event, None).await.expect("changes");
    assert_eq!(page.files.len(), 3);
    let published = setup.publish(&event, &review(HEAD, Vec::new())).await;
    assert!(
        matches!(published, Err(Failure::Misconfigured(_))),
        "{published:?}"
    );
}

/// Publishes a review, forgets it, and publishes it again.
pub(super) async fn after_a_crash_nothing_is_repeated(setup: Setup, dialect: &Dialect) {
    let file = File::added("src/a.rs", "one\ntwo\n");
    setup.forge.merge_request(7, HEAD, vec![file]);
    let comments = vec![
        comment("src/a.rs", 1, "Why?"),
        comment("src/a.rs", 2, "No."),
    ];
    let (event, review) = (merge_request(7, HEAD), review(HEAD, comments));
    let first = setup.publish(&event, &review).await.expect("published");
    let setup = setup.restarted(dialect.id).await;
    let second = setup.publish(&event, &review).await.expect("published");
    assert_eq!(second, first);
    assert_eq!(setup.forge.inline().len(), 2);
    let comments = setup.forge.comments_on(7);
    assert_eq!((comments.len(), comments[0].edits), (1, 1));
}

/// The files of a merge request are those of its newest commit, whichever the event was about.
pub(super) async fn an_overtaken_event_has_no_changes(setup: Setup, _: &Dialect) {
    setup.forge.merge_request(7, HEAD, File::many(1));
    let older = merge_request(7, &"b".repeat(40));
    let refused = setup.changes(&older, None).await;
    assert!(
        matches!(&refused, Err(Failure::Rejected(reason)) if reason.contains("newer commits")),
        "{refused:?}"
    );
}

/// By a word of its own, where the host has approvals beside reviews.
pub(super) async fn an_approval_is_withdrawn(setup: Setup, words: [&str; 2]) {
    setup.forge.merge_request(7, HEAD, Vec::new());
    setup.forge.merge_request(8, HEAD, Vec::new());
    setup.forge.opened_by_us(8);
    let mut review = review(HEAD, Vec::new());
    review.verdict = Some(Decision::Approved);
    for number in [7, 8] {
        let event = merge_request(number, HEAD);
        let published = setup.publish(&event, &review).await.expect("published");
        assert!(published.problems.is_empty(), "{:?}", published.problems);
        if number == 7 {
            let mut later = review.clone();
            later.verdict = Some(Decision::RequestChanges);
            later.summary = None;
            setup.publish(&event, &later).await.expect("published");
        }
    }
    let verdicts = setup.forge.verdicts();
    let told: Vec<_> = verdicts
        .iter()
        .map(|verdict| (verdict.merge_request, verdict.event.as_str()))
        .collect();
    assert_eq!(told, words.map(|word| (7, word)));
}

/// With the review that it came with.
pub(super) async fn an_approval_is_dismissed(setup: Setup, word: &str) {
    setup.forge.merge_request(7, HEAD, File::many(1));
    let event = merge_request(7, HEAD);
    for (verdict, dismissed) in [(Decision::Approved, false), (Decision::Comment, true)] {
        let mut review = review(HEAD, Vec::new());
        review.verdict = Some(verdict);
        setup.publish(&event, &review).await.expect("published");
        let verdicts = setup.forge.verdicts();
        assert_eq!(verdicts.len(), 1);
        let told = (verdicts[0].event.as_str(), verdicts[0].dismissed);
        assert_eq!(told, (word, dismissed));
    }
}

/// A host's own verdict, unless it is of somebody's own merge request.
pub(super) async fn a_verdict_is_the_hosts_own(setup: Setup, verdict: Decision, word: &str) {
    let file = || vec![File::added("src/a.rs", "one\n")];
    setup.forge.merge_request(7, HEAD, file());
    setup.forge.merge_request(8, HEAD, file());
    setup.forge.opened_by_us(8);
    let mut review = review(HEAD, vec![comment("src/a.rs", 1, "So.")]);
    review.verdict = Some(verdict);
    for (number, word) in [(7, word), (8, "COMMENT")] {
        let published = setup.publish(&merge_request(number, HEAD), &review).await;
        assert!(published.expect("published").problems.is_empty());
        let verdicts = setup.forge.verdicts();
        let verdict = verdicts.last().expect("a verdict");
        let told = (verdict.merge_request, verdict.event.as_str());
        assert_eq!(told, (number, word));
    }
    assert_eq!(setup.forge.inline().len(), 2);
}
