//! Stand-ins for the REST APIs of Git hosts. Each is a [`Forge`] that speaks one host's dialect:
//! same repository, same way to say what is in it and to look at what was posted, but the host's
//! own paths, page sizes, required fields and errors.
//!
//! ```no_run
//! # async fn example() {
//! use push_notify_tests::forge::{File, Forge};
//!
//! let host = Forge::github().await;
//! host.merge_request(7, "cccc", vec![File::added("src/a.rs", "one\ntwo\n")]);
//! // ... a review of it is published; then:
//! assert_eq!(host.comments().len(), 1);
//! # }
//! ```

mod books;
mod fault;
mod file;
mod server;

mod gitea;
mod gitee;
mod github;
mod gitlab;

pub use books::{Comment, Inline, On, Status, Verdict};
pub use fault::Fault;
pub use file::{File, Line};
pub use server::Forge;

use books::Books;
