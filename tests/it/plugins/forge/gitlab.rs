//! Changes and reviews at GitLab, through the component.

use super::{
    Setup, comment, merge_request, push, review,
    suite::{self, BEFORE, Dialect, HEAD, every_host},
};
use push_notify_host::{ChangeScope, ChangeStatus, Failure, Omission};
use push_notify_tests::{
    Response,
    forge::{Fault, File, Forge},
};
use serde_json::json;

const GITLAB: Dialect = Dialect {
    id: "gitlab",
    is_at_second_line: |one| (one.line, one.old_line) == (Some(2), None),
    has_statuses: true,
    limited: [("GET", "/diffs"), ("POST", "/statuses/")],
    limit: || Response::new(429, "Retry later\n"),
};

async fn setup() -> Setup {
    Setup::start("gitlab", Forge::gitlab().await).await
}

every_host!(GITLAB, setup:
    a_large_page_is_read_in_smaller_ones,
    a_file_is_read_at_the_head,
    a_review_published_twice_is_there_once,
    a_used_up_rate_is_waited_for_and_nothing_is_repeated,
    a_probe_knows_a_wrong_token_and_a_public_repository,
    after_a_crash_nothing_is_repeated,
    an_overtaken_event_has_no_changes,
    a_line_outside_the_hunks_is_folded_into_the_summary,
    a_push_is_reviewed_at_its_commit,
    what_the_token_may_not_do_is_a_problem_and_not_the_end,
);

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
async fn an_approval_is_given_and_taken_back() {
    suite::an_approval_is_withdrawn(setup().await, ["approve", "unapprove"]).await;
}

#[tokio::test]
async fn a_comment_is_at_a_line_that_did_not_change() {
    let setup = setup().await;
    let file = File::modified("src/a.rs", "@@ -1,2 +1,3 @@\n one\n+two\n three\n");
    setup.forge.merge_request(7, HEAD, vec![file]);
    let mut context = comment("src/a.rs", 3, "Why three?");
    context.old_line = Some(2);
    let comments = vec![comment("src/a.rs", 2, "Why two?"), context];
    let review = review(HEAD, comments);
    let published = setup.publish(&merge_request(7, HEAD), &review).await;
    assert!(published.expect("published").folded.is_empty());
    let inline = setup.forge.inline();
    let lines: Vec<_> = inline.iter().map(|one| (one.line, one.old_line)).collect();
    assert_eq!(lines, [(Some(2), None), (Some(3), Some(2))]);
}
