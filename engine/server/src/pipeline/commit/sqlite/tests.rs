use super::{INSERT_ATTEMPT, INSERT_EVENT, INSERT_ONE, INSERT_REVIEW, UPDATE_PUSH};
use push_notify_core::{clock::Clock, config::Database};
use push_notify_db::Db;

/// Conditions of indexes and triggers with long lists do that, for each row.
#[tokio::test]
async fn no_row_makes_a_table_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Database {
        url: "sqlite".to_owned(),
        connections: 1,
    };
    let db = Db::open(&settings, folder.path(), &Clock::default())
        .await
        .unwrap();
    let connection = db.connect_raw().unwrap();
    for sql in [
        INSERT_EVENT,
        INSERT_REVIEW,
        INSERT_ONE,
        INSERT_ATTEMPT,
        UPDATE_PUSH,
    ] {
        let mut plan = connection.prepare(&format!("EXPLAIN {sql}")).unwrap();
        let steps = plan.raw_query().mapped(|row| row.get::<_, String>(1));
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(steps.len() > 10, "{sql}");
        assert!(!steps.iter().any(|step| step == "OpenEphemeral"), "{sql}");
    }
}
