//! Changes and reviews at Gitea and Forgejo, through the component.

use super::forge::{
    Setup, comment, merge_request, newer_commits_are_another_events,
    nothing_is_repeated_after_a_crash, push, review, shown,
};
use push_notify_host::{ChangeScope, ChangeStatus, Decision, Event, Failure, Omission};
use push_notify_tests::{
    Response,
    forge::{Fault, File, Forge},
};
use std::time::Duration;

const HEAD: &str = "cccccccccccccccccccccccccccccccccccccccc";
const BEFORE: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

async fn setup() -> Setup {
    Setup::start("gitea", Forge::gitea().await).await
}

#[tokio::test]
async fn a_merge_request_of_3000_files_is_one_diff() {
    let setup = setup().await;
    let mut files = File::many(3000);
    files[0] = File::binary("pictures/a logo.png");
    files[1] = File::renamed("old name.rs", "new \"name\".rs");
    files[2] = File::added("src/张三.rs", "--- a/x\n+++ b/x\n");
    files[3] = File::removed("src/gone.sql", "-- a/x\ndiff --git a/x b/x\n");
    setup.forge.merge_request(7, HEAD, files.clone());
    let pages = setup.all_changes(&merge_request(7, HEAD)).await;
    assert_eq!((pages.len(), pages[0].truncated), (1, false));
    let told = &pages[0].files;
    assert_eq!(told.len(), 3000);
    assert_eq!(told[0].omitted, Some(Omission::Binary));
    assert_eq!(told[1].old_path.as_deref(), Some("old name.rs"));
    assert_eq!(
        (told[2].status, told[3].status),
        (ChangeStatus::Added, ChangeStatus::Removed)
    );
    for (told, file) in told.iter().zip(&files) {
        assert_eq!((&told.path, &told.patch), (&file.path, &file.patch));
    }
}

#[tokio::test]
async fn what_is_too_large_is_named_without_its_patch() {
    let setup = setup().await;
    let text = "line of some length\n".repeat(10_000);
    let files = |count: usize| {
        (0..count)
            .map(|at| File::added(&format!("{at}.txt"), &text))
            .collect()
    };
    // Within one answer, but more than the engine takes of one part.
    setup.forge.merge_request(7, HEAD, files(45));
    let pages = setup.all_changes(&merge_request(7, HEAD)).await;
    let [page] = &pages[..] else {
        panic!("{} parts", pages.len())
    };
    let cut = page
        .files
        .iter()
        .filter(|file| file.omitted == Some(Omission::TooLarge))
        .count();
    assert!(
        page.files.len() == 45 && (1..10).contains(&cut),
        "{cut} without their patch"
    );
    // More than an answer has.
    setup.forge.merge_request(8, HEAD, files(60));
    let pages = setup.all_changes(&merge_request(8, HEAD)).await;
    let counts: Vec<usize> = pages.iter().map(|page| page.files.len()).collect();
    assert_eq!(counts, [50, 10]);
    let mut files = pages.iter().flat_map(|page| &page.files);
    assert!(files.all(|file| file.omitted == Some(Omission::TooLarge)));
}

#[tokio::test]
async fn the_largest_diffs_do_no_harm() {
    let setup = setup().await;
    const MIB: usize = 1 << 20;
    let start = "diff --git a/x b/x\n";
    let hunk = "@@ -1,4000000000 +1,4000000000 @@\n";
    for body in [
        start.repeat(10 * MIB / start.len()).into_bytes(),
        [start, &"\n".repeat(10 * MIB - 100)].concat().into_bytes(),
        [start, &"@@ -1 +1 @@\n-\n+\n".repeat(MIB / 2)]
            .concat()
            .into_bytes(),
        [start, hunk, &" \n".repeat(5 * MIB - 100)]
            .concat()
            .into_bytes(),
        [start.as_bytes(), &vec![0xff; 10 * MIB - 100]].concat(),
        format!("diff --git \"a/{}", "\\377".repeat(2 * MIB)).into_bytes(),
    ] {
        let fault = Fault::new("GET", "/pulls/7", Response::new(200, body));
        setup.forge.fault(fault.times(2));
        let page = setup.changes(&merge_request(7, HEAD), None).await;
        assert!(page.expect("a part").files.len() <= 10_000);
    }
}

#[tokio::test]
async fn a_push_is_compared_and_a_forced_one_told_by_its_newest_commit() {
    let setup = setup().await;
    let file = || vec![File::added("src/a.rs", "one\ntwo\n")];
    setup.forge.compare(BEFORE, HEAD, file());
    let page = setup
        .changes(&push(BEFORE, HEAD), None)
        .await
        .expect("changes");
    assert_eq!((page.scope, page.files.len()), (ChangeScope::Whole, 1));

    setup.forge.commit(HEAD, File::many(2));
    let forced = push("dddddddddddddddddddddddddddddddddddddddd", HEAD);
    let page = setup.changes(&forced, None).await.expect("changes");
    assert_eq!(
        (page.scope, page.files.len()),
        (ChangeScope::NewestCommit, 2)
    );
}

#[tokio::test]
async fn a_server_that_compares_among_its_pages_tells_what_it_shows() {
    let setup = Setup::start("gitea", Forge::forgejo().await).await;
    setup.forge.compare(BEFORE, HEAD, File::many(3));
    setup.forge.commit(HEAD, File::many(2));
    let scope = async |event: &Event| setup.changes(event, None).await.expect("changes").scope;
    let several = push(BEFORE, HEAD);
    let one = Event {
        total_commits: Some(1),
        ..several.clone()
    };
    assert_eq!(scope(&several).await, ChangeScope::NewestCommit);
    assert_eq!(scope(&one).await, ChangeScope::Whole);
    setup.forge.make_public();
    assert_eq!(scope(&several).await, ChangeScope::Whole);
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
    review.earlier.clone_from(&first.summary);
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
    assert_eq!((inline[0].line, inline[0].old_line), (Some(2), None));
    let status = setup.forge.statuses().remove(0);
    assert_eq!(
        (status.state.as_str(), status.context.as_str()),
        ("success", "push-notify/review")
    );
}

#[tokio::test]
async fn a_refused_comment_is_folded_into_the_summary() {
    let setup = setup().await;
    setup
        .forge
        .merge_request(7, HEAD, vec![File::added("src/a.rs", "one\ntwo\n")]);
    // The first is the whole review, the second its first comment.
    let refused = Response::new(422, r#"{"message": "path not found"}"#);
    setup
        .forge
        .fault(Fault::new("POST", "/reviews", refused).times(2));
    let comments = vec![
        comment("src/a.rs", 1, "Nowhere."),
        comment("src/a.rs", 2, "Here."),
    ];
    let published = setup
        .publish(&merge_request(7, HEAD), &review(HEAD, comments))
        .await;
    assert_eq!(published.expect("published").folded, [0]);
    assert_eq!(setup.forge.inline().len(), 1);
    let summary = setup.forge.comments_on(7).remove(0).body;
    assert!(summary.contains("`src/a.rs:1` Nowhere."), "{summary}");
}

#[tokio::test]
async fn a_verdict_is_the_hosts_own_unless_the_merge_request_is_ours() {
    let setup = setup().await;
    let file = || vec![File::added("src/a.rs", "one\n")];
    setup.forge.merge_request(7, HEAD, file());
    setup.forge.merge_request(8, HEAD, file());
    setup.forge.opened_by_us(8);
    let mut review = review(HEAD, vec![comment("src/a.rs", 1, "Yes.")]);
    review.verdict = Some(Decision::Approved);
    for (number, event) in [(7, "APPROVED"), (8, "COMMENT")] {
        let published = setup.publish(&merge_request(number, HEAD), &review).await;
        assert!(published.expect("published").problems.is_empty());
        let verdicts = setup.forge.verdicts();
        let verdict = verdicts.last().expect("a verdict");
        assert_eq!(
            (verdict.merge_request, verdict.event.as_str()),
            (number, event)
        );
    }
}

#[tokio::test]
async fn a_push_has_a_status_and_no_place_for_words() {
    let setup = setup().await;
    setup.forge.commit(HEAD, File::many(1));
    let published = setup
        .publish(&push(BEFORE, HEAD), &review(HEAD, Vec::new()))
        .await;
    let published = published.expect("published");
    assert_eq!((published.summary, published.problems.len()), (None, 1));
    assert_eq!(setup.forge.statuses().len(), 1);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_nothing_is_repeated() {
    let setup = setup().await;
    setup
        .forge
        .merge_request(7, HEAD, vec![File::added("src/a.rs", "one\n")]);
    let event = merge_request(7, HEAD);
    let limited = Response::new(429, "slow down").header("retry-after", "7");
    setup
        .forge
        .fault(Fault::new("GET", "/pulls/7.diff", limited.clone()));
    setup.forge.fault(Fault::new("POST", "/statuses/", limited));
    let waited = |failure: Option<Failure>| match failure {
        Some(Failure::Retry { after, .. }) => after,
        other => panic!("{other:?}"),
    };
    let seven = Some(Duration::from_secs(7));
    assert_eq!(waited(setup.changes(&event, None).await.err()), seven);
    let review = review(HEAD, vec![comment("src/a.rs", 1, "Why?")]);
    assert_eq!(waited(setup.publish(&event, &review).await.err()), seven);
    setup.publish(&event, &review).await.expect("published");
    let counts = (
        setup.forge.inline().len(),
        setup.forge.comments().len(),
        setup.forge.statuses().len(),
    );
    assert_eq!(counts, (1, 1, 1));
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
    let page = setup
        .changes(&merge_request(7, HEAD), None)
        .await
        .expect("changes");
    assert_eq!(page.files.len(), 3);
}

#[tokio::test]
async fn after_a_crash_nothing_is_repeated() {
    nothing_is_repeated_after_a_crash("gitea", setup().await, HEAD).await;
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
            ("APPROVED", dismissed)
        );
    }
}
