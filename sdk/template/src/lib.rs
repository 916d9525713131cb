//! Messages from templates: Go's text/template, parsed with all of Go's refusals and rendered
//! within limits.
//!
//! gotmpl parses and executes. Around it: `check` refuses what its parser lets pass; `names` looks
//! up every function, `$variable` and named template; `weave` puts in charges for all nodes
//! (`meter`), so that a rendering ends, and makes values print as Go prints them; `functions` holds
//! all functions, as gotmpl's are not bounded. Beyond a limit (64 KiB of source, 256 KiB of text,
//! 60 nested blocks, 200,000 steps, gotmpl's 200 levels of calls) a template is refused when it is
//! saved; if the data of one event brings it there, the text is cut and ends in `…`.
//!
//! # Functions
//! Go's: `and call eq ge gt html index js le len lt ne not or print printf println slice urlquery`.
//!
//! | ours | result |
//! |---|---|
//! | `join ", " .ChangedFiles` | the elements with the text between them |
//! | `upper .Tag`, `lower .Tag` | in capitals, in small letters |
//! | `trunc 60 .CommitMsg` | the first 60 characters |
//! | `default "none" .Tag` | the first where the second is empty |
//! | `firstLine .CommitMsg` | the first line that is not blank |
//! | `short .CommitId` | the first 8 characters |
//! | `tr "失败" "failed"` | the first to readers of Chinese, the second to readers of English |
//! | `mention .Author` | calls the person by name where the channel can, else the name |
//! | `mentions` | calls those whom the rules that send the message name |
//! | `word .Action` | a word of the contract (`merged`, `failed`, `critical`) in the reader's language |
//!
//! To these, nil is an empty text, and so it is to `html`, `js` and `urlquery`.
//!
//! # Where it differs from Go
//! On purpose:
//! - A variable of the data that is missing or null prints nothing, where Go prints `<no value>`;
//!   so does a field of it (`{{.MergeRequest.Title}}` without a merge request), where Go may fail.
//!   Any other nil prints as in Go.
//! - Refused when parsed, although Go would find out later or never: a named template that does not
//!   exist, an assignment to a variable that does not, one of the `if` branch used in its `else`, a
//!   `|` with nothing behind it.
//! - Whole numbers in the data are `int`, so that `eq .FileCount 3` works; Go's JSON makes floats
//!   of them.
//! - `printf` takes no more than 1000 decimals, and knows neither Go syntax (`%#v` is `%v`), nor
//!   `%p`, nor floats in base 2 and 16. What `slice` leaves of a character that it cuts through
//!   becomes U+FFFD.
//!
//! Left from gotmpl: no complex numbers; a declaration within parentheses or in `{{template}}` is
//! refused; a field of nil is nil, where Go fails in some cases; trim markers remove all Unicode
//! white space from the text, Go's only four kinds; `\x80` in a string is U+0080, not a byte; a
//! hexadecimal float is read less exactly.

mod calls;
mod check;
mod compiled;
mod data;
mod error;
mod format;
mod functions;
mod markdown;
mod meter;
mod names;
mod printf;
pub mod reference;
mod sample;
pub mod scene;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod text;
mod weave;

pub use calls::{Called, Calls};
pub use compiled::{Rendered, Template};
pub use error::{Part, TemplateError};
pub use markdown::{escape_markdown, escape_prose, markdown_code};
pub use sample::{digest_data, event_data, push_data, sample_data};
pub use scene::SCENES;

#[cfg(test)]
mod tests;
