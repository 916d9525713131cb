//! The database: pools, migrations, ids, and the small differences between SQLite and PostgreSQL. The statements
//! themselves are in the features' `store.rs` and in `pipeline/`.

mod checkpoint;
mod dialect;
mod fault;
mod ids;
mod installation;
pub mod list;
mod migrate;
mod node;
mod open;
pub mod rows;
pub mod tally;
pub mod time;
mod trouble;

pub use dialect::Dialect;
pub use fault::Fault;
pub use ids::Sequence;
pub use node::{Departed, NODES, Number, Turn, Watch};
pub use open::{Db, DbError};
pub use trouble::{Trouble, probe};
