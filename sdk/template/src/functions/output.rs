//! `print println printf html js urlquery`, and what the engine itself prints with.

use super::{Refusal, as_text, bounded};
use crate::{
    format::{plain, sprint, sprintln, type_name},
    meter,
    printf::{is_printable, sprintf},
};
use gotmpl::Value;
use std::{fmt::Write as _, sync::Arc};

pub(super) fn print(args: &[Value]) -> Result<Value, Refusal> {
    Ok(bounded(|out| sprint(out, args)))
}

pub(super) fn println(args: &[Value]) -> Result<Value, Refusal> {
    Ok(bounded(|out| sprintln(out, args)))
}

pub(super) fn printf(args: &[Value]) -> Result<Value, Refusal> {
    match &args[0] {
        Value::String(format) => Ok(bounded(|out| sprintf(out, format, &args[1..]))),
        other => Err(format!("the format must be a string, not {}", type_name(other)).into()),
    }
}

pub(super) fn html(args: &[Value]) -> Result<Value, Refusal> {
    Ok(escaped(args, gotmpl::html_escape))
}

pub(super) fn js(args: &[Value]) -> Result<Value, Refusal> {
    Ok(escaped(args, js_escape))
}

pub(super) fn urlquery(args: &[Value]) -> Result<Value, Refusal> {
    Ok(escaped(args, gotmpl::url_encode))
}

/// The value of an action: `value`, or for a field also `base` and `name`, the object that it
/// starts from and its first name there. A variable of the data that is missing or null prints
/// nothing; any other nil prints `<no value>`.
pub(super) fn show(args: &[Value]) -> Result<Value, Refusal> {
    Ok(match args {
        [Value::Nil, base, Value::String(name)] if meter::is_root(base) => match base.field(name) {
            None | Some(Value::Nil) => Value::String(Arc::from("")),
            Some(_) => no_value(),
        },
        [Value::Nil, ..] | [] => no_value(),
        [Value::String(text), ..] => Value::String(text.clone()),
        [value, ..] => bounded(|out| plain(out, value)),
    })
}

pub(super) fn nothing(_: &[Value]) -> Result<Value, Refusal> {
    Ok(Value::Nil)
}

fn no_value() -> Value {
    Value::String(Arc::from("<no value>"))
}

/// A single nil is an empty text here, where Go escapes its `<no value>`.
fn escaped(args: &[Value], escape: fn(&str) -> String) -> Value {
    let shown = |value: &Value| match value {
        Value::Nil => no_value(),
        other => other.clone(),
    };
    let text = match args {
        [only] => as_text(only),
        _ => {
            let values = args.iter().map(shown).collect::<Vec<_>>();
            as_text(&bounded(|out| sprint(out, &values)))
        }
    };
    bounded(|out| out.write_str(&escape(&text)))
}

/// template.JSEscapeString: gotmpl's leaves invisible characters as they are.
fn js_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '\'' | '"' => out.extend(['\\', c]),
            '<' | '>' | '&' | '=' | '\0'..' ' => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c if c.is_ascii() || is_printable(c) => out.push(c),
            c => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
    out
}
