//! `eq ne lt le gt ge and or not`. As in Go, kinds are not mixed: a whole number and a float do not
//! compare.

use super::Refusal;
use crate::format::type_name;
use gotmpl::Value;
use std::cmp::Ordering;

/// Whether the first equals any of the others.
pub(super) fn eq(args: &[Value]) -> Result<Value, Refusal> {
    for other in &args[1..] {
        if equal(&args[0], other)? {
            return Ok(Value::Bool(true));
        }
    }
    // `eq .List` alone must fail as well; the arity sees to it that there is something to compare
    // with.
    Ok(Value::Bool(false))
}

pub(super) fn ne(args: &[Value]) -> Result<Value, Refusal> {
    Ok(Value::Bool(!equal(&args[0], &args[1])?))
}

pub(super) fn lt(args: &[Value]) -> Result<Value, Refusal> {
    Ok(Value::Bool(order(args)? == Ordering::Less))
}

pub(super) fn le(args: &[Value]) -> Result<Value, Refusal> {
    Ok(Value::Bool(order(args)? != Ordering::Greater))
}

pub(super) fn gt(args: &[Value]) -> Result<Value, Refusal> {
    Ok(Value::Bool(order(args)? == Ordering::Greater))
}

pub(super) fn ge(args: &[Value]) -> Result<Value, Refusal> {
    Ok(Value::Bool(order(args)? != Ordering::Less))
}

pub(super) fn and(args: &[Value]) -> Result<Value, Refusal> {
    Ok(first(args, |value| !value.is_truthy()))
}

pub(super) fn or(args: &[Value]) -> Result<Value, Refusal> {
    Ok(first(args, Value::is_truthy))
}

pub(super) fn not(args: &[Value]) -> Result<Value, Refusal> {
    Ok(Value::Bool(!args[0].is_truthy()))
}

fn first(args: &[Value], wanted: impl Fn(&Value) -> bool) -> Value {
    let found = args.iter().find(|value| wanted(value)).or(args.last());
    found.cloned().unwrap_or(Value::Nil)
}

fn equal(a: &Value, b: &Value) -> Result<bool, Refusal> {
    match (a, b) {
        (Value::Nil, other) | (other, Value::Nil) => Ok(matches!(other, Value::Nil)),
        (Value::List(_) | Value::Map(_), _) => {
            Err(format!("{} cannot be compared", type_name(a)).into())
        }
        (_, Value::List(_) | Value::Map(_)) => {
            Err(format!("{} cannot be compared", type_name(b)).into())
        }
        (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
        (Value::String(a), Value::String(b)) => Ok(a == b),
        (Value::Float(a), Value::Float(b)) => Ok(a == b),
        _ => match whole(a).zip(whole(b)) {
            Some((a, b)) => Ok(a == b),
            None => Err(mixed(a, b)),
        },
    }
}

fn order(args: &[Value]) -> Result<Ordering, Refusal> {
    let (a, b) = (&args[0], &args[1]);
    match (a, b) {
        (Value::String(a), Value::String(b)) => Ok(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => Ok(a.total_cmp(b)),
        _ => match whole(a).zip(whole(b)) {
            Some((a, b)) => Ok(a.cmp(&b)),
            None if type_name(a) == type_name(b) => {
                Err(format!("{} has no order", type_name(a)).into())
            }
            None => Err(mixed(a, b)),
        },
    }
}

fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Int(int) => Some(i128::from(*int)),
        Value::Uint(uint) => Some(i128::from(*uint)),
        _ => None,
    }
}

fn mixed(a: &Value, b: &Value) -> Refusal {
    format!("{} and {} cannot be compared", type_name(a), type_name(b)).into()
}
