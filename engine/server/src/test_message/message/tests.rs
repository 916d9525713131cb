use super::{COMMIT_MSG, Repo, data, event};
use push_notify_core::id::RepoId;
use serde_json::{Map, Value, json};

fn given(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn repo() -> Repo {
    Repo {
        id: RepoId::new(7),
        name: "backend".into(),
        url: "git@git.example.com:company/backend.git".into(),
    }
}

#[test]
fn what_is_given_wins_over_the_repository_and_over_what_is_made_up() {
    let data = data(
        given(json!({"RepoName": "other", "Branch": "dev"})),
        Some(&repo()),
    );
    assert_eq!(data["RepoName"], "other");
    assert_eq!(data["RepoUrl"], repo().url);
    assert_eq!(data["Branch"], "dev");
    assert_eq!(data["CommitMsg"], COMMIT_MSG);
    assert_eq!(data["Commits"][0]["Message"], COMMIT_MSG);
    assert!(data["MergeRequest"].is_null() && data["Tag"].is_null());
}

#[test]
fn an_event_is_made_of_data_of_any_type() {
    let typed = data(
        given(
            json!({"CommitId": 5, "ChangedFiles": ["a.rs", 7, null], "Author": [], "Branch": {}}),
        ),
        None,
    );
    let event = event(&typed, None);
    assert_eq!(event.commits[0].id, "");
    assert_eq!(event.commits[0].modified, ["a.rs"]);
    assert_eq!(event.repository.url, None);
}

#[test]
fn only_an_http_address_is_a_link() {
    let event = event(&data(Map::new(), Some(&repo())), Some(&repo()));
    assert_eq!(event.repository.full_name, "backend");
    assert_eq!(event.repository.url, None);
}
