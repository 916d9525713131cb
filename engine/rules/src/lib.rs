//! Who hears what: rules, and the evaluation of them that the road, the test of a rule, a replay
//! and a preview have in common. Nothing here knows a database or a plugin.

mod clause;
pub mod definition;
pub mod facts;
mod globs;
mod set;
pub mod when;

pub use clause::ClauseError;
pub use definition::{Labels, Matchers, Mode, Once, Part, ReviewMatchers, Who};
pub use facts::{Facts, Met, Review, Reviewed, Severity};
pub use globs::GlobError;
pub use set::{
    Asked, Audience, Edge, Effect, Explained, Hearing, Occasion, Outline, Owner, Routing, Rule,
    RuleSet, Send,
};
