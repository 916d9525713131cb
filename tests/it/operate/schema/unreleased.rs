//! A database that was made before there was a release.

use super::database::Fresh;
use push_notify_tests::{Backend, both};

both!(
    a_database_of_an_unreleased_version_is_refused,
    a_database_whose_later_files_were_never_released_is_refused,
);

#[track_caller]
fn is_refused<T>(opened: Result<T, impl std::fmt::Display>) {
    let Err(refusal) = opened else {
        panic!("it was opened");
    };
    let refusal = refusal.to_string();
    assert!(
        refusal.starts_with("the database was made by an unreleased version"),
        "{refusal}"
    );
}

async fn a_database_of_an_unreleased_version_is_refused(on: Backend) {
    let fresh = Fresh::create(on).await;
    // It began with another file, and had more of them.
    fresh
        .run(
            "UPDATE _sqlx_migrations SET checksum = (
                 SELECT checksum FROM _sqlx_migrations WHERE version = 2) WHERE version = 1;
             INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT 30, 'queue', success, checksum, 0 FROM _sqlx_migrations WHERE version = 2",
        )
        .await;
    is_refused(fresh.start().await);
    is_refused(fresh.attach().await);
}

async fn a_database_whose_later_files_were_never_released_is_refused(on: Backend) {
    let fresh = Fresh::create(on).await;
    fresh
        .run(
            "UPDATE _sqlx_migrations SET checksum = (
                 SELECT checksum FROM _sqlx_migrations WHERE version = 1) WHERE version = 2",
        )
        .await;
    is_refused(fresh.start().await);
}
