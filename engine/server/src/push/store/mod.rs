//! SQL on `pushes`, `push_attempts` and `push_tallies` outside the pipeline.

mod delete;
mod find;
mod list;
mod ready;
mod retry;
mod tally;
mod wait;

pub use delete::{Mark, delete, ended_before, existing};
pub use find::{attempts, count_carried, count_parked, find, oldest_due};
pub use list::{SORTABLE, Wanted, list};
pub use ready::{Ready, insert_ready};
pub use retry::{insert_retry, retries_of, supersede};
pub use tally::{
    Counted, add_past, by_day, stats_of_all, stats_of_repo, stats_of_targets, stats_of_template,
    stats_seen,
};
pub use wait::end_quiet;
