//! The people whom a rule means.

use crate::http::extract::Form;
use push_notify_core::{i18n::Text, id::PersonId};
use push_notify_rules::{Part, Who};
use serde_json::{Value, json};
use std::collections::HashMap;

/// In one list of a rule.
const MOST: usize = 100;

/// Everybody by name, in small letters.
pub(in crate::rule) type Names = HashMap<String, PersonId>;

/// Somebody as a body has them: `author` and its like, a person's id, or their name.
#[derive(Debug, Clone)]
pub(super) enum Written {
    Id(i64),
    Text(String),
}

pub(super) fn read(form: &mut Form, name: &str) -> Option<Vec<Written>> {
    form.note(name, || {
        let parts: Vec<&str> = Part::ALL.iter().map(|part| part.name()).collect();
        let text = format!("One of {}, or the name of a person", parts.join(", "));
        let text = json!({ "type": "string", "minLength": 1, "description": text });
        let id = json!({ "type": "integer", "minimum": 1 });
        json!({ "type": "array", "items": { "anyOf": [text, id] }, "maxItems": MOST })
    });
    let mistyped = Text::new(
        "必须是列表，每项为author等角色、人员的ID或姓名",
        "must be a list of parts such as author, and of ids or names of people",
    );
    let Value::Array(entries) = form.present(name)? else {
        form.mistyped(name, mistyped);
        return None;
    };
    if entries.len() > MOST {
        let problem = Text::made(
            format!("最多{MOST}项"),
            format!("has at most {MOST} entries"),
        );
        form.refuse(name, &problem);
        return None;
    }
    let written = entries.into_iter().map(|entry| match entry {
        Value::String(text) => Some(Written::Text(text.trim().to_owned())),
        Value::Number(id) => id.as_i64().map(Written::Id),
        _ => None,
    });
    let written: Option<Vec<Written>> = written.collect();
    if written.is_none() {
        form.mistyped(name, mistyped);
    }
    written
}

/// Those that there are, each once; of the others the form is told.
pub(super) fn found(form: &mut Form, name: &str, written: &[Written], people: &Names) -> Vec<Who> {
    let mut found = Vec::new();
    for one in written {
        let who = match one {
            Written::Id(id) => {
                let is_there = people.values().any(|known| known.get() == *id);
                is_there.then_some(Who::Person(*id))
            }
            Written::Text(text) => {
                let person = || Some(Who::Person(people.get(&text.to_lowercase())?.get()));
                Part::of_name(text).map(Who::Part).or_else(person)
            }
        };
        match who {
            Some(who) if !found.contains(&who) => found.push(who),
            Some(_) => {}
            None => {
                let parts: Vec<&str> = Part::ALL.iter().map(|part| part.name()).collect();
                let parts = parts.join(", ");
                let named = match one {
                    Written::Id(id) => id.to_string(),
                    Written::Text(text) => text.clone(),
                };
                let problem = Text::made(
                    format!("包含{named}，既不是人员的ID或姓名，也不是：{parts}"),
                    format!(
                        "holds {named}, which is neither a person's id or name nor one of: {parts}"
                    ),
                );
                form.refuse(name, &problem);
            }
        }
    }
    found
}
