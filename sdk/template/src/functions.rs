//! The functions that templates call: Go's standard ones and ours. All are our own code, because
//! each has to be charged and bounded: gotmpl's would make a value of any size, and put values into
//! their error messages. (`and` and `or` are gotmpl's: its executor evaluates them itself, one
//! operand at a time.)

mod call;
mod compare;
mod element;
mod language;
mod message;
mod output;

use super::{
    compiled::MAX_BODY,
    markdown::mark::{marked, original_text},
    meter,
    text::Text,
};
use gotmpl::{FuncMap, TemplateError, Value};
use std::{
    borrow::Cow,
    ops::RangeInclusive,
    sync::{Arc, LazyLock},
};

/// The longest text that a function makes, in bytes; what goes beyond is cut off. It is a little
/// more than a message may have, so that printing it goes beyond that limit too.
pub(super) const MAX_TEXT: usize = MAX_BODY + 1024;

/// Charges for the nodes of a line and notes which; prints nothing. This name and the next two
/// cannot be written in a template.
pub(super) const STEP: &str = "(step)";
/// Prints a value.
pub(super) const SHOW: &str = "(show)";
/// Nothing: what a named template is given that is called without an argument.
pub(super) const NOTHING: &str = "(nothing)";

/// A message for the template's author, without values.
type Refusal = Cow<'static, str>;
type Body = fn(&[Value]) -> Result<Value, Refusal>;

const MANY: usize = usize::MAX;

#[rustfmt::skip]
const FUNCTIONS: [(&str, RangeInclusive<usize>, Body); 32] = [
    ("eq", 2..=MANY, compare::eq),
    ("ne", 2..=2, compare::ne),
    ("lt", 2..=2, compare::lt),
    ("le", 2..=2, compare::le),
    ("gt", 2..=2, compare::gt),
    ("ge", 2..=2, compare::ge),
    ("and", 1..=MANY, compare::and),
    ("or", 1..=MANY, compare::or),
    ("not", 1..=1, compare::not),
    ("len", 1..=1, element::len),
    ("index", 1..=MANY, element::index),
    ("slice", 1..=4, element::slice),
    ("call", 1..=MANY, element::call),
    ("print", 0..=MANY, output::print),
    ("println", 0..=MANY, output::println),
    ("printf", 1..=MANY, output::printf),
    ("html", 0..=MANY, output::html),
    ("js", 0..=MANY, output::js),
    ("urlquery", 0..=MANY, output::urlquery),
    ("join", 2..=2, message::join),
    ("upper", 1..=1, message::upper),
    ("lower", 1..=1, message::lower),
    ("trunc", 2..=2, message::trunc),
    ("default", 2..=2, message::default),
    ("firstLine", 1..=1, message::first_line),
    ("short", 1..=1, message::short),
    ("tr", 2..=2, language::tr),
    ("word", 1..=1, language::word),
    ("mention", 1..=1, call::mention),
    ("mentions", 0..=0, call::mentions),
    (SHOW, 1..=3, output::show),
    (NOTHING, 0..=0, output::nothing),
];

/// Those that can be written in a template.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let names = FUNCTIONS.iter().map(|(name, ..)| *name);
    names.filter(|name| !name.starts_with('('))
}

static TABLE: LazyLock<FuncMap> = LazyLock::new(|| {
    let mut table = FuncMap::new();
    for (name, arity, body) in FUNCTIONS {
        let foreign = Foreign::of(name);
        table.insert(
            name.to_owned(),
            Arc::new(move |args: &[Value]| call(name, &arity, foreign, body, args)),
        );
    }
    let nothing_to_print = Value::String(Arc::from(""));
    table.insert(
        STEP.to_owned(),
        Arc::new(move |args: &[Value]| {
            if let [Value::Int(line), Value::Int(nodes)] = args {
                meter::at_line(u32::try_from(*line).unwrap_or(0));
                meter::charge_nodes(usize::try_from(*nodes).unwrap_or(usize::MAX))?;
            }
            Ok(nothing_to_print.clone())
        }),
    );
    table
});

pub(super) fn table() -> FuncMap {
    TABLE.clone()
}

pub(super) fn is_known(name: &str) -> bool {
    TABLE.contains_key(name)
}

fn call(
    name: &str,
    arity: &RangeInclusive<usize>,
    foreign: Foreign,
    body: Body,
    args: &[Value],
) -> Result<Value, TemplateError> {
    meter::charge(args.iter().map(weight).sum())?;
    if !arity.contains(&args.len()) {
        let wanted = match (*arity.start(), *arity.end()) {
            (least, most) if least == most => format!("{least}"),
            (least, MANY) => format!("at least {least}"),
            (least, most) => format!("{least} to {most}"),
        };
        return Err(meter::refuse(format!(
            "{name}: wrong number of arguments, {} for {wanted}",
            args.len()
        )));
    }
    let originals = match foreign {
        Foreign::Kept => None,
        Foreign::Read | Foreign::Changed => originals(args),
    };
    let value = body(originals.as_deref().unwrap_or(args));
    let mut value = value.map_err(|message| meter::refuse(format!("{name}: {message}")))?;
    if foreign == Foreign::Changed
        && originals.is_some()
        && let Value::String(text) = &value
        && let Some(marked) = marked(text)
    {
        value = Value::String(marked.into());
    }
    if let Value::String(text) = &value {
        meter::charge(text.len().min(MAX_TEXT))?;
    }
    Ok(value)
}

/// What a function does with the characters that are marked as a stranger's (`markdown.rs`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Foreign {
    /// Hands them on.
    Kept,
    /// Looks at what they are, and makes no text of them.
    Read,
    /// Makes another text of what they are, which then is the stranger's.
    Changed,
}

impl Foreign {
    fn of(name: &str) -> Self {
        match name {
            "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "len" | "index" => Self::Read,
            "slice" | "html" | "js" | "urlquery" => Self::Changed,
            _ => Self::Kept,
        }
    }
}

/// The arguments without marks. None: they have none.
fn originals(args: &[Value]) -> Option<Vec<Value>> {
    let original = |value: &Value| match value {
        Value::String(text) => match original_text(text) {
            Cow::Owned(text) => Some(Value::String(text.into())),
            Cow::Borrowed(_) => None,
        },
        _ => None,
    };
    args.iter().any(|value| original(value).is_some()).then(|| {
        let values = args.iter();
        values
            .map(|value| original(value).unwrap_or_else(|| value.clone()))
            .collect()
    })
}

/// The charge for a walk over `items`, which are not charged as arguments: `len` and `index` do not
/// walk.
fn charge_items(items: &[Value]) -> Result<(), Refusal> {
    meter::charge(items.len() * 8).map_err(|_| Refusal::Borrowed("the list is too long"))
}

/// Bytes that a function may have to look at.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len().min(MAX_TEXT),
        _ => 16,
    }
}

/// Runs `write` over a text that ends at [`MAX_TEXT`].
fn bounded(write: impl FnOnce(&mut Text) -> std::fmt::Result) -> Value {
    let mut text = Text::new(MAX_TEXT);
    // An error says that the text is full; what fits is the result.
    let _ = write(&mut text);
    Value::String(Arc::from(text.into_string()))
}

/// A value as a function on texts takes it: as it would be printed, nothing for nil, and no longer
/// than a message.
fn as_text(value: &Value) -> Arc<str> {
    match value {
        Value::Nil => Arc::from(""),
        Value::String(text) if text.len() <= MAX_TEXT => text.clone(),
        other => match bounded(|out| super::format::plain(out, other)) {
            Value::String(text) => text,
            _ => Arc::from(""),
        },
    }
}
