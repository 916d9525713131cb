//! Requests that could be taken, to be spoilt.

use crate::contract::world::World;
use push_notify_tests::{Operation, contract};
use serde_json::{Value, json};

/// With ids of things that are there.
pub fn path_of(world: &World, path: &str) -> String {
    let noun = path.split('/').nth(3).unwrap_or_default();
    let name = match noun {
        "repos" => "other_repo",
        "targets" => "other_target",
        "templates" => "other_template",
        "prompts" => "other_prompt",
        "models" => "other_model",
        "people" => "person",
        "pushes" => "push",
        // A review has its event's id.
        "events" | "reviews" => "event",
        _ => "other_user",
    };
    let value = |name: &str| {
        world
            .values
            .get(name)
            .map_or("1".to_owned(), Value::to_string)
    };
    path.replace("{id}", &value(name))
        .replace("{repo_id}", &value("repo"))
        .replace("{user_id}", &value("admin"))
}

/// A body that could be taken: the contract's, or the document's example.
pub fn base_of(world: &World, operation: &Operation<'_>) -> Value {
    if !operation.takes_json() {
        return Value::Null;
    }
    let endpoints = contract::endpoints();
    let documented = endpoints
        .iter()
        .find(|endpoint| endpoint.method == operation.method && endpoint.path == operation.path)
        .and_then(|endpoint| world.fill(endpoint.call.first()?.body.as_ref()?).ok());
    let body = documented.or_else(|| operation.example().cloned());
    body.filter(Value::is_object).unwrap_or_else(|| json!({}))
}
