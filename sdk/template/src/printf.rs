//! fmt.Sprintf over template values: all of Go's flags, widths and argument indexes, and the verbs
//! `v T t d b o O x X c q U e E f F g G s %`. gotmpl's own lacks `%T` and lists, and one call of it
//! can be made to write hundreds of megabytes. Not here: Go syntax (`%#v` prints as `%v`),
//! pointers, and floats in base 2 and 16.

mod quote;
mod spec;

use super::{
    format::{general, scientific, type_name},
    markdown::mark::{marked, original_text},
    text::Text,
};
use gotmpl::Value;
pub(super) use quote::is_printable;
use quote::quote;
use spec::Directive;
use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

/// Decimals of a float; Rust's formatter goes no further than 65535, nobody reads more than this.
const MAX_DECIMALS: usize = 1000;

/// How one operand is to be written.
#[derive(Debug, Clone, Copy, Default)]
struct Spec {
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Writes `format` with `args`; what does not fit together is marked in the text as Go marks it
/// (`%!d(string=x)`).
pub(super) fn sprintf(out: &mut Text, format: &str, args: &[Value]) -> fmt::Result {
    let mut directive = Directive::new(format, args);
    while let Some(text) = directive.text() {
        out.write_str(text)?;
        if !directive.percent() {
            continue;
        }
        match directive.read(out)? {
            Some(('v', spec, Some(arg))) => {
                // Here these two ask for Go syntax, of which there is none.
                let spec = Spec {
                    plus: false,
                    sharp: false,
                    ..spec
                };
                argument(out, spec, 'v', arg, false)?;
            }
            Some((verb, spec, Some(arg))) => argument(out, spec, verb, arg, false)?,
            Some((_, _, None)) => {}
            None => break,
        }
    }
    let extra = directive.extra();
    if extra.is_empty() {
        return Ok(());
    }
    out.write_str("%!(EXTRA ")?;
    for (index, arg) in extra.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        typed(out, Spec::default(), arg)?;
    }
    out.write_char(')')
}

fn argument(out: &mut Text, spec: Spec, verb: char, value: &Value, inner: bool) -> fmt::Result {
    match (verb, value) {
        (_, Value::Nil) if inner => out.write_str("<nil>"),
        ('T' | 'v', Value::Nil) => padded(out, spec, "<nil>"),
        ('T', _) => text(out, spec, type_name(value)),
        (_, Value::Bool(truth)) if matches!(verb, 't' | 'v') => {
            padded(out, spec, if *truth { "true" } else { "false" })
        }
        (_, Value::Int(int)) => integer(out, spec, verb, *int < 0, int.unsigned_abs(), value),
        (_, Value::Uint(uint)) => integer(out, spec, verb, false, *uint, value),
        (_, Value::Float(float)) => self::float(out, spec, verb, *float, value),
        (_, Value::String(string)) => match verb {
            'v' | 's' => text(out, spec, string),
            'q' => quoted(out, spec, string),
            'x' | 'X' => hex(out, spec, string, verb == 'X'),
            _ => mismatch(out, spec, verb, value),
        },
        (_, Value::List(items)) => {
            out.write_char('[')?;
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.write_char(' ')?;
                }
                argument(out, spec, verb, item, true)?;
            }
            out.write_char(']')
        }
        (_, Value::Map(fields)) => {
            out.write_str("map[")?;
            for (index, (key, item)) in fields.iter().enumerate() {
                if index > 0 {
                    out.write_char(' ')?;
                }
                argument(out, spec, verb, &Value::String(key.clone()), true)?;
                out.write_char(':')?;
                argument(out, spec, verb, item, true)?;
            }
            out.write_char(']')
        }
        _ => mismatch(out, spec, verb, value),
    }
}

/// `%!verb(type=value)`; the value keeps the flags, as in Go.
fn mismatch(out: &mut Text, spec: Spec, verb: char, value: &Value) -> fmt::Result {
    write!(out, "%!{verb}(")?;
    typed(out, spec, value)?;
    out.write_char(')')
}

fn typed(out: &mut Text, spec: Spec, value: &Value) -> fmt::Result {
    if matches!(value, Value::Nil) {
        return out.write_str("<nil>");
    }
    write!(out, "{}=", type_name(value))?;
    argument(out, spec, 'v', value, false)
}

fn integer(
    out: &mut Text,
    spec: Spec,
    verb: char,
    negative: bool,
    size: u64,
    value: &Value,
) -> fmt::Result {
    let (digits, prefix) = match verb {
        'v' | 'd' => (size.to_string(), ""),
        'b' => (format!("{size:b}"), if spec.sharp { "0b" } else { "" }),
        'o' => (format!("{size:o}"), if spec.sharp { "0" } else { "" }),
        'O' => (format!("{size:o}"), "0o"),
        'x' => (format!("{size:x}"), if spec.sharp { "0x" } else { "" }),
        'X' => (format!("{size:X}"), if spec.sharp { "0X" } else { "" }),
        'c' => return padded(out, spec, rune(negative, size).encode_utf8(&mut [0; 4])),
        'q' => {
            return padded(
                out,
                spec,
                &quote(
                    rune(negative, size).encode_utf8(&mut [0; 4]),
                    '\'',
                    spec.plus,
                ),
            );
        }
        'U' => return unicode(out, spec, negative, size),
        _ => return mismatch(out, spec, verb, value),
    };
    let sign = sign(spec, negative);
    let least = match (spec.precision, spec.width) {
        (Some(0), _) if size == 0 => {
            return out.repeat(' ', spec.width.unwrap_or(0));
        }
        (Some(precision), _) => precision,
        (None, Some(width)) if spec.zero && !spec.minus => width.saturating_sub(sign.len()),
        _ => 0,
    };
    let zeros = least.saturating_sub(digits.len());
    // The octal prefix is a zero that is left out where there is one already.
    let prefix = if prefix == "0" && (zeros > 0 || digits.starts_with('0')) {
        ""
    } else {
        prefix
    };
    let pad = spec
        .width
        .unwrap_or(0)
        .saturating_sub(sign.len() + prefix.len() + zeros + digits.len());
    if !spec.minus {
        out.repeat(' ', pad)?;
    }
    out.write_str(sign)?;
    out.write_str(prefix)?;
    out.repeat('0', zeros)?;
    out.write_str(&digits)?;
    if spec.minus {
        out.repeat(' ', pad)?;
    }
    Ok(())
}

fn float(out: &mut Text, spec: Spec, verb: char, number: f64, value: &Value) -> fmt::Result {
    let precision = spec.precision.map(|precision| precision.min(MAX_DECIMALS));
    let size = number.abs();
    let digits = match verb {
        'v' | 'g' => general(size, precision),
        'G' => general(size, precision).to_uppercase(),
        'e' => scientific(size, precision.unwrap_or(6)),
        'E' => scientific(size, precision.unwrap_or(6)).to_uppercase(),
        'f' | 'F' => format!("{size:.*}", precision.unwrap_or(6)),
        _ => return mismatch(out, spec, verb, value),
    };
    let sign = sign(spec, number.is_sign_negative());
    let pad = spec
        .width
        .unwrap_or(0)
        .saturating_sub(sign.len() + digits.len());
    let zeros = spec.zero && !spec.minus;
    if !spec.minus && !zeros {
        out.repeat(' ', pad)?;
    }
    out.write_str(sign)?;
    if zeros {
        out.repeat('0', pad)?;
    }
    out.write_str(&digits)?;
    if spec.minus {
        out.repeat(' ', pad)?;
    }
    Ok(())
}

fn sign(spec: Spec, negative: bool) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

fn rune(negative: bool, size: u64) -> char {
    u32::try_from(size)
        .ok()
        .filter(|_| !negative)
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `U+0041`, with `#` also the character.
fn unicode(out: &mut Text, spec: Spec, negative: bool, size: u64) -> fmt::Result {
    let code = if negative { size.wrapping_neg() } else { size };
    let digits = format!("{code:04X}");
    let mut text = Text::new(out.room());
    // What does not fit here would not fit there either.
    let _ = text.write_str("U+");
    let _ = text.repeat(
        '0',
        spec.precision.unwrap_or(0).saturating_sub(digits.len()),
    );
    let _ = text.write_str(&digits);
    if spec.sharp
        && let Some(c) = u32::try_from(code)
            .ok()
            .and_then(char::from_u32)
            .filter(|c| !c.is_control())
    {
        let _ = write!(text, " '{c}'");
    }
    // Go pads this one with spaces only.
    padded(
        out,
        Spec {
            zero: false,
            ..spec
        },
        &text.into_string(),
    )
}

fn text(out: &mut Text, spec: Spec, text: &str) -> fmt::Result {
    padded(out, spec, cut(text, spec))
}

fn quoted(out: &mut Text, spec: Spec, text: &str) -> fmt::Result {
    let original = original_text(text);
    if let Cow::Owned(original) = original {
        // What is quoted stays a stranger's text.
        let mut shown = Text::new(out.room());
        // What does not fit here would not fit there either.
        let _ = quoted(&mut shown, spec, &original);
        let shown = shown.into_string();
        return out.write_str(marked(&shown).as_deref().unwrap_or(&shown));
    }
    let text = cut(text, spec);
    let raw = |c: char| c == '\t' || !(c.is_control() || matches!(c, '`' | '\u{feff}'));
    if spec.sharp && text.chars().all(raw) {
        return padded(out, spec, &format!("`{text}`"));
    }
    padded(out, spec, &quote(text, '"', spec.plus))
}

/// Hexadecimal bytes; the precision counts bytes that are read.
fn hex(out: &mut Text, spec: Spec, text: &str, upper: bool) -> fmt::Result {
    let text = &*original_text(text);
    let bytes = &text.as_bytes()[..spec.precision.unwrap_or(text.len()).min(text.len())];
    let prefix = match (spec.sharp && !bytes.is_empty(), upper) {
        (false, _) => "",
        (true, false) => "0x",
        (true, true) => "0X",
    };
    let mut digits = Text::new(out.room());
    for (index, byte) in bytes.iter().enumerate() {
        let space = if index > 0 && spec.space { " " } else { "" };
        let prefix = if index == 0 || spec.space { prefix } else { "" };
        // What does not fit here would not fit there either.
        let _ = match upper {
            true => write!(digits, "{space}{prefix}{byte:02X}"),
            false => write!(digits, "{space}{prefix}{byte:02x}"),
        };
    }
    padded(out, spec, &digits.into_string())
}

/// The precision of a string counts characters.
fn cut(text: &str, spec: Spec) -> &str {
    match spec
        .precision
        .and_then(|count| text.char_indices().nth(count))
    {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// To the width in characters; Go pads strings with zeros too.
fn padded(out: &mut Text, spec: Spec, text: &str) -> fmt::Result {
    let pad = match spec.width {
        Some(width) => width.saturating_sub(text.chars().count()),
        None => 0,
    };
    if spec.minus {
        out.write_str(text)?;
        return out.repeat(' ', pad);
    }
    out.repeat(if spec.zero { '0' } else { ' ' }, pad)?;
    out.write_str(text)
}
