//! Changes and reviews at GitHub, through the component.

use super::{
    Setup, merge_request, push,
    suite::{self, BEFORE, Dialect, HEAD, every_host},
};
use push_notify_host::{ChangeScope, Decision, Failure, Omission};
use push_notify_tests::{
    Response,
    forge::{Fault, File, Forge},
};
use serde_json::json;

const GITHUB: Dialect = Dialect {
    id: "github",
    is_at_second_line: |one| one.line == Some(2),
    has_statuses: true,
    limited: [("GET", "/files"), ("POST", "/statuses/")],
    limit: || Response::json(429, &json!({"message": "API rate limit exceeded"})),
};

async fn setup() -> Setup {
    Setup::start("github", Forge::github().await).await
}

every_host!(GITHUB, setup:
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
async fn a_verdict_is_githubs_own_unless_the_merge_request_is_ours() {
    let verdict = Decision::RequestChanges;
    suite::a_verdict_is_the_hosts_own(setup().await, verdict, "REQUEST_CHANGES").await;
}

#[tokio::test]
async fn an_approval_is_taken_back() {
    suite::an_approval_is_dismissed(setup().await, "APPROVE").await;
}
