//! SQL on `pushes`, `push_attempts` and `push_tallies` outside the pipeline.

mod again;
mod delete;
mod find;
mod insert;
mod list;
mod ready;
mod release;
mod retry;
mod tally;
mod wait;

pub use again::{INSERT_DEAD_AGAIN, SUPERSEDE_DEAD};
pub use delete::{Mark, delete, ended_before, existing};
pub use find::{attempts, count_carried, count_parked, find, oldest_due};
pub use insert::{INSERT_MANY, INSERT_ONE, first_to, insert};
pub use list::{SORTABLE, Wanted, list};
pub use ready::{Ready, insert_ready};
pub use release::{drop_unwanted, fail_waiting, release_reviewed, unpark};
pub use retry::{insert_repeat, insert_retry, retries_of, supersede, told_of};
pub use tally::{
    Counted, add_past, by_day, stats_of_all, stats_of_repo, stats_of_targets, stats_of_template,
    stats_seen,
};
pub use wait::end_quiet;
