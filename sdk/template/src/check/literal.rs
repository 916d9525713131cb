//! How far a string, character or number goes, and whether Go would take it. gotmpl reads the
//! value; it knows fewer faults.

use super::lex::is_letter;

/// The length of the raw string at the start of `rest`.
pub(super) fn raw(rest: &str) -> Result<usize, String> {
    match rest[1..].find('`') {
        Some(end) => Ok(end + 2),
        None => Err("the string is not closed by `".to_owned()),
    }
}

/// The length of the string or character, `what`, at the start of `rest`, between two `quote`s on
/// one line.
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
    if !is_number(text) {
        return Err("this is not a number".to_owned());
    }
    match is_out_of_range(&text.replace('_', "").to_ascii_lowercase()) {
        true => Err("the number is out of range".to_owned()),
        false => Ok(length),
    }
}

/// Go's numbers: an underscore stands between two digits (or after a prefix), and a leading 0 makes
/// octal ones.
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
    let power_is_sound = power.is_none_or(|power| {
        let digits = power.replace('_', "");
        !digits.is_empty() && all_digits(&digits, 10) && underscores_part_digits(power, false)
    });
    underscores_part_digits(digits, radix != 10)
        && !plain.is_empty()
        && all_digits(&plain, if octal { 8 } else { radix })
        && power_is_sound
        && (radix != 16 || power.is_some() || !digits.contains('.'))
}

/// After a prefix such as `0x` one may come first.
fn underscores_part_digits(text: &str, prefixed: bool) -> bool {
    let text = text.strip_prefix('_').filter(|_| prefixed).unwrap_or(text);
    let misplaced = ["__", "_.", "._"].iter().any(|pair| text.contains(pair));
    !misplaced && !text.starts_with('_') && !text.ends_with('_')
}

/// Whether a float has no place among 64-bit ones. `text` is a number, in small letters and without
/// underscores.
fn is_out_of_range(text: &str) -> bool {
    let text = text.trim_start_matches(['+', '-']);
    let value = match text.strip_prefix("0x") {
        Some(text) => match text.split_once('p') {
            Some((digits, power)) => hexadecimal(digits, power),
            None => return false,
        },
        None if text.contains(['.', 'e']) => text.parse().unwrap_or(0.0),
        None => return false,
    };
    value.is_infinite()
}

/// The nearest float, or infinity.
fn hexadecimal(digits: &str, power: &str) -> f64 {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = || {
        whole
            .chars()
            .chain(fraction.chars())
            .filter_map(|c| c.to_digit(16))
    };
    // The first 60 bits; whatever follows decides between two neighbours only by being there.
    let leading = all().skip_while(|digit| *digit == 0);
    let mut bits = leading
        .clone()
        .take(15)
        .fold(0_u64, |bits, digit| bits << 4 | u64::from(digit));
    bits = bits << 1 | u64::from(leading.clone().skip(15).any(|digit| digit != 0));
    if bits == 0 {
        return 0.0;
    }
    let length = |digits: usize| i64::try_from(digits).unwrap_or(i64::MAX / 8);
    let dropped = length(leading.count()).saturating_sub(15).max(0);
    let scale = 4 * (dropped - length(fraction.len())) - 1;
    // A power that is no i64 is far beyond either end.
    let beyond = if power.starts_with('-') {
        i64::MIN / 2
    } else {
        i64::MAX / 2
    };
    let power = power.parse().unwrap_or(beyond).saturating_add(scale);
    // In steps, since the power alone may be out of range where the product is not.
    let mut value = bits as f64;
    let mut left = power.clamp(-2300, 2300) as i32;
    while left != 0 {
        let step = left.clamp(-500, 500);
        value *= 2_f64.powi(step);
        left -= step;
    }
    value
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
