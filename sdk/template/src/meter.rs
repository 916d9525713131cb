//! What one rendering may still spend, and where it is. gotmpl bounds loops and recursion, but not
//! the work between them: a chain of templates that call the next one twice, or a variable that is
//! doubled again and again. So each node and each function call is charged here (`weave.rs` puts
//! the charges into the template).
//!
//! The meter is one per thread: gotmpl's functions get nothing but their arguments, and a rendering
//! never leaves its thread nor starts another.

use super::{error::Fault, markdown::mark::original_text};
use gotmpl::{TemplateError, Value};
use std::{
    cell::{Cell, RefCell},
    sync::Arc,
};

/// A node costs 1, a function call 1 and 1 more for each 16 bytes that it reads or writes. A usual
/// message costs some hundreds.
const FUEL: usize = 200_000;

const BYTES_PER_UNIT: usize = 16;

thread_local! {
    static METER: Meter = const { Meter::new() };
}

struct Meter {
    fuel: Cell<usize>,
    exhausted: Cell<bool>,
    line: Cell<u32>,
    root: RefCell<Value>,
    fault: RefCell<Option<Fault>>,
}

/// A rendering under way; dropped, it leaves the thread's meter empty.
pub(super) struct Run(());

/// How a rendering that gotmpl broke off was broken off.
pub(super) enum Stop {
    /// It has used up what it may spend.
    Exhausted,
    /// One of our functions refused.
    Refused(Fault),
    /// gotmpl itself did, while it worked on this line.
    Elsewhere { line: u32 },
}

impl Meter {
    const fn new() -> Self {
        Self {
            fuel: Cell::new(0),
            exhausted: Cell::new(false),
            line: Cell::new(1),
            root: RefCell::new(Value::Nil),
            fault: RefCell::new(None),
        }
    }

    fn set(&self, fuel: usize, root: Value) {
        self.fuel.set(fuel);
        self.exhausted.set(false);
        self.line.set(1);
        self.root.replace(root);
        self.fault.replace(None);
    }
}

impl Run {
    pub(super) fn start(root: &Value) -> Self {
        METER.with(|meter| meter.set(FUEL, root.clone()));
        Self(())
    }

    pub(super) fn stop(&self) -> Stop {
        METER.with(|meter| match meter.fault.take() {
            _ if meter.exhausted.get() => Stop::Exhausted,
            Some(fault) => Stop::Refused(fault),
            None => Stop::Elsewhere {
                line: meter.line.get(),
            },
        })
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        METER.with(|meter| meter.set(0, Value::Nil));
    }
}

/// Takes the cost of a call that touches `bytes` bytes; an error ends the rendering.
pub(super) fn charge(bytes: usize) -> Result<(), TemplateError> {
    take(1 + bytes / BYTES_PER_UNIT)
}

/// Takes the cost of so many nodes.
pub(super) fn charge_nodes(nodes: usize) -> Result<(), TemplateError> {
    take(nodes)
}

fn take(cost: usize) -> Result<(), TemplateError> {
    METER.with(|meter| match meter.fuel.get().checked_sub(cost) {
        Some(rest) => {
            meter.fuel.set(rest);
            Ok(())
        }
        None => {
            meter.exhausted.set(true);
            Err(TemplateError::RangeIterLimit)
        }
    })
}

pub(super) fn at_line(line: u32) {
    METER.with(|meter| meter.line.set(line));
}

/// The error with which a function ends the rendering; `message` goes to the template's author.
pub(super) fn refuse(message: String) -> TemplateError {
    METER.with(|meter| {
        meter
            .fault
            .replace(Some(Fault::at(meter.line.get(), message)))
    });
    TemplateError::Exec(String::new())
}

/// Whether the message is for readers of English (`Language` in the data).
pub(super) fn is_english() -> bool {
    METER.with(|meter| match &*meter.root.borrow() {
        Value::Map(data) => match data.get("Language") {
            Some(Value::String(language)) => original_text(language) == "en-US",
            _ => false,
        },
        _ => false,
    })
}

/// Whether `value` is the data of this rendering itself.
pub(super) fn is_root(value: &Value) -> bool {
    METER.with(|meter| match (value, &*meter.root.borrow()) {
        (Value::Map(a), Value::Map(b)) => Arc::ptr_eq(a, b),
        _ => false,
    })
}
