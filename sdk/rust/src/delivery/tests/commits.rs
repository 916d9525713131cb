use crate::delivery::{Commits, HeadCommit, NewestFirst};
use serde_json::{Value, json};

fn commit(id: &str) -> Value {
    json!({"id": id, "message": format!("message of {id}")})
}

fn ids(commits: Vec<crate::Commit>) -> Vec<String> {
    commits.into_iter().map(|commit| commit.id).collect()
}

#[test]
fn the_newest_commit_comes_last_in_whatever_order_a_host_lists_them() {
    let list = json!([commit("a"), commit("b"), commit("c")]);
    for (head, oldest_first, newest_first) in [
        (Some("c"), "abc", "abc"),
        (Some("a"), "cba", "cba"),
        (Some("x"), "abc", "cba"),
        (None, "abc", "cba"),
    ] {
        let read: Commits = serde_json::from_value(list.clone()).unwrap();
        assert_eq!(
            ids(read.normalised(head)).concat(),
            oldest_first,
            "{head:?}"
        );
        let NewestFirst(read) = serde_json::from_value(list.clone()).unwrap();
        assert_eq!(
            ids(read.normalised(head)).concat(),
            newest_first,
            "{head:?}"
        );
    }
}

#[test]
fn a_head_that_the_list_leaves_out_is_added() {
    let read_of = |head_commit: Value, after: &str, count: Option<u32>| {
        let mut commits: Commits =
            serde_json::from_value(json!([commit("a"), commit("b")])).unwrap();
        let head: Option<HeadCommit> = serde_json::from_value(head_commit).unwrap();
        commits.complete(head, Some(after), count);
        (
            commits.total(),
            ids(commits.normalised(Some(after))).concat(),
        )
    };
    let read = |head_commit: Value, after: &str| read_of(head_commit, after, Some(9));
    assert_eq!(read(commit("h"), "h"), (3, "abh".to_owned()));
    // All of them are listed, as far as anybody knows.
    for count in [None, Some(0), Some(2)] {
        assert_eq!(read_of(commit("h"), "h", count), (2, "ab".to_owned()));
    }
    // Listed already, about something else, or no commit at all.
    assert_eq!(read(commit("b"), "b"), (2, "ab".to_owned()));
    assert_eq!(read(commit("a"), "a"), (2, "ba".to_owned()));
    assert_eq!(read(commit("h"), "x"), (2, "ab".to_owned()));
    assert_eq!(read(Value::Null, "h"), (2, "ab".to_owned()));
    assert_eq!(read(json!({}), "h"), (2, "ab".to_owned()));
    let mut none = Commits::default();
    none.complete(
        serde_json::from_value(commit("h")).unwrap(),
        Some("h"),
        Some(9),
    );
    assert_eq!((none.total(), none.normalised(None).len()), (0, 0));
}
