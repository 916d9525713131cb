//! How far a string, character or number goes, and whether Go would take it. gotmpl reads the value; it knows fewer
//! faults.

use super::lex::is_letter;

/// The length of the raw string at the start of `rest`.
pub(super) fn raw(rest: &str) -> Result<usize, String> {
    match rest[1..].find('`') {
        Some(end) => Ok(end + 2),
        None => Err("the string is not closed by `".to_owned()),
    }
}

/// The length of the string or character, `what`, at the start of `rest`, between two `quote`s on one line.
pub(super) fn quoted(rest: &str, quote: char, what: &str) -> Result<usize, String> {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' => break,
            '\\' => {
                let escape = chars.next().map_or("", |(at, _)| &rest[at..]);
                if !is_escape(escape, quote) {
                    return Err(format!("the {what} has an unknown escape"));
                }
            }
            c if c == quote => return Ok(at + 1),
            _ => {}
        }
    }
    Err(format!("the {what} is not closed"))
}

/// The length of the number at the start of `rest`.
pub(super) fn number(rest: &str) -> Result<usize, String> {
    let mut length = 0;
    let mut before = ' ';
    for c in rest.chars() {
        let sign = matches!(c, '+' | '-') && matches!(before, ' ' | 'e' | 'E' | 'p' | 'P');
        if !(sign || c == '.' || is_letter(c)) {
            break;
        }
        length += c.len_utf8();
        before = c;
    }
    let text = &rest[..length];
    if text.ends_with('i') {
        return Err("there are no complex numbers here".to_owned());
    }
    match is_number(text) {
        true => Ok(length),
        false => Err("this is not a number".to_owned()),
    }
}

/// Go's numbers: an underscore stands between two digits (or after a prefix), and a leading 0 makes octal ones.
fn is_number(text: &str) -> bool {
    let text = text
        .strip_prefix(['+', '-'])
        .unwrap_or(text)
        .to_ascii_lowercase();
    let (digits, radix, exponent) = match text.get(..2) {
        Some("0x") => (&text[2..], 16, 'p'),
        Some("0b") => (&text[2..], 2, ' '),
        Some("0o") => (&text[2..], 8, ' '),
        _ => (text.as_str(), 10, 'e'),
    };
    let (digits, power) = match digits.split_once(exponent) {
        Some((digits, power)) => (
            digits,
            Some(power.strip_prefix(['+', '-']).unwrap_or(power)),
        ),
        None => (digits, None),
    };
    let all_digits = |text: &str, radix: u32| text.chars().all(|c| c.is_digit(radix));
    let plain = digits
        .replace('_', "")
        .replacen('.', "", usize::from(exponent != ' '));
    let octal = radix == 10
        && plain.len() > 1
        && plain.starts_with('0')
        && power.is_none()
        && !digits.contains('.');
    let underscores = !text.contains("__")
        && !text.ends_with('_')
        && !text.contains("_.")
        && !text.contains("._");
    underscores
        && !plain.is_empty()
        && all_digits(&plain, if octal { 8 } else { radix })
        && power.is_none_or(|power| !power.is_empty() && all_digits(power, 10))
        && (radix != 16 || power.is_some() || !digits.contains('.'))
}

/// Whether Go knows the escape whose text after the backslash is `text`.
fn is_escape(text: &str, quote: char) -> bool {
    let digits = |count: usize, radix: u32| {
        let mut chars = text.chars().skip(1);
        (0..count).all(|_| chars.next().is_some_and(|c| c.is_digit(radix)))
    };
    match text.chars().next() {
        Some('a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\') => true,
        Some('x') => digits(2, 16),
        Some('u') => digits(4, 16),
        Some('U') => digits(8, 16),
        Some('0'..='3') => digits(2, 8),
        Some(c) => c == quote,
        None => false,
    }
}
