//! What providers have in common when they call their Git host: where the API of a repository is, which of its lists tells the changes of an
//! event, what the host's refusals mean, and what a review has posted already.

mod answer;
mod current;
mod fence;
mod fetch;
mod home;
mod inert;
mod listed;
mod mark;
mod page;
mod posted;
mod publish;
mod remark;
mod review;
mod route;
mod summary;
#[cfg(test)]
mod tests;
mod text;

pub use answer::{check, told};
pub use current::{is_current, same_head};
pub use fetch::fetch;
pub use home::Home;
pub use inert::inert;
pub use listed::Listed;
pub use mark::{Marks, find, marked};
pub use posted::Posted;
pub use publish::{MOST_COMMENTS, Problems, places, post_comments, post_verdict, recall};
pub use remark::{Remark, remarks};
pub use review::{headline, post_review};
pub use route::{List, Part, Route, head, sha};
pub use summary::{post_summary, summary};
pub use text::{counted, file, hunks, is_binary, path};
