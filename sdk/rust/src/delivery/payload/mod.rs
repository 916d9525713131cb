//! What the payloads of GitHub and its kin say alike. Fields that the event does not use are
//! skipped, and everything that a host may leave out or send as null is an `Option`.

mod account;
mod discussion;
mod id;
mod issue;
mod release;
mod remark;
mod repository;
mod run;
mod status;
mod workflow;

pub use account::{AccountPayload, Accounts};
pub use discussion::{DiscussionEvent, comment_action};
pub use id::Id;
pub use issue::{IssuePayload, Labels};
pub use release::ReleaseEvent;
pub use remark::CommentPayload;
pub use repository::RepositoryPayload;
pub use run::concluded;
pub use status::StatusEvent;
pub use workflow::WorkflowEvent;
