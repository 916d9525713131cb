//! What a replay of an event would change, for those who want to know before they send it.

use push_notify_core::id::{PromptId, PushId, TargetId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use similar::TextDiff;
use std::time::Duration;

/// As many fields as are shown.
const MOST_FIELDS: usize = 200;
/// Of a field's value, as JSON, in characters.
const LONGEST_VALUE: usize = 2_000;
/// After this a diff gets coarser.
const DIFF_TIMEOUT: Duration = Duration::from_millis(200);

/// The event, the messages and the review as they were, and as they would be now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReplayDifference")]
pub struct Difference {
    /// Anything below differs.
    pub changed: bool,
    pub event: OfEvent,
    /// One for each target.
    pub messages: Vec<OfMessage>,
    pub review: OfReview,
}

/// Fields of the normalised event.
#[derive(Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "EventDifference")]
pub struct OfEvent {
    /// The first 200 that differ.
    pub fields: Vec<Field>,
    pub total: usize,
}

#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "EventFieldDifference")]
pub struct Field {
    /// Such as `commits[0].message`.
    pub path: String,
    /// Null where there is none. What is long is cut.
    pub before: Value,
    pub after: Value,
}

/// The message to a target.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MessageDifference")]
pub struct OfMessage {
    pub target_id: TargetId,
    pub target_name: Option<String>,
    pub target_type: Option<String>,
    /// The push that was sent last.
    pub push_id: Option<PushId>,
    /// As sent. Null: nothing was rendered for this target.
    pub before: Option<Message>,
    /// As it would be sent. Null: nothing would be; `problem` says why.
    pub after: Option<Message>,
    pub problem: Option<String>,
    /// Unified; empty where title and body are the same.
    pub diff: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RenderedMessage")]
pub struct Message {
    pub title: String,
    pub body: String,
}

/// What a model was asked with, and would be.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReviewDifference")]
pub struct OfReview {
    /// The repository wants a review of such an event now.
    pub wanted: bool,
    pub before: Option<Prompt>,
    /// By the languages of the files that the event names; a review also knows those that only the
    /// Git host can tell.
    pub after: Vec<Prompt>,
    /// Unified, from the earlier prompt to the first one now.
    pub diff: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReviewPrompt")]
pub struct Prompt {
    pub id: PromptId,
    pub name: Option<String>,
    /// Null: the version of that time is not kept any more.
    pub version: Option<i64>,
    pub content: Option<String>,
}

impl OfEvent {
    /// `before` and `after` are events as JSON.
    pub fn between(before: &Value, after: &Value) -> Self {
        let mut difference = Self::default();
        difference.walk(String::new(), before, after);
        difference
    }

    fn walk(&mut self, path: String, before: &Value, after: &Value) {
        match (before, after) {
            _ if before == after => {}
            (Value::Object(old), Value::Object(new)) => {
                let added = new.keys().filter(|name| !old.contains_key(*name));
                for name in old.keys().chain(added) {
                    let inner = match path.is_empty() {
                        true => name.clone(),
                        false => format!("{path}.{name}"),
                    };
                    let of = |object: &serde_json::Map<String, Value>| {
                        object.get(name).cloned().unwrap_or_default()
                    };
                    self.walk(inner, &of(old), &of(new));
                }
            }
            (Value::Array(old), Value::Array(new)) => {
                for index in 0..old.len().max(new.len()) {
                    let of = |list: &[Value]| list.get(index).cloned().unwrap_or_default();
                    self.walk(format!("{path}[{index}]"), &of(old), &of(new));
                }
            }
            _ => {
                self.total += 1;
                if self.fields.len() < MOST_FIELDS {
                    self.fields.push(Field {
                        path,
                        before: cut(before),
                        after: cut(after),
                    });
                }
            }
        }
    }
}

impl Message {
    fn text(message: Option<&Self>) -> String {
        message.map_or_else(String::new, |message| {
            format!("{}\n\n{}\n", message.title, message.body)
        })
    }

    /// From what was sent to what would be.
    pub fn diff(before: Option<&Self>, after: Option<&Self>) -> String {
        unified(&Self::text(before), &Self::text(after))
    }
}

/// Empty when the texts are the same.
pub fn unified(before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    TextDiff::configure()
        .timeout(DIFF_TIMEOUT)
        .diff_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header("then", "now")
        .to_string()
}

fn cut(value: &Value) -> Value {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => value.to_string(),
        short => return short.clone(),
    };
    if text.chars().count() <= LONGEST_VALUE {
        return value.clone();
    }
    let cut: String = text.chars().take(LONGEST_VALUE).collect();
    Value::String(format!("{cut}…"))
}

#[cfg(test)]
mod tests;
