//! Changes and reviews at Gitea and Forgejo, through the component.

use super::{
    Setup, comment, merge_request, push, review,
    suite::{self, BEFORE, Dialect, HEAD, every_host},
};
use push_notify_host::{ChangeScope, ChangeStatus, Decision, Event, Omission};
use push_notify_tests::{
    Response,
    forge::{Fault, File, Forge},
};

const GITEA: Dialect = Dialect {
    id: "gitea",
    is_at_second_line: |one| (one.line, one.old_line) == (Some(2), None),
    has_statuses: true,
    limited: [("GET", "/pulls/7.diff"), ("POST", "/statuses/")],
    limit: || Response::new(429, "slow down"),
};

async fn setup() -> Setup {
    Setup::start("gitea", Forge::gitea().await).await
}

every_host!(GITEA, setup:
    a_file_is_read_at_the_head,
    a_review_published_twice_is_there_once,
    a_used_up_rate_is_waited_for_and_nothing_is_repeated,
    a_probe_knows_a_wrong_token_and_a_public_repository,
    after_a_crash_nothing_is_repeated,
    an_overtaken_event_has_no_changes,
    what_the_token_may_not_do_is_a_problem_and_not_the_end,
);

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
async fn a_verdict_is_the_hosts_own_unless_the_merge_request_is_ours() {
    suite::a_verdict_is_the_hosts_own(setup().await, Decision::Approved, "APPROVED").await;
}

#[tokio::test]
async fn an_approval_is_taken_back() {
    suite::an_approval_is_dismissed(setup().await, "APPROVED").await;
}
