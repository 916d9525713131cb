//! What providers have in common when they call their Git host: where the API of a repository is,
//! which of its lists tells the changes of an event, what the host's refusals mean, and what a
//! review has posted already.

mod client;
mod config;
mod dialect;

mod changes;
mod content;
mod discussion;
mod publish;
mod status;

mod answer;
mod comments;
pub mod diff;
mod fence;
mod fetch;
mod home;
mod inert;
mod mark;
mod merge_request;
mod posted;
mod remark;
mod review;
mod route;
mod summary;
#[cfg(test)]
mod tests;
mod text;

pub use crate::delivery::Listed;
pub use answer::{check, told};
pub use changes::{Compared, compared, in_one_part};
pub use client::Client;
pub use comments::{MOST_COMMENTS, Problems, places, post_comments, post_verdict, recall};
pub use config::Config;
pub use dialect::Dialect;
pub use discussion::Discussion;
pub use fetch::fetch;
pub use home::Home;
pub use inert::inert;
pub use mark::{Marks, find, marked};
pub use merge_request::{Told, each, statuses, together};
pub use posted::Posted;
pub use remark::{Remark, remarks};
pub use review::{headline, post_review};
pub use route::{List, Part, Route, head, same_head, sha};
pub use status::post_status;
pub use summary::{post_summary, summary};
pub use text::{counted, file, hunks, is_binary, path, shortened};
