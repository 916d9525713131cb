//! What is set where.

use figment::value::Value;
use toml::{
    Spanned, Table,
    de::{DeTable, DeValue},
};

/// Whose tables are named by plugins.
pub(super) const PLUGINS: &str = "plugins";
pub(super) const OF_A_PLUGIN: [&str; 2] = ["enabled", "grants"];
/// Stands for any key.
const ANY: &str = "*";
/// From this likeness on somebody may have meant a key.
const ALIKE: f64 = 0.6;

/// A key with a value that is not the default.
#[derive(Debug)]
pub(super) struct Setting {
    /// `delivery.max_attempts`
    pub key: String,
    pub value: Value,
    /// `config.toml, line 3`, or `environment PUSH_NOTIFY_DELIVERY__MAX_ATTEMPTS`.
    pub place: String,
}

/// The settings of a file; or the line, and what is wrong with it.
pub(super) fn file(name: &str, text: &str) -> Result<Vec<Setting>, (usize, String)> {
    let line = |at: usize| {
        text.get(..at)
            .map_or(1, |before| before.matches('\n').count() + 1)
    };
    let refused = |error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start);
        (line(at), error.message().to_owned())
    };
    let values: Table = toml::from_str(text).map_err(refused)?;
    let spans = DeTable::parse(text).map_err(refused)?;
    let mut settings = Vec::new();
    walk("", &values, spans.get_ref(), &mut |key, value, at| {
        let value = Value::serialize(value).map_err(|error| (line(at), error.to_string()))?;
        settings.push(Setting {
            key,
            value,
            place: format!("{name}, line {}", line(at)),
        });
        Ok(())
    })?;
    Ok(settings)
}

/// Calls `found` with each value that is no table, by its key, and with where the key begins.
fn walk<E>(
    above: &str,
    values: &Table,
    spans: &DeTable<'_>,
    found: &mut impl FnMut(String, &toml::Value, usize) -> Result<(), E>,
) -> Result<(), E> {
    for (name, span) in spans {
        let Some(value) = values.get(name.get_ref().as_ref()) else {
            continue;
        };
        let key = joined(above, name.get_ref());
        match (value, Spanned::get_ref(span)) {
            (toml::Value::Table(values), DeValue::Table(spans)) => {
                walk(&key, values, spans, found)?;
            }
            _ => found(key, value, name.span().start)?,
        }
    }
    Ok(())
}

fn joined(above: &str, name: &str) -> String {
    match above {
        "" => name.to_owned(),
        above => format!("{above}.{name}"),
    }
}

/// Every key that the defaults have. A table without keys there takes any: `section.map.*`.
pub(super) fn known(defaults: &Table) -> Vec<String> {
    let mut known = Vec::new();
    collect("", defaults, &mut known);
    known
}

fn collect(above: &str, values: &Table, known: &mut Vec<String>) {
    for (name, value) in values {
        let key = joined(above, name);
        match value {
            toml::Value::Table(values) if values.is_empty() => known.push(format!("{key}.{ANY}")),
            toml::Value::Table(values) => collect(&key, values, known),
            _ => known.push(key),
        }
    }
}

pub(super) fn is_known(known: &[String], key: &str) -> bool {
    let of_a_plugin = key
        .strip_prefix(PLUGINS)
        .and_then(|rest| rest.strip_prefix('.'))
        .and_then(|rest| rest.rsplit_once('.'))
        .is_some_and(|(_, name)| OF_A_PLUGIN.contains(&name));
    let is_one = |known: &String| match known.strip_suffix(ANY) {
        Some(above) => key.starts_with(above),
        None => known == key,
    };
    of_a_plugin || known.iter().any(is_one)
}

/// What to say of a key that there is not.
pub(super) fn unknown(known: &[String], key: &str) -> String {
    if known
        .iter()
        .any(|known| known.starts_with(&format!("{key}.")))
    {
        return format!("is a section, not a key: its keys belong below [{key}]");
    }
    match nearest(known, key) {
        Some(meant) => format!("there is no such key; did you mean `{meant}`?"),
        None => {
            "there is no such key; `push-notify config defaults` shows all there are".to_owned()
        }
    }
}

pub(super) fn nearest<'a>(known: &'a [String], key: &str) -> Option<&'a str> {
    known
        .iter()
        .map(|known| (likeness(known, key), known))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known.as_str())
}

/// From 0 to 1. What two keys have in common by their section alone does not count.
fn likeness(one: &str, other: &str) -> f64 {
    let pair = match (one.rsplit_once('.'), other.rsplit_once('.')) {
        (Some((section, one)), Some((same, other))) if section == same => (one, other),
        _ => (one, other),
    };
    strsim::normalized_damerau_levenshtein(pair.0, pair.1)
}
