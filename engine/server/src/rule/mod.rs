//! Rules: who hears of what, besides the targets that are linked to a repository. The crate
//! `push-notify-rules` judges; here they are kept, and applied by the pipeline.

pub mod api;
mod choice;
pub mod edge;
mod facts;
mod form;
mod in_force;
pub mod store;
mod types;

pub use choice::{Choice, Mention};
pub use facts::{facts, review_of};
pub use in_force::{InForce, owner_of};
pub use types::{Definition, Routes, Rule};
