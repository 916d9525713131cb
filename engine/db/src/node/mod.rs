//! Who holds leases. A server has a number among those that share a database, and what shows that
//! it lives goes with the process, however that ends: so a lease under a number that nobody holds
//! is a dead server's.
//!
//! SQLite has one server, and a lock file. On PostgreSQL a number is an advisory lock of a session
//! that is kept for it (`keep.rs`), and a row of the table `nodes`, so that it is known whose death
//! to look for (`dead.rs`).

mod dead;
mod file;
mod keep;
mod number;
mod session;

pub use dead::{Departed, Watch};
pub use file::own_file;
pub use number::{NODES, Number};
pub use session::StartupLock;

pub(super) use dead::dead_at_start;
pub(super) use file::is_owned;
pub(super) use keep::keep;
pub(super) use session::{living, startup_lock, take_number, try_duty};
