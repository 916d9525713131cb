//! What is wrong with a template, and where. A message holds names, types and positions, never a
//! value of the data: it is shown to whoever edits the template and is stored with the push that
//! failed.

use std::fmt;

/// Which of the two texts of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Title,
    Content,
}

/// Why a template is refused, or why it cannot be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part}{}: {message}", At(*line))]
pub struct TemplateError {
    pub part: Part,
    /// The line of the part, from 1; absent where the fault is the text as a whole.
    pub line: Option<u32>,
    pub message: String,
}

/// A fault before it is known in which part it is.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) line: Option<u32>,
    pub(super) message: String,
}

struct At(Option<u32>);

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Title => "title",
            Self::Content => "content",
        })
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, ", line {line}"))
    }
}

impl Fault {
    pub(super) fn at(line: u32, message: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            message: message.into(),
        }
    }

    pub(super) fn whole(message: impl Into<String>) -> Self {
        Self {
            line: None,
            message: message.into(),
        }
    }

    pub(super) fn of(self, part: Part) -> TemplateError {
        TemplateError {
            part,
            line: self.line,
            message: self.message,
        }
    }
}

/// A fault that gotmpl's parser found in the template's text. Its message quotes the template,
/// which its author may see.
pub(super) fn from_parser(error: gotmpl::TemplateError) -> Fault {
    match error {
        gotmpl::TemplateError::Parse { line, message, .. }
        | gotmpl::TemplateError::Lex { line, message, .. } => Fault {
            line: u32::try_from(line).ok().filter(|line| *line > 0),
            message,
        },
        _ => Fault::whole("the template cannot be parsed"),
    }
}

/// A fault of gotmpl's executor at `line`. Our functions report theirs through the meter; of the
/// executor's own messages only those pass that are known to hold names and types alone.
pub(super) fn from_executor(error: gotmpl::TemplateError, line: u32) -> Fault {
    const HARMLESS: [&str; 3] = [
        "can't evaluate field ",
        "can't give argument to non-function ",
        "nil is not a command",
    ];
    let message = match error {
        gotmpl::TemplateError::Exec(text)
            if HARMLESS.iter().any(|start| text.starts_with(start)) =>
        {
            text
        }
        gotmpl::TemplateError::Exec(text) if text.starts_with("can't use ") => {
            "range over a number takes one variable only".to_owned()
        }
        gotmpl::TemplateError::Exec(text) if text.ends_with(" overflows int") => {
            "a number is too large".to_owned()
        }
        gotmpl::TemplateError::NotIterable(kind) => format!("cannot range over {kind}"),
        gotmpl::TemplateError::ArgCount { name, .. } => {
            format!("{name}: wrong number of arguments")
        }
        _ => "the template cannot be rendered here".to_owned(),
    };
    Fault::at(line, message)
}
