//! What the environment sets. A variable is text, and what it is read as depends on its key: a
//! password stays as it is.

#[cfg(test)]
mod tests;

use super::source::{OF_A_PLUGIN, PLUGINS, Setting};
use figment::value::Value;
use std::ffi::OsString;
use toml::Table;

const PREFIX: &str = "PUSH_NOTIFY_";
/// Read by the command line and by the project's own tests.
const OTHERS: [&str; 2] = ["CONFIG", "TEST_"];

#[derive(Default)]
pub(super) struct Environment {
    pub settings: Vec<Setting>,
    /// Names of variables that look as if they meant to set something.
    pub strays: Vec<String>,
    /// Names of variables that are no text.
    pub unreadable: Vec<String>,
}

/// `defaults` tell what each key takes.
pub(super) fn read(
    variables: impl Iterator<Item = (OsString, OsString)>,
    defaults: &Table,
) -> Environment {
    let mut environment = Environment::default();
    for (name, text) in variables {
        let Some((name, rest)) = name
            .to_str()
            .and_then(|name| Some((name, name.strip_prefix(PREFIX)?)))
        else {
            continue;
        };
        if !rest.contains("__") {
            if !OTHERS.iter().any(|other| rest.starts_with(other)) {
                environment.strays.push(name.to_owned());
            }
            continue;
        }
        let key = rest.to_lowercase().replace("__", ".");
        match text.to_str() {
            Some(text) => environment.settings.push(Setting {
                value: value(kind(defaults, &key), text),
                key,
                place: format!("environment {name}"),
            }),
            None => environment.unreadable.push(name.to_owned()),
        }
    }
    environment
        .settings
        .sort_by(|one, other| one.key.cmp(&other.key));
    environment.strays.sort();
    environment.unreadable.sort();
    environment
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    List,
    /// A number, a truth value or a table; or of a key that there is not.
    Other,
}

fn kind(defaults: &Table, key: &str) -> Kind {
    if let Some((PLUGINS, rest)) = key.split_once('.')
        && let Some((_, name)) = rest.rsplit_once('.')
        && OF_A_PLUGIN.contains(&name)
    {
        return match name {
            "grants" => Kind::List,
            _ => Kind::Other,
        };
    }
    let mut table = defaults;
    let mut names = key.split('.');
    while let Some(name) = names.next() {
        match table.get(name) {
            Some(toml::Value::Table(below)) => table = below,
            Some(toml::Value::String(_)) => return Kind::Text,
            Some(toml::Value::Array(_)) => return Kind::List,
            // Tables that are empty by default hold texts by names of the operator's choice.
            None if table.is_empty() && names.next().is_none() => return Kind::Text,
            _ => return Kind::Other,
        }
    }
    Kind::Other
}

fn value(kind: Kind, text: &str) -> Value {
    match kind {
        Kind::Text => Value::from(text),
        Kind::List => list(text),
        // As figment reads variables: what looks like a number, a truth value or a table is one.
        Kind::Other => match text.parse() {
            Ok(value) => value,
        },
    }
}

/// A list of TOML, `["a", "b"]`, or its entries with commas between them, `a, b`.
fn list(text: &str) -> Value {
    let text = text.trim();
    if text.starts_with('[')
        && let Ok(table) = toml::from_str::<Table>(&format!("list = {text}"))
        && let Some(Ok(list)) = table.get("list").map(Value::serialize)
    {
        return list;
    }
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let entries = bare
        .split(',')
        .map(|entry| entry.trim().trim_matches(['"', '\'']))
        .filter(|entry| !entry.is_empty());
    Value::from(entries.map(Value::from).collect::<Vec<_>>())
}
