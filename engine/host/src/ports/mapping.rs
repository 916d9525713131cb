//! What is told of a mapping that an administrator writes.

use serde_json::{Map, Value};

/// A mapping that a plugin brings along.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    pub name: String,
    pub title_en: String,
    pub title_zh: String,
    pub mapping: Map<String, Value>,
    /// A delivery as the sender makes it.
    pub sample: String,
}

/// What is wrong with a mapping, or what it cannot make of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingProblem {
    /// Within the settings; empty where it is about all of them.
    pub field: String,
    pub en: String,
    pub zh: String,
}

/// Why a delivery comes to no events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// By a condition of the mapping, and by which.
    Ignored(String),
    Faulty(Vec<MappingProblem>),
}
