//! Changes and reviews at GitHub, through the component.

use super::forge::{
    Setup, comment, merge_request, newer_commits_are_another_events,
    nothing_is_repeated_after_a_crash, push, review, shown,
};
use push_notify_host::{ChangeScope, Decision, Failure, Omission};
use push_notify_tests::{
    Response,
    forge::{Fault, File, Forge, On},
};
use serde_json::json;
use std::time::Duration;

const HEAD: &str = "cccccccccccccccccccccccccccccccccccccccc";
const BEFORE: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

async fn setup() -> Setup {
    Setup::start("github", Forge::github().await).await
}

#[tokio::test]
async fn a_merge_request_of_3000_files_comes_in_parts() {
    let setup = setup().await;
    let mut files = File::many(3001);
    files[0] = File::binary("logo.png");
    files[1] = File::too_large("vendor/all.js");
    files[2] = File::renamed("old name.rs", "new name.rs");
    setup.forge.merge_request(7, HEAD, files.clone());
    let pages = setup.all_changes(&merge_request(7, HEAD)).await;
    assert_eq!(pages.len(), 30);
    assert!(pages.iter().all(|page| page.scope == ChangeScope::Whole));
    let truncated: Vec<bool> = pages.iter().map(|page| page.truncated).collect();
    assert_eq!(truncated.iter().position(|cut| *cut), Some(29));
    let told: Vec<_> = pages.into_iter().flat_map(|page| page.files).collect();
    assert_eq!(told.len(), 3000);
    let omitted: Vec<_> = told[..4].iter().map(|file| file.omitted).collect();
    assert_eq!(
        omitted,
        [Some(Omission::Binary), Some(Omission::TooLarge), None, None]
    );
    assert_eq!(told[2].old_path.as_deref(), Some("old name.rs"));
    for (told, file) in told.iter().zip(&files).skip(3) {
        assert_eq!((&told.path, &told.patch), (&file.path, &file.patch));
    }
}

#[tokio::test]
async fn a_large_page_is_read_in_smaller_ones() {
    let setup = setup().await;
    let text = "line of some length\n".repeat(10_000);
    let files: Vec<File> = (0..60)
        .map(|at| File::added(&format!("{at}.txt"), &text))
        .collect();
    setup.forge.merge_request(7, HEAD, files);
    let pages = setup.all_changes(&merge_request(7, HEAD)).await;
    let counts: Vec<usize> = pages.iter().map(|page| page.files.len()).collect();
    assert_eq!(counts, [10; 6]);
}

#[tokio::test]
async fn the_largest_lists_do_no_harm() {
    let setup = setup().await;
    const MIB: usize = 1 << 20;
    let listed = |entry: &str| {
        format!(
            "[{}{entry}]",
            format!("{entry},").repeat(9 * MIB / (entry.len() + 1))
        )
    };
    for body in [
        listed("{}"),
        listed(r#"{"filename":"a"}"#),
        listed("0"),
        listed("[[[]]]"),
        "[".repeat(9 * MIB),
        format!(
            r#"[{{"filename":"a","changes":1,"patch":"@@ -1 +1 @@{}"}}]"#,
            r"\n".repeat(4 * MIB)
        ),
    ] {
        let fault = Fault::new("GET", "/pulls/7", Response::new(200, body));
        setup.forge.fault(fault.times(2));
        match setup.changes(&merge_request(7, HEAD), None).await {
            Ok(page) => assert!(page.files.len() <= 3000),
            Err(Failure::Retry { reason, .. }) => assert!(reason.len() < 2000, "{reason}"),
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_push_is_compared_and_a_forced_one_told_by_its_newest_commit() {
    let setup = setup().await;
    let file = || vec![File::added("src/a.rs", "one\ntwo\n")];
    setup.forge.compare(BEFORE, HEAD, file());
    let event = push(BEFORE, HEAD);
    let page = setup.changes(&event, None).await.expect("changes");
    assert_eq!((page.scope, page.files.len()), (ChangeScope::Whole, 1));

    let forced = push("dddddddddddddddddddddddddddddddddddddddd", HEAD);
    setup.forge.commit(HEAD, File::many(120));
    let pages = setup.all_changes(&forced).await;
    assert_eq!(pages.len(), 2);
    assert!(
        pages
            .iter()
            .all(|page| page.scope == ChangeScope::NewestCommit)
    );

    setup.forge.compare("main", HEAD, File::many(400));
    let created = push(&"0".repeat(40), HEAD);
    let page = setup.changes(&created, None).await.expect("changes");
    assert_eq!((page.files.len(), page.truncated), (300, true));
}

#[tokio::test]
async fn a_file_is_read_at_the_head() {
    let setup = setup().await;
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

#[tokio::test]
async fn a_review_published_twice_is_there_once() {
    let setup = setup().await;
    setup
        .forge
        .merge_request(7, HEAD, vec![File::added("src/a.rs", "one\ntwo\nthree\n")]);
    let event = merge_request(7, HEAD);
    let mut review = review(HEAD, vec![comment("src/a.rs", 2, "Why two?")]);
    let first = setup.publish(&event, &review).await.expect("published");
    assert!(first.folded.is_empty() && first.problems.is_empty());
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
    assert_eq!(
        (inline[0].line, shown(&inline[0].body)),
        (Some(2), "Why two?")
    );
    let status = setup.forge.statuses().remove(0);
    assert_eq!(
        (status.state.as_str(), status.context.as_str()),
        ("success", "push-notify/review")
    );
    // Somebody deletes it: the next one is new.
    setup.forge.delete_comment(&id);
    let third = setup.publish(&event, &review).await.expect("published");
    assert_ne!(third.summary, first.summary);
    assert_eq!(setup.forge.comments_on(7).len(), 1);
}

#[tokio::test]
async fn a_line_outside_the_hunks_is_folded_into_the_summary() {
    let setup = setup().await;
    setup
        .forge
        .merge_request(7, HEAD, vec![File::added("src/a.rs", "one\ntwo\n")]);
    let comments = vec![
        comment("src/a.rs", 1, "Here."),
        comment("src/a.rs", 99, "Nowhere."),
    ];
    let review = review(HEAD, comments);
    let published = setup
        .publish(&merge_request(7, HEAD), &review)
        .await
        .expect("published");
    assert_eq!(published.folded, [1]);
    assert!(published.problems.is_empty(), "{:?}", published.problems);
    assert_eq!(setup.forge.inline().len(), 1);
    let summary = setup.forge.comments_on(7).remove(0).body;
    assert!(
        summary.contains("Mostly fine.") && summary.contains("`src/a.rs:99` Nowhere."),
        "{summary}"
    );
}

#[tokio::test]
async fn a_verdict_is_githubs_own_unless_the_merge_request_is_ours() {
    let setup = setup().await;
    let file = || vec![File::added("src/a.rs", "one\n")];
    setup.forge.merge_request(7, HEAD, file());
    setup.forge.merge_request(8, HEAD, file());
    setup.forge.opened_by_us(8);
    let mut review = review(HEAD, vec![comment("src/a.rs", 1, "No.")]);
    review.verdict = Some(Decision::RequestChanges);
    for (number, event) in [(7, "REQUEST_CHANGES"), (8, "COMMENT")] {
        let published = setup.publish(&merge_request(number, HEAD), &review).await;
        assert!(published.expect("published").problems.is_empty());
        let verdicts = setup.forge.verdicts();
        let verdict = verdicts.last().expect("a verdict");
        assert_eq!(
            (verdict.merge_request, verdict.event.as_str()),
            (number, event)
        );
    }
    assert_eq!(setup.forge.inline().len(), 2);
}

#[tokio::test]
async fn a_push_is_reviewed_at_its_commit() {
    let setup = setup().await;
    setup
        .forge
        .compare(BEFORE, HEAD, vec![File::added("src/a.rs", "one\n")]);
    let review = review(HEAD, vec![comment("src/a.rs", 1, "Why?")]);
    let published = setup
        .publish(&push(BEFORE, HEAD), &review)
        .await
        .expect("published");
    assert_eq!(published.folded, [0]);
    let comments = setup.forge.comments();
    assert_eq!(comments[0].on, On::Commit(HEAD.to_owned()));
    assert!(comments[0].body.contains("`src/a.rs:1` Why?"));
    assert_eq!(setup.forge.statuses().len(), 1);
}

#[tokio::test]
async fn a_used_up_rate_is_waited_for_and_nothing_is_repeated() {
    let setup = setup().await;
    setup
        .forge
        .merge_request(7, HEAD, vec![File::added("src/a.rs", "one\n")]);
    let event = merge_request(7, HEAD);
    let limited = Response::json(429, &json!({"message": "API rate limit exceeded"}));
    for path in ["/files", "/statuses/"] {
        let method = if path == "/files" { "GET" } else { "POST" };
        let fault = Fault::new(method, path, limited.clone().header("retry-after", "7"));
        setup.forge.fault(fault);
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
    assert_eq!(counts, (1, 1, 1));
}

#[tokio::test]
async fn what_the_token_may_not_do_is_a_problem_and_not_the_end() {
    let setup = setup().await;
    setup.forge.merge_request(7, HEAD, Vec::new());
    let refused = Response::json(
        403,
        &json!({"message": "Resource not accessible by personal access token"}),
    );
    setup.forge.fault(Fault::new("POST", "/statuses/", refused));
    let published = setup
        .publish(&merge_request(7, HEAD), &review(HEAD, Vec::new()))
        .await;
    let published = published.expect("published");
    assert_eq!(published.problems.len(), 1);
    assert!(
        published.problems[0].contains("403"),
        "{:?}",
        published.problems
    );
    assert_eq!(setup.forge.comments_on(7).len(), 1);
}

#[tokio::test]
async fn a_probe_knows_a_wrong_token_and_a_public_repository() {
    let mut setup = setup().await;
    assert_eq!(setup.probe().await, Ok(()));
    setup.token = "another-token-not-real".to_owned();
    let refused = setup.probe().await;
    assert!(
        matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains("401")),
        "{refused:?}"
    );
    setup.token = String::new();
    assert!(matches!(
        setup.probe().await,
        Err(Failure::Misconfigured(_))
    ));
    setup.forge.make_public();
    setup.forge.merge_request(7, HEAD, File::many(3));
    assert_eq!(setup.probe().await, Ok(()));
    let event = merge_request(7, HEAD);
    assert_eq!(
        setup
            .changes(&event, None)
            .await
            .expect("changes")
            .files
            .len(),
        3
    );
    let published = setup.publish(&event, &review(HEAD, Vec::new())).await;
    assert!(
        matches!(published, Err(Failure::Misconfigured(_))),
        "{published:?}"
    );
}

#[tokio::test]
async fn after_a_crash_nothing_is_repeated() {
    nothing_is_repeated_after_a_crash("github", setup().await, HEAD).await;
}

#[tokio::test]
async fn an_overtaken_event_has_no_changes() {
    newer_commits_are_another_events(setup().await, HEAD).await;
}

#[tokio::test]
async fn an_approval_is_taken_back() {
    let setup = setup().await;
    setup.forge.merge_request(7, HEAD, File::many(1));
    let event = merge_request(7, HEAD);
    for (verdict, dismissed) in [(Decision::Approved, false), (Decision::Comment, true)] {
        let mut review = review(HEAD, Vec::new());
        review.verdict = Some(verdict);
        setup.publish(&event, &review).await.expect("published");
        let verdicts = setup.forge.verdicts();
        assert_eq!(verdicts.len(), 1);
        assert_eq!(
            (verdicts[0].event.as_str(), verdicts[0].dismissed),
            ("APPROVE", dismissed)
        );
    }
}
