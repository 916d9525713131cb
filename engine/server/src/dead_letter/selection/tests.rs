use super::Selection;
use push_notify_core::id::{PushId, RepoId, TargetId};

#[test]
fn a_selection_is_told_in_few_words() {
    assert_eq!(Selection::default().words(), "all");
    let selection = Selection {
        ids: vec![PushId::new(4), PushId::new(5)],
        target_id: Some(TargetId::new(3)),
        state: Some("failed".to_owned()),
        since: Some(0),
        ..Selection::default()
    };
    assert_eq!(
        selection.words(),
        "2 ids, target_id 3, state failed, start_time 1970-01-01T00:00:00Z"
    );
}

#[test]
fn a_selection_is_stored_and_read_again() {
    let selection = Selection {
        reason: Some("timed out".to_owned()),
        until: Some(7),
        ..Selection::default()
    };
    let text = serde_json::to_string(&selection).unwrap();
    assert_eq!(text, r#"{"reason":"timed out","until":7}"#);
    assert_eq!(serde_json::from_str::<Selection>(&text).unwrap(), selection);
    assert_eq!(
        serde_json::from_str::<Selection>("{}").unwrap(),
        Selection::default()
    );
}

#[test]
fn every_value_is_bound_and_ids_are_numbers() {
    let selection = Selection {
        ids: vec![PushId::new(1), PushId::new(2)],
        repo_id: Some(RepoId::new(9)),
        reason: Some("50%".to_owned()),
        ..Selection::default()
    };
    let sql = selection.filter().sql();
    assert!(sql.contains("+p.repo_id = $1"), "{sql}");
    assert!(sql.contains("LIKE LOWER($2)"), "{sql}");
    assert!(sql.contains("p.id IN (1, 2)"), "{sql}");
}
