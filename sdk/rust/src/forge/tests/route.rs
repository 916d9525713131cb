//! Which list is asked, and how far it is read.

use crate::forge::{List, Listed, Part, Route, fetch, head};
use crate::http::{self, Error};
use crate::testing::{Host, response};
use crate::{Event, Failure, MergeRequest, Repository};

const OLD: &str = "1111111111111111111111111111111111111111";
const NEW: &str = "2222222222222222222222222222222222222222";
const ZERO: &str = "0000000000000000000000000000000000000000";

fn push(branch: &str, before: &str, after: &str) -> Event {
    Event {
        kind: "push".to_owned(),
        branch: Some(branch.to_owned()),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
        repository: Repository {
            full_name: "company/app".to_owned(),
            default_branch: Some("main".to_owned()),
            ..Repository::default()
        },
        ..Event::default()
    }
}

fn compare(from: &str) -> Result<Route, Failure> {
    Ok(Route::Compare {
        from: from.to_owned(),
        to: NEW.to_owned(),
    })
}

#[test]
fn a_push_is_compared_with_what_was_there_before() {
    assert_eq!(Route::of(&push("main", OLD, NEW)), compare(OLD));
    // A new branch has grown from the default one.
    assert_eq!(Route::of(&push("fix/a", ZERO, NEW)), compare("main"));
    let commit = Ok(Route::Commit(NEW.to_owned()));
    assert_eq!(Route::of(&push("main", ZERO, NEW)), commit);
    let tag = Event {
        branch: None,
        tag: Some("v1".to_owned()),
        ..push("", ZERO, NEW)
    };
    assert_eq!(Route::of(&tag), commit);
    let mut unknown = push("fix/a", OLD, NEW);
    unknown.before = None;
    assert_eq!(Route::of(&unknown), compare("main"));
    unknown.repository.default_branch = None;
    assert_eq!(Route::of(&unknown), commit);
}

#[test]
fn a_ref_that_is_gone_changed_nothing() {
    assert_eq!(Route::of(&push("main", OLD, ZERO)), Ok(Route::Nothing));
    let mut deleted = push("main", OLD, NEW);
    deleted.deleted = Some(true);
    assert_eq!(Route::of(&deleted), Ok(Route::Nothing));
}

#[test]
fn a_merge_request_is_known_by_its_number() {
    let event = Event {
        merge_request: Some(MergeRequest {
            number: 7,
            title: String::new(),
            state: "open".to_owned(),
            source_branch: "fix".to_owned(),
            target_branch: "main".to_owned(),
            head_sha: Some(NEW.to_owned()),
            ..MergeRequest::default()
        }),
        ..Event::default()
    };
    assert_eq!(Route::of(&event), Ok(Route::MergeRequest(7)));
    assert_eq!(head(&event), Ok(NEW));
}

#[test]
fn what_is_no_commit_gets_into_no_address() {
    for wrong in ["", "../../user", "2222222/../..", "main", "2?x=1", "abc"] {
        for event in [push("main", OLD, wrong), push("main", wrong, NEW)] {
            let refused = matches!(Route::of(&event), Err(Failure::Rejected(_)));
            assert!(refused, "{wrong}");
        }
    }
}

#[test]
fn a_part_is_found_again_by_its_text() {
    for list in [List::MergeRequest, List::Compare, List::Commit] {
        let part = Part::first(list).next();
        assert_eq!(Part::parse(&part.to_string()), Ok(part));
    }
    assert_eq!(Part::first(List::Commit).next().to_string(), "commit:2:100");
    for wrong in [
        "",
        "commit",
        "commit:2",
        "commit:0:100",
        "commit:2:101",
        "commit:2:100:1",
        "tree:1:100",
        "commit:-1:100",
        "commit:99999999:100",
    ] {
        assert!(Part::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_is_too_large_is_asked_for_in_smaller_parts() {
    let part = Part::parse("merge-request:3:100").unwrap();
    let smaller = part.smaller().unwrap();
    assert_eq!(smaller.to_string(), "merge-request:21:10");
    let single = smaller.smaller().unwrap();
    assert_eq!(single.to_string(), "merge-request:201:1");
    assert_eq!(single.smaller(), None);

    let ask = |part: Part| {
        http::get("https://example.com/files")
            .query("page", part.page)
            .query("per_page", part.size)
    };
    let host = Host::new().http(|request| match request.url.ends_with("per_page=10") {
        true => Ok(response(200, "[]")),
        false => Err(Error::TooLarge),
    });
    let (_, fetched) = host.run(|| fetch(part, ask)).unwrap().unwrap();
    assert_eq!(fetched, smaller);
    let urls: Vec<String> = host
        .requests()
        .into_iter()
        .map(|request| request.url)
        .collect();
    assert_eq!(
        urls,
        [
            "https://example.com/files?page=3&per_page=100",
            "https://example.com/files?page=21&per_page=10"
        ]
    );

    let host = Host::new().http(|_| Err(Error::TooLarge));
    assert_eq!(host.run(|| fetch(part, ask)), Ok(None));
}

#[test]
fn a_list_is_read_as_far_as_it_is_wanted() {
    let read = |text: &str| {
        let listed: Listed<u32, 2> = serde_json::from_str(text).unwrap();
        (listed.entries, listed.cut)
    };
    assert_eq!(read("[]"), (vec![], false));
    assert_eq!(read("[1, 2]"), (vec![1, 2], false));
    assert_eq!(read("[1, 2, \"three\"]"), (vec![1, 2], true));
    assert!(serde_json::from_str::<Listed<u32, 2>>("{}").is_err());
}
