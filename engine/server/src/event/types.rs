use super::EventState;
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{EventId, ReplayId, RepoId, ReviewId},
};
use push_notify_host::Event;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// An event in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "EventEntry")]
pub struct Entry {
    pub id: EventId,
    pub repo_id: RepoId,
    pub repo_name: Option<String>,
    pub kind: Option<String>,
    pub state: EventState,
    pub reason: Option<String>,
    /// Why it is told to nobody: `bookkeeping` (such events never are), `unchanged` (what it is
    /// about is as it was told), `muted` (by a rule) or `unrouted` (no rule sends it anywhere, and
    /// no target is linked to its repository). Null: it is told.
    pub untold: Option<String>,
    pub delivery_id: Option<String>,
    pub received_at: String,
    /// When a parked one is tried again by itself.
    pub retry_at: Option<String>,
    /// What it takes up: the delivery as it came, and the event.
    pub stored_bytes: i64,
}

/// An event as stored.
pub struct Detail {
    pub id: EventId,
    pub repo_id: RepoId,
    /// Of its review, if there is one.
    pub review_id: Option<ReviewId>,
    pub state: EventState,
    pub reason: Option<String>,
    pub untold: Option<String>,
    pub delivery_id: Option<String>,
    pub received_at: Micros,
    /// None while it is parked.
    pub event: Option<Event>,
}

impl Detail {
    /// The normalised event, field for field, and beside it what we know of the delivery. A parked
    /// one has all fields too, as null. `replay_ids` are those that sent it again.
    pub fn shown(&self, replay_ids: Vec<ReplayId>) -> Result<Value, serde_json::Error> {
        let mut shown = match &self.event {
            Some(event) => fields(event)?,
            None => Event::FIELDS
                .map(|(name, _)| (name.to_owned(), Value::Null))
                .into_iter()
                .collect(),
        };
        shown.insert("id".to_owned(), self.id.into());
        shown.insert("repo_id".to_owned(), self.repo_id.into());
        shown.insert("review_id".to_owned(), self.review_id.into());
        shown.insert("state".to_owned(), self.state.name().into());
        shown.insert("reason".to_owned(), self.reason.as_deref().into());
        shown.insert("untold".to_owned(), self.untold.as_deref().into());
        shown.insert("delivery_id".to_owned(), self.delivery_id.as_deref().into());
        shown.insert("replay_ids".to_owned(), replay_ids.into());
        shown.insert("received_at".to_owned(), rfc3339(self.received_at).into());
        Ok(Value::Object(shown))
    }
}

/// With what is absent as null, or as a list without entries.
fn fields(event: &Event) -> Result<Map<String, Value>, serde_json::Error> {
    let Value::Object(mut fields) = serde_json::to_value(event)? else {
        return Ok(Map::new());
    };
    for (name, is_list) in Event::FIELDS {
        if !fields.contains_key(name) {
            let absent = match is_list {
                true => Value::Array(Vec::new()),
                false => Value::Null,
            };
            fields.insert(name.to_owned(), absent);
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests;
