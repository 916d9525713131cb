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
        events: vec![types::EventResult {
            kind: "push".to_owned(),
            action: None,
            subject: None,
            title: None,
            text: None,
            url: None,
            severity: None,
            state: None,
            labels: vec![],
            fields: vec![],
            happened_at: None,
            compare_url: None,
            comment: None,
            issue: None,
            release: None,
            pipeline: None,
            deployment: None,
            alerts: None,
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
        }],
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
        text: None,
        labels: vec![],
        assignees: vec![],
        reviewers: vec![],
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
    let kept = delivery(push(), "github").unwrap().unwrap();
    assert_eq!(kept.shortened, None);
    assert_eq!(kept.events[0].git_ref.as_deref(), Some("refs/heads/main"));
    assert_eq!(kept.events[0].commits.len(), 2);
    assert_eq!(kept.events[0].total_commits, None);
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
            ..Shortened::default()
        })
    };
    #[rustfmt::skip] // A line each.
    let table: Vec<(&str, provider::Delivery, Option<Shortened>, usize)> = vec![
        ("a long reference", with(|d| d.events[0].ref_ = Some(long(25 * MIB))), cut(0, 0, 1), 2),
        ("a reference of the longest line", with(|d| d.events[0].ref_ = Some("x".repeat(LINE))), None, 2),
        ("a branch and a tag", with(|d| {
            d.events[0].branch = Some(long(LINE));
            d.events[0].tag = Some(long(LINE));
        }), cut(0, 0, 2), 2),
        ("ids", with(|d| {
            d.events[0].before = Some(long(MIB));
            d.events[0].after = Some(long(MIB));
            d.id = Some(long(MIB));
        }), cut(0, 0, 3), 2),
        ("a repository", with(|d| d.events[0].repository.full_name = long(5 * MIB)), cut(0, 0, 1), 2),
        ("an address", with(|d| d.events[0].repository.url = Some(long(ADDRESS))), cut(0, 0, 1), 2),
        ("a person", with(|d| d.events[0].actor.as_mut().unwrap().name = Some(long(6 * MIB))), cut(0, 0, 1), 2),
        ("an effect", with(|d| d.effect.as_mut().unwrap().key = long(EFFECT)), cut(0, 0, 1), 2),
        ("a message", with(|d| d.events[0].commits = commits(1, |c| c.message = long(20 * MIB))), cut(0, 0, 1), 1),
        ("a commit's id", with(|d| d.events[0].commits = commits(1, |c| c.id = long(20 * MIB))), cut(0, 0, 1), 1),
        ("messages", with(|d| d.events[0].commits = commits(2000, |c| c.message = "x".repeat(MESSAGE))), cut(1957, 0, 0), 43),
        ("long messages", with(|d| d.events[0].commits = commits(100, |c| c.message = long(MIB))), cut(57, 0, 43), 43),
        ("empty commits", with(|d| d.events[0].commits = commits(80_000, |c| {
            c.id = String::new();
            c.message = String::new();
        })), cut(80_000 - 45_056, 0, 0), 45_056),
        ("files", with(|d| d.events[0].commits = commits(1, |c| c.added = vec![String::new(); 100_000])), cut(0, 54_946, 0), 1),
        ("a path", with(|d| d.events[0].commits = commits(1, |c| c.removed = vec![long(5 * MIB)])), cut(0, 0, 1), 1),
    ];
    for (what, told, missing, left) in table {
        let listed = told.events[0].commits.len();
        let kept = delivery(told, "github").unwrap().unwrap();
        assert_eq!(kept.shortened, missing, "{what}");
        assert_eq!(kept.events[0].commits.len(), left, "{what}");
        if left < listed {
            assert_eq!(kept.events[0].total_commits, Some(listed as u32), "{what}");
        }
        let size = serde_json::to_vec(&kept.events[0]).unwrap().len();
        assert!(size < 9 * MIB, "{what}: {size} bytes");
    }
}

#[test]
fn the_newest_commits_are_kept_and_first_of_all_the_files_of_the_newest() {
    let told = with(|told| {
        told.events[0].commits = commits(3, |commit| commit.modified = vec![long(1000); 2000]);
        told.events[0].total_commits = Some(50);
    });
    let kept = delivery(told, "github").unwrap().unwrap();
    let files: Vec<usize> = kept.events[0]
        .commits
        .iter()
        .map(|commit| commit.modified.len())
        .collect();
    assert_eq!(files[2], 2000);
    assert!(
        files[1] > 0 && files[1] < 2000 && files[0] == 0,
        "{files:?}"
    );
    assert_eq!(kept.events[0].total_commits, Some(50));

    let told =
        with(|told| told.events[0].commits = commits(200, |commit| commit.message = long(MIB)));
    let kept = delivery(told, "github").unwrap().unwrap();
    assert_eq!(kept.events[0].commits.last().unwrap().id, "commit199");
    assert_eq!(kept.events[0].commits.first().unwrap().id, "commit157");
    assert!(kept.events[0].commits[0].message.ends_with('…'));
}

#[test]
fn a_merge_request_is_shortened_too() {
    let told = with(|told| {
        told.events[0].kind = "merge_request".to_owned();
        told.events[0].action = Some("opened".to_owned());
        told.events[0].commits = vec![];
        told.events[0].merge_request = Some(merge_request(&long(5 * MIB), &long(5 * MIB)));
    });
    let kept = delivery(told, "gitlab").unwrap().unwrap();
    let request = kept.events[0].merge_request.clone().unwrap();
    assert!(request.title.ends_with('…') && request.source_branch.ends_with('…'));
    assert_eq!(request.target_branch, "main");
    let told = kept.shortened.map(|shortened| shortened.to_string());
    assert_eq!(told.as_deref(), Some("shortened: 2 texts cut"));
}

#[test]
fn what_breaks_the_contract_is_still_refused() {
    let request = |state: &str| types::MergeRequestResult {
        state: state.to_owned(),
        ..merge_request("t", "b")
    };
    for told in [
        with(|told| told.events[0].kind = "merge_request".to_owned()),
        with(|told| told.events[0].kind = "pipeline".to_owned()),
        with(|told| told.events[0].kind = "alert".to_owned()),
        with(|told| told.events[0].merge_request = Some(request("open"))),
        with(|told| {
            told.events[0].kind = "merge_request".to_owned();
            told.events[0].merge_request = Some(request("open"));
        }),
        with(|told| {
            told.events[0].kind = "merge_request".to_owned();
            told.events[0].action = Some("opened".to_owned());
            told.events[0].merge_request = Some(request("ajar"));
        }),
        with(|told| told.events.clear()),
        with(|told| {
            let event = told.events[0].clone();
            told.events = vec![event; 33];
        }),
    ] {
        assert!(matches!(delivery(told, "x"), Err(CallError::Output(_))));
    }
}

/// A newer plugin may tell of what this engine does not know.
#[test]
fn an_unknown_kind_or_action_is_refused_by_its_name() {
    for (kind, action, named) in [
        ("coup", None, "event kind `coup`"),
        ("", None, "event kind ``"),
        ("Push", None, "event kind `Push`"),
        ("pu\nsh", None, "event kind `pu\\nsh`"),
        ("push", Some("opened"), "push action `opened`"),
        ("alert", Some("silenced"), "alert action `silenced`"),
        ("pipeline", Some("running"), "pipeline action `running`"),
        ("custom", Some("Two Words"), "action `Two Words`"),
        ("custom", Some(""), "action ``"),
        ("release", Some("Published"), "release action `Published`"),
    ] {
        let told = with(|told| {
            told.events[0].kind = kind.to_owned();
            told.events[0].action = action.map(str::to_owned);
        });
        let refused = delivery(told, "x").unwrap().unwrap_err();
        assert!(
            matches!(&refused, Rejection::Ignored(reason) if reason.contains(named)),
            "{kind}: {refused:?}"
        );
    }
    let custom = with(|told| {
        told.events[0].kind = "custom".to_owned();
        told.events[0].action = Some("spilled_2".to_owned());
    });
    assert!(delivery(custom, "x").unwrap().is_ok());
}

#[test]
fn lists_of_any_length_are_cut_and_counted() {
    let label = |index: usize| types::LabelResult {
        name: format!("name{index}"),
        value: long(2000),
    };
    let field = |index: usize| types::FieldResult {
        name: format!("field{index}"),
        value: "v".to_owned(),
        short: true,
    };
    let told = with(|told| {
        told.events[0].labels = (0..10_000).map(label).collect();
        told.events[0].fields = (0..100).map(field).collect();
        told.events[0].subject = Some(long(10 << 10));
    });
    let kept = delivery(told, "x").unwrap().unwrap();
    let event = &kept.events[0];
    assert_eq!((event.labels.len(), event.fields.len()), (64, 32));
    assert!(event.labels[0].value.ends_with('…'));
    // Half of a subject would be another's.
    assert_eq!(event.subject, None);
    let shortened = kept.shortened.unwrap();
    assert_eq!(shortened.entries, 10_000 - 64 + 100 - 32);
    assert!(shortened.to_string().contains("10004 entries left out"));

    let alert = |index: usize| types::AlertResult {
        fingerprint: Some(format!("{index}")),
        name: "HighLoad".to_owned(),
        firing: true,
        severity: Some(types::Severity::Critical),
        summary: Some("x".repeat(3000)),
        labels: (0..20).map(label).collect(),
        starts_at: None,
        ends_at: None,
        url: None,
        silence_url: None,
    };
    let told = with(|told| {
        told.events[0].kind = "alert".to_owned();
        told.events[0].action = Some("firing".to_owned());
        told.events[0].alerts = Some(types::AlertGroupResult {
            alerts: (0..5000).map(alert).collect(),
            total: None,
        });
    });
    let kept = delivery(told, "x").unwrap().unwrap();
    let group = kept.events[0].alerts.as_ref().unwrap();
    assert!((10..200).contains(&group.alerts.len()));
    assert_eq!(group.total, Some(5000));
    let size = serde_json::to_vec(&kept.events[0]).unwrap().len();
    assert!(size < MIB, "{size} bytes");
}

#[test]
fn several_events_share_the_room_of_one() {
    let told = with(|told| {
        let mut event = told.events[0].clone();
        event.commits = commits(100, |commit| commit.message = "x".repeat(MESSAGE));
        told.events = vec![event; 32];
    });
    let kept = delivery(told, "x").unwrap().unwrap();
    assert_eq!(kept.events.len(), 32);
    assert!(!kept.events[0].commits.is_empty() && kept.events[31].commits.is_empty());
    assert_eq!(kept.events[31].total_commits, Some(100));
    let size: usize = kept
        .events
        .iter()
        .map(|event| serde_json::to_vec(event).unwrap().len())
        .sum();
    assert!(size < 5 * MIB, "{size} bytes");
}

#[test]
fn a_challenge_is_answered_unless_it_is_long() {
    let challenge = |length: usize| {
        let told = provider::Reception::Challenge(provider::Challenge {
            content_type: "text/plain".to_owned(),
            body: vec![b'x'; length],
        });
        reception(told, "x")
    };
    assert!(matches!(
        challenge(16 << 10),
        Ok(Ok(Reception::Challenge(_)))
    ));
    assert!(matches!(
        challenge((16 << 10) + 1),
        Err(CallError::Output(_))
    ));
}

#[test]
fn what_is_missing_is_told_in_words() {
    let shortened = |commits, files, texts| {
        Shortened {
            commits,
            files,
            texts,
            ..Shortened::default()
        }
        .to_string()
    };
    assert_eq!(
        shortened(1, 3400, 2),
        "shortened: 1 commit left out, 3400 files left out, 2 texts cut"
    );
    assert_eq!(shortened(0, 1, 0), "shortened: 1 file left out");
}
