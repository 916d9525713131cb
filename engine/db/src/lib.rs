//! The database: pools, migrations, ids, and the small differences between SQLite and PostgreSQL.
//! The statements themselves are in the features' `store.rs` and in `pipeline/`.

mod attach;
mod checkpoint;
mod connections;
mod dialect;
mod duty;
mod fault;
mod file;
mod ids;
mod installation;
pub mod list;
mod migrate;
mod node;
mod open;
mod outage;
pub mod page;
mod raw;
pub mod rows;
mod session;
mod statistics;
pub mod tally;
pub mod time;

pub use attach::Attached;
pub use dialect::Dialect;
pub use duty::{Duty, OnDuty};
pub use fault::Fault;
pub use file::sqlite_file;
pub use ids::{Administrative, Sequenced};
pub use migrate::NEWEST;
pub use node::{Departed, NODES, Number, StartupLock, Watch, own_file};
pub use open::{Db, DbError};
pub use outage::{OutageTracker, probe};
pub use raw::as_sqlx;
