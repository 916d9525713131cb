//! An id is never a plain number, so that the compiler tells one table's from another's.

use super::tree::{is_test, sources};

/// Where an id is a number after all: the file, the name, and why.
const PLAIN: &[(&str, &str, &str)] = &[
    (
        "engine/server/src/owner/types.rs",
        "id",
        "of a user or of a team, as the kind beside it says; shown in the API as one field",
    ),
    (
        "engine/server/src/owner/permit.rs",
        "ids",
        "of the path: the route says of which tables",
    ),
    (
        "engine/server/src/owner/store.rs",
        "ids",
        "of the path: the route says of which tables",
    ),
    (
        "engine/server/src/log/operation.rs",
        "object_id",
        "of whatever table the action is about",
    ),
    (
        "engine/server/src/log/operation/entry.rs",
        "object_id",
        "of whatever table the action is about",
    ),
    (
        "engine/server/src/rotation/store.rs",
        "id",
        "rows of several tables are sealed anew alike",
    ),
];

/// The names before a `:` that are those of ids, each with what follows up to the end of its type.
fn typed_names(code: &str) -> impl Iterator<Item = (&str, &str)> {
    code.match_indices(": ").filter_map(|(at, _)| {
        let before = &code[..at];
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let start = before.rfind(|c| !is_of_name(c)).map_or(0, |at| at + 1);
        let name = &before[start..];
        let is_id = matches!(name, "id" | "ids") || name.ends_with("_id") || name.ends_with("_ids");
        let after = &code[at + 2..];
        let end = after.find([',', ';', ')', '=', '{', '|', '\n']);
        is_id.then(|| (name, &after[..end.unwrap_or(after.len())]))
    })
}

#[test]
fn an_id_is_no_plain_number() {
    let is_plain = |kind: &str| {
        kind.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word == "i64")
    };
    let folders =
        ["core", "db", "host", "review", "server"].map(|name| format!("engine/{name}/src"));
    let mut plain: Vec<(&str, &str)> = sources(&folders.each_ref().map(String::as_str))
        .into_iter()
        .filter(|source| !is_test(&source.path))
        .flat_map(|source| {
            let names = typed_names(&source.code).filter(|(_, kind)| is_plain(kind));
            names.map(|(name, _)| (source.path.as_str(), name))
        })
        .collect();
    plain.dedup();
    let known: Vec<(&str, &str)> = PLAIN.iter().map(|(path, name, _)| (*path, *name)).collect();
    let strays: Vec<_> = plain.iter().filter(|one| !known.contains(one)).collect();
    assert!(strays.is_empty(), "ids of the type i64: {strays:#?}");
    let gone: Vec<_> = known.iter().filter(|one| !plain.contains(one)).collect();
    assert!(gone.is_empty(), "no longer of the type i64: {gone:#?}");
}

#[test]
fn a_plain_id_is_seen_wherever_it_stands() {
    let code = "fn of(repo_id: i64, ids: &[i64], id: RepoId) -> Vec<i64> {\n    push_ids: Option<Vec<i64>>,";
    let seen: Vec<_> = typed_names(code).collect();
    assert_eq!(
        seen,
        [
            ("repo_id", "i64"),
            ("ids", "&[i64]"),
            ("id", "RepoId"),
            ("push_ids", "Option<Vec<i64>>"),
        ]
    );
}
