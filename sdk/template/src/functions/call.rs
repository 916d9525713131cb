//! Calls of people: `mention .Author`, `mentions`.

use super::{Refusal, as_text, bounded, charge_items};
use crate::{
    calls::{self, Called},
    markdown::mark::{marked, original_text},
};
use gotmpl::Value;
use std::fmt::Write as _;

/// `mention .Author`: a call of who goes by this name in the message's data, else the name as it
/// is. Of a list, all of them.
pub(super) fn mention(args: &[Value]) -> Result<Value, Refusal> {
    let items = match &args[0] {
        Value::List(items) => {
            charge_items(items)?;
            &items[..]
        }
        one => std::slice::from_ref(one),
    };
    Ok(bounded(|out| {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.write_str(", ")?;
            }
            let name = as_text(item);
            match calls::known(&original_text(&name)) {
                Some(called) => write(out, &called)?,
                None => out.write_str(&name)?,
            }
        }
        Ok(())
    }))
}

/// Those whom the rules that send the message call.
pub(super) fn mentions(_: &[Value]) -> Result<Value, Refusal> {
    Ok(bounded(|out| {
        for (index, called) in calls::asked().iter().enumerate() {
            if index > 0 {
                out.write_char(' ')?;
            }
            write(out, called)?;
        }
        Ok(())
    }))
}

fn write(out: &mut crate::text::Text, called: &Called) -> std::fmt::Result {
    let name = marked(&called.name);
    let name = name.as_deref().unwrap_or(&called.name);
    match called.place {
        Some(place) => {
            calls::note(place);
            write!(out, "[{name}](mention:{place})")
        }
        None => out.write_str(name),
    }
}
