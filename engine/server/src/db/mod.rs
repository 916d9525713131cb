//! The database: pools, migrations, ids, and the small differences between SQLite and PostgreSQL. The statements
//! themselves are in the features' `store.rs` and in `pipeline/`.

mod checkpoint;
mod dialect;
mod ids;
mod installation;
pub mod list;
mod migrate;
mod open;
mod owner;
pub mod rows;
pub mod tally;

pub use dialect::Dialect;
pub use ids::Sequence;
pub use open::{Db, DbError};
pub use owner::NODES;
