//! Changes and reviews at GitLab, through the component.

use super::forge::{
    Setup, comment, merge_request, newer_commits_are_another_events,
    nothing_is_repeated_after_a_crash, push, review, shown,
};
use push_notify_host::{ChangeScope, ChangeStatus, Decision, Failure, Omission, StatusState};
use push_notify_tests::{
    Response,
    forge::{Fault, File, Forge, On},
};
use serde_json::json;
use std::time::Duration;

const HEAD: &str = "cccccccccccccccccccccccccccccccccccccccc";
const BEFORE: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

async fn setup() -> Setup {
    Setup::start("gitlab", Forge::gitlab().await).await
}

#[tokio::test]
async fn a_merge_request_of_3000_files_comes_in_parts() {
    let setup = setup().await;
    let mut files = File::many(3001);
    files[0] = File::binary("logo.png");
    files[1] = File::too_large("vendor/all.js");
    files[2] = File::renamed("old name.rs", "new name.rs");
    files[3] = File::generated("src/张三.pb.rs", "one\n");
    files[4] = File::removed("src/gone.sql", "-- a\n");
    setup.forge.merge_request(7, HEAD, files.clone());
    let pages = setup.all_changes(&merge_request(7, HEAD)).await;
    assert_eq!(pages.len(), 30);
    assert!(pages.iter().all(|page| page.scope == ChangeScope::Whole));
    let truncated: Vec<bool> = pages.iter().map(|page| page.truncated).collect();
    assert_eq!(truncated.iter().position(|cut| *cut), Some(29));
    let told: Vec<_> = pages.into_iter().flat_map(|page| page.files).collect();
    assert_eq!(told.len(), 3000);
    let omitted: Vec<_> = told[..5].iter().map(|file| file.omitted).collect();
    let expected = [
        Some(Omission::Binary),
        Some(Omission::TooLarge),
        None,
        Some(Omission::Generated),
        None,
    ];
    assert_eq!(omitted, expected);
    assert_eq!(told[2].old_path.as_deref(), Some("old name.rs"));
    assert_eq!(told[4].status, ChangeStatus::Removed);
    for (told, file) in told.iter().zip(&files).skip(5) {
        let patch = told.patch.as_deref().map(str::trim_end);
        assert_eq!((&told.path, patch), (&file.path, file.patch.as_deref()));
        assert_eq!((told.additions, told.deletions), (Some(1), Some(1)));
    }
}

#[tokio::test]
async fn a_large_page_is_read_in_smaller_ones() {
    let setup = setup().await;
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
    let newest = ChangeScope::NewestCommit;
    assert!(pages.iter().all(|page| page.scope == newest));

    setup.forge.compare("main", HEAD, File::many(400));
    let created = push(&"0".repeat(40), HEAD);
    let page = setup.changes(&created, None).await.expect("changes");
    assert_eq!((page.files.len(), page.truncated), (400, false));
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
    let file = File::modified("src/a.rs", "@@ -1,2 +1,3 @@\n one\n+two\n three\n");
    setup.forge.merge_request(7, HEAD, vec![file]);
    let event = merge_request(7, HEAD);
    let mut context = comment("src/a.rs", 3, "Why three?");
    context.old_line = Some(2);
    let comments = vec![comment("src/a.rs", 2, "Why two?"), context];
    let mut review = review(HEAD, comments);
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
    let lines: Vec<_> = inline.iter().map(|one| (one.line, one.old_line)).collect();
    assert_eq!(lines, [(Some(2), None), (Some(3), Some(2))]);
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

#[tokio::test]
async fn an_approval_is_given_and_taken_back() {
    let setup = setup().await;
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
    let events: Vec<_> = verdicts
        .iter()
        .map(|verdict| (verdict.merge_request, verdict.event.as_str()))
        .collect();
    assert_eq!(events, [(7, "approve"), (7, "unapprove")]);
}

#[tokio::test]
async fn a_text_of_a_model_commands_nothing() {
    let setup = setup().await;
    let file = File::added("src/a.rs", "one\n");
    setup.forge.merge_request(7, HEAD, vec![file]);
    let mut review = review(HEAD, vec![comment("src/a.rs", 1, "/merge\n\n/approve")]);
    review.summary = Some("Fine.\n/close\n  /merge".to_owned());
    let event = merge_request(7, HEAD);
    setup.publish(&event, &review).await.expect("published");
    assert_eq!(setup.forge.inline().len(), 1);
    assert_eq!(setup.forge.verdicts(), []);
}

#[tokio::test]
async fn a_push_is_reviewed_at_its_commit() {
    let setup = setup().await;
    let file = File::added("src/a.rs", "one\n");
    setup.forge.compare(BEFORE, HEAD, vec![file]);
    let mut review = review(HEAD, vec![comment("src/a.rs", 1, "Why?")]);
    review.status.as_mut().expect("a status").state = StatusState::Pending;
    for _ in 0..2 {
        let published = setup.publish(&push(BEFORE, HEAD), &review).await;
        let published = published.expect("published");
        assert_eq!(published.folded, [0]);
        // The second time it is pending already, which GitLab refuses.
        assert!(published.problems.is_empty(), "{:?}", published.problems);
    }
    let comments = setup.forge.comments();
    assert_eq!(comments.len(), 1);
    assert_eq!(comments[0].on, On::Commit(HEAD.to_owned()));
    assert!(comments[0].body.contains("`src/a.rs:1` Why?"));
    assert_eq!(setup.forge.statuses().len(), 1);
}

#[tokio::test]
async fn a_used_up_rate_is_waited_for_and_nothing_is_repeated() {
    let setup = setup().await;
    let file = File::added("src/a.rs", "one\n");
    setup.forge.merge_request(7, HEAD, vec![file]);
    let event = merge_request(7, HEAD);
    let limited = || Response::new(429, "Retry later\n").header("retry-after", "7");
    for (method, path) in [("GET", "/diffs"), ("POST", "/statuses/")] {
        setup.forge.fault(Fault::new(method, path, limited()));
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
    let refused = Response::json(403, &json!({"message": "403 Forbidden"}));
    setup.forge.fault(Fault::new("POST", "/statuses/", refused));
    let published = setup
        .publish(&merge_request(7, HEAD), &review(HEAD, Vec::new()))
        .await;
    let problems = published.expect("published").problems;
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("403"), "{problems:?}");
    assert_eq!(setup.forge.comments_on(7).len(), 1);
}

#[tokio::test]
async fn a_probe_knows_a_wrong_token_and_a_public_project() {
    let mut setup = setup().await;
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

#[tokio::test]
async fn a_gitlab_under_a_path_is_known_by_its_api_address() {
    let mut setup = setup().await;
    let url = setup.forge.url(&format!("/gitlab/{}", setup.forge.path));
    setup.fields = json!({ "url": url });
    let refused = setup.probe().await;
    assert!(
        matches!(&refused, Err(Failure::Misconfigured(_))),
        "{refused:?}"
    );
    let api_url = setup.forge.url("/gitlab/api/v4");
    setup.fields = json!({ "url": url, "api_url": api_url });
    assert_eq!(setup.probe().await, Ok(()));
    // What nobody granted is not called, whatever an administrator enters.
    setup.fields = json!({ "url": "https://git.example.com/a/b", "api_url": api_url });
    let refused = setup.probe().await;
    assert!(
        matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains("http:${config.api_url}")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_largest_answers_are_refused_without_harm() {
    let setup = setup().await;
    setup.forge.merge_request(7, HEAD, File::many(1));
    const MIB: usize = 1 << 20;
    let event = merge_request(7, HEAD);
    for answer in [
        // What takes most memory when it is read.
        format!("[{}{{}}]", "{},".repeat(3 * MIB)),
        format!(
            "[{{\"new_path\": \"a\", \"diff\": {}1{}}}]",
            "[".repeat(4 * MIB),
            "]".repeat(4 * MIB)
        ),
        format!(
            "[{{\"new_path\": \"a\", \"other\": [{}1]}}]",
            "1,".repeat(4 * MIB)
        ),
        format!("[{{\"new_path\": \"{}\"}}]", "\u{7f}".repeat(9 * MIB)),
        "[".repeat(9 * MIB),
    ] {
        let fault = Fault::new("GET", "/diffs", Response::new(200, answer));
        setup.forge.fault(fault);
        // Whatever it is, it is no trap.
        let told = setup.changes(&event, None).await;
        assert!(!matches!(told, Err(Failure::Rejected(_))), "{told:?}");
    }
    let told = setup.changes(&event, None).await.expect("changes");
    assert_eq!(told.files.len(), 1);
}

#[tokio::test]
async fn after_a_crash_nothing_is_repeated() {
    nothing_is_repeated_after_a_crash("gitlab", setup().await, HEAD).await;
}

#[tokio::test]
async fn an_overtaken_event_has_no_changes() {
    newer_commits_are_another_events(setup().await, HEAD).await;
}
