//! Values as Go's fmt prints them with `%v`.

use super::text::Text;
use gotmpl::Value;
use std::fmt::{self, Write as _};

/// `%v`: strings raw, lists `[a b]`, maps `map[k:v]` in the order of their keys, nil `<nil>`.
pub(super) fn plain(out: &mut Text, value: &Value) -> fmt::Result {
    match value {
        Value::Nil => out.write_str("<nil>"),
        Value::Bool(truth) => write!(out, "{truth}"),
        Value::Int(int) => write!(out, "{int}"),
        Value::Uint(uint) => write!(out, "{uint}"),
        Value::Float(float) => out.write_str(&general(*float, None)),
        Value::String(text) => out.write_str(text),
        Value::List(items) => {
            out.write_char('[')?;
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.write_char(' ')?;
                }
                plain(out, item)?;
            }
            out.write_char(']')
        }
        Value::Map(fields) => {
            out.write_str("map[")?;
            for (index, (key, item)) in fields.iter().enumerate() {
                if index > 0 {
                    out.write_char(' ')?;
                }
                write!(out, "{key}:")?;
                plain(out, item)?;
            }
            out.write_char(']')
        }
        Value::Function(_) => out.write_str("<func>"),
    }
}

/// fmt.Sprint: a space between two operands when neither is a string.
pub(super) fn sprint(out: &mut Text, values: &[Value]) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        let strings = |v: &Value| matches!(v, Value::String(_));
        if index > 0 && !strings(&values[index - 1]) && !strings(value) {
            out.write_char(' ')?;
        }
        plain(out, value)?;
    }
    Ok(())
}

/// fmt.Sprintln: spaces between all operands and a line feed.
pub(super) fn sprintln(out: &mut Text, values: &[Value]) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.write_char(' ')?;
        }
        plain(out, value)?;
    }
    out.write_char('\n')
}

/// The type's name in Go, for data that came from JSON.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Nil => "nil",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Uint(_) => "uint64",
        Value::Float(_) => "float64",
        Value::String(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
        Value::Function(_) => "func",
    }
}

/// `%g`: the shortest digits that read back as the same number, or `digits` significant ones; with
/// an exponent below 1e-04 and from 1e+06 (or from 10 to the power of `digits`) on.
pub(super) fn general(number: f64, digits: Option<usize>) -> String {
    let digits = digits.map(|digits| digits.max(1));
    let scientific = match digits {
        Some(digits) => format!("{number:.*e}", digits - 1),
        None => format!("{number:e}"),
    };
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let Ok(exponent) = exponent.parse::<i64>() else {
        return scientific;
    };
    let mantissa = match mantissa.contains('.') {
        true => mantissa.trim_end_matches('0').trim_end_matches('.'),
        false => mantissa,
    };
    let significant = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let whole = exponent + 1;
    let limit = match digits {
        None => 6,
        Some(digits) if digits > significant && significant as i64 >= whole => significant as i64,
        Some(digits) => digits as i64,
    };
    if exponent < -4 || exponent >= limit {
        return format!("{mantissa}{}", go_exponent(exponent));
    }
    let decimals = (significant as i64 - whole).max(0);
    format!("{number:.*}", usize::try_from(decimals).unwrap_or(0))
}

/// `%e` with `decimals` digits after the point.
pub(super) fn scientific(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => match exponent.parse() {
            Ok(exponent) => format!("{mantissa}{}", go_exponent(exponent)),
            Err(_) => text,
        },
        None => text,
    }
}

/// Go writes a sign and at least two digits.
fn go_exponent(exponent: i64) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:02}", exponent.unsigned_abs())
}
