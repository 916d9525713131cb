//! Changes and reviews at Gitee, through the component.

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

const GITEE: Dialect = Dialect {
    id: "gitee",
    is_at_second_line: |one| one.position == Some(2) && one.commit.as_deref() == Some(HEAD),
    has_statuses: false,
    limited: [("GET", "/files"), ("POST", "/comments")],
    limit: || {
        let message = "403 Forbidden: Rate Limit Exceeded";
        Response::json(403, &json!({ "message": message }))
    },
};

async fn setup() -> Setup {
    Setup::start("gitee", Forge::gitee().await).await
}

every_host!(GITEE, setup:
    a_large_page_is_read_in_smaller_ones,
    a_file_is_read_at_the_head,
    a_review_published_twice_is_there_once,
    a_used_up_rate_is_waited_for_and_nothing_is_repeated,
    a_probe_knows_a_wrong_token_and_a_public_repository,
    after_a_crash_nothing_is_repeated,
    an_overtaken_event_has_no_changes,
    a_line_outside_the_hunks_is_folded_into_the_summary,
    a_push_is_reviewed_at_its_commit,
);

#[tokio::test]
async fn a_merge_request_of_3000_files_is_told_as_far_as_gitee_lists_it() {
    let setup = setup().await;
    let mut files = File::many(3000);
    files[0] = File::binary("logo.png");
    files[1] = File::too_large("vendor/all.js");
    files[2] = File::renamed("old name.rs", "new name.rs");
    files[3] = File::removed("src/gone.sql", "-- a\n");
    setup.forge.merge_request(7, HEAD, files.clone());
    let pages = setup.all_changes(&merge_request(7, HEAD)).await;
    let truncated: Vec<bool> = pages.iter().map(|page| page.truncated).collect();
    assert_eq!(truncated, [false, false, true]);
    let told: Vec<_> = pages.into_iter().flat_map(|page| page.files).collect();
    assert_eq!(told.len(), 300);
    let omitted: Vec<_> = told[..4].iter().map(|file| file.omitted).collect();
    assert_eq!(
        omitted,
        [Some(Omission::Binary), Some(Omission::TooLarge), None, None]
    );
    assert_eq!(told[2].old_path.as_deref(), Some("old name.rs"));
    assert_eq!(told[3].status, ChangeStatus::Removed);
    for (told, file) in told.iter().zip(&files).skip(4) {
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
    assert!(page.files[0].patch.is_some());

    let forced = push("dddddddddddddddddddddddddddddddddddddddd", HEAD);
    setup.forge.commit(HEAD, File::many(120));
    let page = setup.changes(&forced, None).await.expect("changes");
    let newest = ChangeScope::NewestCommit;
    assert_eq!((page.scope, page.files.len()), (newest, 120));
}

#[tokio::test]
async fn what_the_token_may_not_do_is_a_problem_and_not_the_end() {
    let setup = setup().await;
    let file = File::added("src/a.rs", "one\n");
    setup.forge.merge_request(7, HEAD, vec![file]);
    let refused = Response::json(403, &json!({"message": "403 Forbidden: no scope"}));
    setup.forge.fault(Fault::new("POST", "/comments", refused));
    let review = review(HEAD, vec![comment("src/a.rs", 1, "Why?")]);
    let published = setup.publish(&merge_request(7, HEAD), &review).await;
    let published = published.expect("published");
    assert_eq!((published.folded, published.problems.len()), (vec![0], 1));
    assert_eq!(setup.forge.comments_on(7).len(), 1);
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
            "[{{\"filename\": \"a\", \"patch\": {}1{}}}]",
            "[".repeat(4 * MIB),
            "]".repeat(4 * MIB)
        ),
        format!(
            "[{{\"filename\": \"a\", \"patch\": {{\"other\": [{}1]}}}}]",
            "1,".repeat(4 * MIB)
        ),
        format!("[{{\"filename\": \"{}\"}}]", "\u{7f}".repeat(9 * MIB)),
    ] {
        let fault = Fault::new("GET", "/files", Response::new(200, answer));
        setup.forge.fault(fault);
        // Whatever it is, it is no trap.
        let told = setup.changes(&event, None).await;
        assert!(!matches!(told, Err(Failure::Rejected(_))), "{told:?}");
    }
    let told = setup.changes(&event, None).await.expect("changes");
    assert_eq!(told.files.len(), 1);
}

#[tokio::test]
async fn a_review_is_passed_and_taken_back() {
    suite::an_approval_is_withdrawn(setup().await, ["review", "reset"]).await;
}
