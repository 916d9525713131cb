use super::commit_of;
use push_notify_host::{Commit, Event};

fn event() -> Event {
    let commit = |id: &str| Commit {
        id: id.into(),
        message: format!(
            "message of {id}

body"
        ),
        ..Commit::default()
    };
    Event {
        kind: "push".into(),
        branch: Some("main".into()),
        after: Some("b".into()),
        commits: vec![commit("a"), commit("b")],
        ..Event::default()
    }
}

#[test]
fn the_head_commit_stands_for_the_push() {
    assert_eq!(commit_of(&event()).0, "b");
}

#[test]
fn a_deleted_branch_is_named_by_its_branch() {
    let event = Event {
        commits: vec![],
        after: Some("0".repeat(64)),
        ..event()
    };
    assert_eq!(commit_of(&event), (String::new(), "main".to_owned()));
}
