use super::{author, branch, changed_files, head};
use push_notify_host::{Commit, Event, Person};

fn commit(id: &str, files: &[&str]) -> Commit {
    Commit {
        id: id.to_owned(),
        added: files.iter().map(|file| file.to_string()).collect(),
        author: Some(Person {
            login: Some(format!("author of {id}")),
            ..Person::default()
        }),
        ..Commit::default()
    }
}

#[test]
fn the_head_is_the_commit_that_the_event_names_else_the_last() {
    let mut event = Event {
        branch: Some("main".to_owned()),
        after: Some("a".to_owned()),
        commits: vec![commit("a", &["x", "y"]), commit("b", &["y", "z"])],
        ..Event::default()
    };
    assert_eq!(head(&event).map(|commit| commit.id.as_str()), Some("a"));
    event.after = None;
    assert_eq!(head(&event).map(|commit| commit.id.as_str()), Some("b"));
    assert_eq!(author(&event), Some("author of b"));
    assert_eq!(branch(&event), Some("main"));
    assert_eq!(changed_files(&event), ["x", "y", "z"]);
}

#[test]
fn an_empty_event_has_no_answers() {
    let event = Event::default();
    assert_eq!(
        (head(&event), author(&event), branch(&event)),
        (None, None, None)
    );
}
