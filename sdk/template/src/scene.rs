//! What templates are about, and the data that each of them is tried out with.

use crate::{Template, TemplateError, digest_data, event_data, push_data, sample_data};
use serde_json::{Map, Value};

pub use push_notify_manifest::SCENES;

/// One message for several pushes.
pub const DIGEST: &str = "digest";

/// Parses both texts and renders them with a sample of what the scene's messages tell.
///
/// # Errors
/// As [`Template::parse`].
pub fn parse(scene: &str, title: &str, content: &str) -> Result<Template, TemplateError> {
    let sample = match scene {
        DIGEST => digest_data(Map::new()),
        _ => sample_data(),
    };
    Template::parse_for(title, content, &sample)
}

/// As [`parse`], for a template that somebody writes: a variable that messages of the scene do not
/// have is refused.
///
/// # Errors
/// As [`Template::parse`], and for the first unknown variable.
pub fn check(scene: &str, title: &str, content: &str) -> Result<Template, TemplateError> {
    parse(scene, title, content)?.known()
}

/// What a message of the scene gives to its template where somebody tries it out: `given`, and
/// made-up values for the rest.
pub fn made_up(scene: &str, given: Map<String, Value>) -> Value {
    match scene {
        DIGEST => digest_data(given),
        "commit_notify" | "review_notify" => push_data(given),
        scene => event_data(scene, given),
    }
}
