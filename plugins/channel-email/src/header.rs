//! Headers that lettre would not write as they have to be: in lines of at most 78 characters (RFC
//! 5322 section 2.1.1) as far as their words allow it, and in ASCII, so that they pass servers that
//! take no other.

use email_encoding::headers::{rfc2047, writer::EmailWriter};
use lettre::{
    Address,
    message::header::{HeaderName, HeaderValue},
};

/// Longest line, without its end.
const LINE: usize = 76;

pub(crate) fn to(addresses: &[Address]) -> HeaderValue {
    let mut value = String::new();
    let mut length = "To: ".len();
    for (index, address) in addresses.iter().enumerate() {
        let is_last = index + 1 == addresses.len();
        let shown = shown(address) + if is_last { "" } else { "," };
        if index > 0 && length + 1 + shown.len() > LINE {
            value.push_str("\r\n");
            length = 0;
        }
        if index > 0 {
            value.push(' ');
            length += 1;
        }
        length += shown.len();
        value.push_str(&shown);
    }
    written("To", value)
}

pub(crate) fn subject(text: &str) -> HeaderValue {
    const NAME: &str = "Subject";
    // What looks like an encoded word would be shown as what it decodes to.
    if text.is_ascii() && !text.contains("=?") {
        return HeaderValue::new(HeaderName::new_from_ascii_str(NAME), text.to_owned());
    }
    written(NAME, encoded(text, NAME.len() + ": ".len()))
}

/// An address whose local part is not ASCII has no form in ASCII. It is named by a group without
/// members (RFC 6857 section 3.1.8): the header of everybody's mail must not need what only one of
/// them needs.
fn shown(address: &Address) -> String {
    let text: &str = address.as_ref();
    match text.is_ascii() {
        true => text.to_owned(),
        false => format!("{} :;", encoded(text, 0)),
    }
}

/// As encoded words (RFC 2047), the first of them `column` characters into its line.
fn encoded(text: &str, column: usize) -> String {
    let mut out = String::new();
    let mut writer = EmailWriter::new(&mut out, column, 0, false);
    // A string takes all that is written to it.
    let _ = rfc2047::encode(text, &mut writer);
    drop(writer);
    out
}

/// `value` is folded ASCII.
fn written(name: &'static str, value: String) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)
}
