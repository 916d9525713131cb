//! `len index slice call`. Strings are measured in bytes, as in Go; `trunc` counts characters.

use super::{Refusal, charge_items};
use crate::format::type_name;
use gotmpl::Value;
use std::sync::Arc;

pub(super) fn len(args: &[Value]) -> Result<Value, Refusal> {
    match args[0].len() {
        Some(length) => Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX))),
        None => Err(format!("{} has no length", type_name(&args[0])).into()),
    }
}

/// `index .List 1 "key"`: element after element. A key that a map lacks gives nil; a position
/// outside is an error.
pub(super) fn index(args: &[Value]) -> Result<Value, Refusal> {
    let mut value = args[0].clone();
    if matches!(value, Value::Nil) {
        return Err("nil has no elements".into());
    }
    for key in &args[1..] {
        value = match (&value, key) {
            (Value::Map(map), Value::String(key)) => map.get(key).cloned().unwrap_or(Value::Nil),
            (Value::List(list), _) => list[position(key, list.len(), false)?].clone(),
            (Value::String(text), _) => Value::Int(i64::from(
                text.as_bytes()[position(key, text.len(), false)?],
            )),
            (Value::Map(_), _) => {
                return Err(format!("a map has no key of type {}", type_name(key)).into());
            }
            _ => return Err(format!("{} has no elements", type_name(&value)).into()),
        };
    }
    Ok(value)
}

/// `slice x`, `slice x 1`, `slice x 1 3` and, for lists, `slice x 1 3 4`, whose last bound is
/// checked only.
pub(super) fn slice(args: &[Value]) -> Result<Value, Refusal> {
    let length = match &args[0] {
        Value::String(_) if args.len() > 3 => return Err("a string takes two bounds only".into()),
        Value::String(text) => text.len(),
        Value::List(list) => list.len(),
        other => return Err(format!("{} cannot be sliced", type_name(other)).into()),
    };
    let mut bounds = [0, length, length];
    for (bound, arg) in bounds.iter_mut().zip(&args[1..]) {
        *bound = position(arg, length, true)?;
    }
    let [start, end, most] = bounds;
    if start > end || end > most {
        return Err("the bounds are not in order".into());
    }
    Ok(match &args[0] {
        Value::List(list) => {
            charge_items(&list[start..end])?;
            Value::List(Arc::from(&list[start..end]))
        }
        // Go cuts through characters; what is left of one there becomes U+FFFD here.
        Value::String(text) => Value::String(Arc::from(String::from_utf8_lossy(
            &text.as_bytes()[start..end],
        ))),
        _ => Value::Nil,
    })
}

pub(super) fn call(_: &[Value]) -> Result<Value, Refusal> {
    Err("the data holds no functions".into())
}

/// A position in something `length` long; `end` may lie right behind it.
fn position(value: &Value, length: usize, end: bool) -> Result<usize, Refusal> {
    let position = match value {
        Value::Int(int) => usize::try_from(*int).ok(),
        Value::Uint(uint) => usize::try_from(*uint).ok(),
        _ => {
            return Err(format!(
                "a position must be a whole number, not {}",
                type_name(value)
            )
            .into());
        }
    };
    position
        .filter(|position| *position < length || (end && *position == length))
        .ok_or(Refusal::Borrowed("a position is out of range"))
}
