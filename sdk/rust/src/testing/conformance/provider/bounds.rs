//! Deliveries that are too long, too many or of another form than the host's.

use super::{ProviderRow, Received, deliver, push, push_event};
use crate::{Commit, Delivery, Rejection, testing::is_malformed};
use serde_json::{Value, json};

pub fn a_reason_stays_short_whatever_the_delivery_holds<R: ProviderRow>() {
    let long = "長".repeat(100_000);
    let mut deliveries = R::quoting(&long);
    deliveries.extend([
        (push_event::<R>(), json!({ "ref": long })),
        (
            push_event::<R>(),
            json!({"ref": "refs/heads/x", "commits": long}),
        ),
        (
            push_event::<R>(),
            json!({"ref": "refs/heads/x", "repository": long}),
        ),
    ]);
    let unheard_of = deliver::<R>(&long, b"{}");
    let deliver = |(event, body): (&str, Value)| deliver::<R>(event, body.to_string().as_bytes());
    let results = deliveries.into_iter().map(deliver);
    for result in results.chain([unheard_of]) {
        let reason = match result {
            Err(Rejection::Malformed(reason) | Rejection::Ignored(reason)) => reason,
            other => panic!("{other:?}"),
        };
        let count = reason.chars().count();
        assert!(count < 250, "{count} characters");
    }
}

/// An event or a refusal, and none that the engine could not keep.
pub fn the_longest_names_break_nothing<R: ProviderRow>() {
    let long = |piece: &str| piece.repeat((512 << 10) / piece.len());
    let whole: Value = serde_json::from_slice(&push::<R>()).expect("JSON");
    for field in whole.as_object().expect("an object").keys() {
        let mut body = whole.clone();
        body[field] = json!(long("x"));
        let body = body.to_string();
        assert_bounded(&deliver::<R>(push_event::<R>(), body.as_bytes()));
    }
    for piece in ["x", "\"", "字", "😀", "\n", "a/"] {
        let name = long(piece);
        let author = json!({"name": name, "email": name});
        let commit = json!({"id": name, "message": name, "url": name, "author": author});
        let mut body = R::push_of(vec![commit]);
        body["ref"] = json!(format!("refs/heads/{name}"));
        let body = body.to_string();
        assert_bounded(&deliver::<R>(push_event::<R>(), body.as_bytes()));
    }
}

#[track_caller]
fn assert_bounded(result: &Received) {
    match result {
        Ok(delivery) => assert!(weight(delivery) < 4 << 20),
        Err(Rejection::Malformed(reason) | Rejection::Ignored(reason)) => {
            assert!(reason.chars().count() < 250, "{reason}");
        }
        Err(other) => panic!("{other:?}"),
    }
}

/// What the engine counts of an event's commits; it keeps no more than 4 MiB of them.
fn weight(delivery: &Delivery) -> usize {
    let paths = |commit: &Commit| -> usize {
        let lists = [&commit.added, &commit.modified, &commit.removed];
        let paths = lists.into_iter().flatten();
        paths.map(|path| path.len() + 64).sum()
    };
    let weight = |commit: &Commit| commit.message.len() + paths(commit) + 64;
    delivery.events[0].commits.iter().map(weight).sum()
}

fn pushed<R: ProviderRow>(commits: Vec<Value>) -> Delivery {
    let body = R::push_of(commits).to_string();
    deliver::<R>(push_event::<R>(), body.as_bytes()).expect("an event")
}

pub fn a_push_of_many_large_commits_keeps_the_newest_and_the_true_total<R: ProviderRow>() {
    let mut commits = vec![json!({"id": "a", "message": "x".repeat(12_000)}); 2048];
    commits[2047]["message"] = json!("the newest");
    let delivery = pushed::<R>(commits);
    assert_eq!(delivery.events[0].total_commits, Some(2048));
    let kept = &delivery.events[0].commits;
    assert!((200..300).contains(&kept.len()), "{} commits", kept.len());
    assert_eq!(kept.last().expect("some").message, "the newest");
    assert!(weight(&delivery) < 4 << 20);
}

pub fn a_huge_commit_is_shortened<R: ProviderRow>() {
    let paths = json!(vec!["p".repeat(4000); 2000]);
    let message = "長".repeat(1 << 20);
    let commit = json!({
        "id": "a", "message": message, "added": paths, "modified": paths, "removed": paths,
    });
    let delivery = pushed::<R>(vec![commit]);
    let kept = &delivery.events[0].commits[0];
    assert!(kept.message.ends_with(" bytes left out)") && kept.message.len() < 20_000);
    assert!(kept.added.len() > 100 && kept.removed.len() > 100);
    assert!(weight(&delivery) < 4 << 20);
}

pub fn a_list_may_be_null_or_missing_but_nothing_else<R: ProviderRow>() {
    let commits = pushed::<R>(vec![
        json!({"id": "a", "added": null}),
        json!({"id": "b", "added": ["p"]}),
    ])
    .events
    .remove(0)
    .commits;
    assert!(commits[0].added.is_empty() && commits[0].removed.is_empty());
    assert_eq!(commits[1].added, ["p"]);
    for commits in [json!({}), json!(7)] {
        let mut body = R::push_of(Vec::new());
        body["commits"] = commits.clone();
        let result = deliver::<R>(push_event::<R>(), body.to_string().as_bytes());
        assert!(is_malformed(&result), "{commits}: {result:?}");
    }
    for commit in [
        Value::Null,
        json!({"id": 1}),
        json!({"id": "a", "added": {}}),
        json!({"id": "a", "removed": [1]}),
    ] {
        let body = R::push_of(vec![commit.clone()]).to_string();
        let result = deliver::<R>(push_event::<R>(), body.as_bytes());
        assert!(is_malformed(&result), "{commit}: {result:?}");
    }
}
