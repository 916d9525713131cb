//! Strings in quotes, with escapes, as in strconv.

/// strconv.Quote, or QuoteToASCII.
pub(super) fn quote(text: &str, mark: char, ascii: bool) -> String {
    let mut out = String::from(mark);
    for c in text.chars() {
        let escape = match c {
            '\\' => "\\\\",
            '\n' => "\\n",
            '\t' => "\\t",
            '\r' => "\\r",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            _ => "",
        };
        match c {
            _ if !escape.is_empty() => out.push_str(escape),
            c if c == mark => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            '\0'..'\u{80}' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if !ascii && is_printable(c) => out.push(c),
            c if u32::from(c) < 0x10000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push(mark);
    out
}

/// Nearly strconv.IsPrint: the spaces and invisible marks that people meet.
pub(crate) fn is_printable(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    !(c.is_control()
        || c.is_whitespace()
        || invisible
        || matches!(c, '\u{feff}' | '\u{e000}'..='\u{f8ff}'))
}
