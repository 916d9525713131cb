use super::*;

const MIB: usize = 1 << 20;

fn commit(index: usize) -> types::CommitResult {
    types::CommitResult {
        id: format!("commit{index}"),
        message: "fix: something".to_owned(),
        url: None,
        timestamp: None,
        author: None,
        added: vec![],
        modified: vec![],
        removed: vec![],
    }
}

fn commits(count: usize, change: impl Fn(&mut types::CommitResult)) -> Vec<types::CommitResult> {
    let changed = |index| {
        let mut commit = commit(index);
        change(&mut commit);
        commit
    };
    (0..count).map(changed).collect()
}

fn push() -> provider::Delivery {
    provider::Delivery {
        id: Some("delivery".to_owned()),
        effect: Some(provider::Effect {
            key: "key".to_owned(),
            source: "hook".to_owned(),
        }),
        event: types::EventResult {
            kind: "push".to_owned(),
            ref_: Some("refs/heads/main".to_owned()),
            branch: Some("main".to_owned()),
            tag: None,
            before: Some("aaa".to_owned()),
            after: Some("bbb".to_owned()),
            created: None,
            deleted: None,
            forced: None,
            commits: commits(2, |_| {}),
            total_commits: None,
            actor: Some(types::PersonResult {
                name: Some("Zhang San".to_owned()),
                email: None,
                login: None,
                avatar_url: None,
            }),
            repository: types::RepositoryResult {
                full_name: "company/backend".to_owned(),
                url: Some("https://git.example.com/company/backend".to_owned()),
                clone_url: None,
                default_branch: None,
                private: None,
            },
            merge_request: None,
        },
    }
}

fn with(change: impl FnOnce(&mut provider::Delivery)) -> provider::Delivery {
    let mut delivery = push();
    change(&mut delivery);
    delivery
}

fn merge_request(title: &str, branch: &str) -> types::MergeRequestResult {
    types::MergeRequestResult {
        number: 7,
        title: title.to_owned(),
        action: types::MergeRequestAction::Opened,
        state: "open".to_owned(),
        source_branch: branch.to_owned(),
        target_branch: "main".to_owned(),
        head_sha: None,
        base_sha: None,
        url: None,
        author: None,
        draft: None,
        merged: None,
    }
}

fn long(bytes: usize) -> String {
    "长".repeat(bytes / 3 + 1)
}

#[test]
fn what_fits_stays_as_it_is() {
    let kept = delivery(push(), "github").unwrap();
    assert_eq!(kept.shortened, None);
    assert_eq!(kept.event.git_ref.as_deref(), Some("refs/heads/main"));
    assert_eq!(kept.event.commits.len(), 2);
    assert_eq!(kept.event.total_commits, None);
    assert!(kept.effect.is_some());
}

/// What is missing of each, and how many commits are left.
#[test]
fn what_is_too_large_is_shortened_and_says_so() {
    let cut = |commits, files, texts| {
        Some(Shortened {
            commits,
            files,
            texts,
        })
    };
    #[rustfmt::skip] // A line each.
    let table: Vec<(&str, provider::Delivery, Option<Shortened>, usize)> = vec![
        ("a long reference", with(|d| d.event.ref_ = Some(long(25 * MIB))), cut(0, 0, 1), 2),
        ("a reference of the longest line", with(|d| d.event.ref_ = Some("x".repeat(LINE))), None, 2),
        ("a branch and a tag", with(|d| {
            d.event.branch = Some(long(LINE));
            d.event.tag = Some(long(LINE));
        }), cut(0, 0, 2), 2),
        ("ids", with(|d| {
            d.event.before = Some(long(MIB));
            d.event.after = Some(long(MIB));
            d.id = Some(long(MIB));
        }), cut(0, 0, 3), 2),
        ("a repository", with(|d| d.event.repository.full_name = long(5 * MIB)), cut(0, 0, 1), 2),
        ("an address", with(|d| d.event.repository.url = Some(long(ADDRESS))), cut(0, 0, 1), 2),
        ("a person", with(|d| d.event.actor.as_mut().unwrap().name = Some(long(6 * MIB))), cut(0, 0, 1), 2),
        ("an effect", with(|d| d.effect.as_mut().unwrap().key = long(EFFECT)), cut(0, 0, 1), 2),
        ("a message", with(|d| d.event.commits = commits(1, |c| c.message = long(20 * MIB))), cut(0, 0, 1), 1),
        ("a commit's id", with(|d| d.event.commits = commits(1, |c| c.id = long(20 * MIB))), cut(0, 0, 1), 1),
        ("messages", with(|d| d.event.commits = commits(2000, |c| c.message = "x".repeat(MESSAGE))), cut(1941, 0, 0), 59),
        ("long messages", with(|d| d.event.commits = commits(100, |c| c.message = long(MIB))), cut(41, 0, 59), 59),
        ("empty commits", with(|d| d.event.commits = commits(80_000, |c| {
            c.id = String::new();
            c.message = String::new();
        })), cut(80_000 - 61_440, 0, 0), 61_440),
        ("files", with(|d| d.event.commits = commits(1, |c| c.added = vec![String::new(); 100_000])), cut(0, 38_562, 0), 1),
        ("a path", with(|d| d.event.commits = commits(1, |c| c.removed = vec![long(5 * MIB)])), cut(0, 0, 1), 1),
    ];
    for (what, told, missing, left) in table {
        let listed = told.event.commits.len();
        let kept = delivery(told, "github").unwrap();
        assert_eq!(kept.shortened, missing, "{what}");
        assert_eq!(kept.event.commits.len(), left, "{what}");
        if left < listed {
            assert_eq!(kept.event.total_commits, Some(listed as u32), "{what}");
        }
        let size = serde_json::to_vec(&kept.event).unwrap().len();
        assert!(size < 9 * MIB, "{what}: {size} bytes");
    }
}

#[test]
fn the_newest_commits_are_kept_and_first_of_all_the_files_of_the_newest() {
    let told = with(|told| {
        told.event.commits = commits(3, |commit| commit.modified = vec![long(1000); 2000]);
        told.event.total_commits = Some(50);
    });
    let kept = delivery(told, "github").unwrap();
    let files: Vec<usize> = kept
        .event
        .commits
        .iter()
        .map(|commit| commit.modified.len())
        .collect();
    assert_eq!(files[2], 2000);
    assert!(
        files[1] > 0 && files[1] < 2000 && files[0] == 0,
        "{files:?}"
    );
    assert_eq!(kept.event.total_commits, Some(50));

    let told = with(|told| told.event.commits = commits(200, |commit| commit.message = long(MIB)));
    let kept = delivery(told, "github").unwrap();
    assert_eq!(kept.event.commits.last().unwrap().id, "commit199");
    assert_eq!(kept.event.commits.first().unwrap().id, "commit141");
    assert!(kept.event.commits[0].message.ends_with('…'));
}

#[test]
fn a_merge_request_is_shortened_too() {
    let told = with(|told| {
        told.event.kind = "merge_request".to_owned();
        told.event.commits = vec![];
        told.event.merge_request = Some(merge_request(&long(5 * MIB), &long(5 * MIB)));
    });
    let kept = delivery(told, "gitlab").unwrap();
    let request = kept.event.merge_request.unwrap();
    assert!(request.title.ends_with('…') && request.source_branch.ends_with('…'));
    assert_eq!(request.target_branch, "main");
    let told = kept.shortened.map(|shortened| shortened.to_string());
    assert_eq!(told.as_deref(), Some("shortened: 2 texts cut"));
}

#[test]
fn what_breaks_the_contract_is_still_refused() {
    for told in [
        with(|told| told.event.kind = "coup".to_owned()),
        with(|told| told.event.kind = "merge_request".to_owned()),
        with(|told| told.event.merge_request = Some(merge_request("t", "b"))),
    ] {
        assert!(matches!(delivery(told, "x"), Err(CallError::Output(_))));
    }
}

#[test]
fn what_is_missing_is_told_in_words() {
    let shortened = |commits, files, texts| {
        Shortened {
            commits,
            files,
            texts,
        }
        .to_string()
    };
    assert_eq!(
        shortened(1, 3400, 2),
        "shortened: 1 commit left out, 3400 files left out, 2 texts cut"
    );
    assert_eq!(shortened(0, 1, 0), "shortened: 1 file left out");
}
