//! What Go's set lacks and messages need: `join upper lower trunc default firstLine short`. The
//! text is the last argument, so that they stand in a pipe:
//! `{{.CommitMsg | firstLine | trunc 60}}`. Nil counts as an empty text.

use super::{Refusal, as_text, bounded, charge_items};
use crate::{
    format::{plain, type_name},
    markdown::mark::{is_line_end, is_white},
};
use gotmpl::Value;
use std::{fmt::Write as _, sync::Arc};

/// Characters of a commit id that `short` keeps.
const SHORT: usize = 8;

/// `join ", " .ChangedFiles`. What is not a list is taken as a list of one.
pub(super) fn join(args: &[Value]) -> Result<Value, Refusal> {
    let Value::String(separator) = &args[0] else {
        return Err(format!(
            "the separator must be a string, not {}",
            type_name(&args[0])
        )
        .into());
    };
    match &args[1] {
        Value::List(items) => {
            charge_items(items)?;
            Ok(bounded(|out| {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.write_str(separator)?;
                    }
                    if !matches!(item, Value::Nil) {
                        plain(out, item)?;
                    }
                }
                Ok(())
            }))
        }
        other => Ok(Value::String(as_text(other))),
    }
}

pub(super) fn upper(args: &[Value]) -> Result<Value, Refusal> {
    let text = as_text(&args[0]);
    Ok(bounded(|out| {
        text.chars()
            .flat_map(char::to_uppercase)
            .try_for_each(|c| out.write_char(c))
    }))
}

pub(super) fn lower(args: &[Value]) -> Result<Value, Refusal> {
    let text = as_text(&args[0]);
    Ok(bounded(|out| {
        text.chars()
            .flat_map(char::to_lowercase)
            .try_for_each(|c| out.write_char(c))
    }))
}

/// `trunc 20 .CommitMsg`: the first 20 characters.
pub(super) fn trunc(args: &[Value]) -> Result<Value, Refusal> {
    let length = match &args[0] {
        Value::Int(length) => usize::try_from(*length).ok(),
        Value::Uint(length) => usize::try_from(*length).ok(),
        _ => None,
    };
    let Some(length) = length else {
        return Err("the length must be a whole number, not below 0".into());
    };
    Ok(head(as_text(&args[1]), length))
}

/// `default "none" .Tag`: the first where the second is nil, false, 0 or empty.
pub(super) fn default(args: &[Value]) -> Result<Value, Refusal> {
    Ok(args[usize::from(args[1].is_truthy())].clone())
}

/// The first line that is not blank, without the white space around it.
pub(super) fn first_line(args: &[Value]) -> Result<Value, Refusal> {
    let text = as_text(&args[0]);
    let mut lines = text
        .split(is_line_end)
        .map(|line| line.trim_matches(is_white));
    let line = lines.find(|line| !line.is_empty());
    Ok(Value::String(Arc::from(line.unwrap_or_default())))
}

/// The first 8 characters of a commit id.
pub(super) fn short(args: &[Value]) -> Result<Value, Refusal> {
    Ok(head(as_text(&args[0]), SHORT))
}

fn head(text: Arc<str>, length: usize) -> Value {
    Value::String(match text.char_indices().nth(length) {
        Some((end, _)) => Arc::from(&text[..end]),
        None => text,
    })
}
