//! Cuts the texts of a JSON document while it is still text. No host sends a name or a message that
//! long, but anybody who may push can make one of nearly 25 MiB, and reading it takes three times
//! its size.

/// In bytes, as it is written in JSON. Longer than a path, an address or what is kept of a commit's
/// message.
pub const LONGEST_TEXT: usize = 64 << 10;

const CUT: &[u8] = "…".as_bytes();

/// Cuts every text that is longer than [`LONGEST_TEXT`], and shows it. The document stays as long
/// as it was: blanks follow it. What is no JSON becomes none.
pub(super) fn shorten(json: &mut [u8]) {
    shorten_to(json, LONGEST_TEXT);
}

pub(super) fn shorten_to(json: &mut [u8], longest: usize) {
    // Most are shorter as a whole.
    if json.len() <= longest {
        return;
    }
    let (mut read, mut written) = (0, 0);
    while let Some(opening) = find(json, read, b'"') {
        let start = opening + 1;
        let Some(text) = Text::read(json, start, longest) else {
            break;
        };
        let kept = match text.fits {
            true => text.end,
            false => text.cut,
        };
        json.copy_within(read..kept, written);
        written += kept - read;
        if !text.fits {
            json[written..written + CUT.len()].copy_from_slice(CUT);
            written += CUT.len();
        }
        // The closing quote goes with what follows it.
        json[written] = b'"';
        written += 1;
        read = text.end + 1;
    }
    json.copy_within(read.., written);
    let end = written + json.len() - read;
    json[end..].fill(b' ');
}

/// What there is of a text after its opening quote.
struct Text {
    /// Where its closing quote is.
    end: usize,
    fits: bool,
    /// Where it can be cut, so that the mark fits, too.
    cut: usize,
}

impl Text {
    /// None: it does not end.
    fn read(json: &[u8], start: usize, longest: usize) -> Option<Self> {
        let mut at = start;
        let mut cut = start;
        loop {
            if at - start <= longest - CUT.len() {
                cut = at;
            }
            match *json.get(at)? {
                b'"' => {
                    let fits = at - start <= longest;
                    return Some(Self { end: at, fits, cut });
                }
                b'\\' => at += escape(&json[at..]),
                _ => {
                    at += 1;
                    // The rest of a character.
                    while json.get(at).is_some_and(|byte| byte & 0xc0 == 0x80) {
                        at += 1;
                    }
                }
            }
        }
    }
}

/// How long an escape is; two halves of one character belong together.
fn escape(json: &[u8]) -> usize {
    let is_half = |json: &[u8]| {
        json.starts_with(b"\\u") && matches!(json.get(2), Some(b'd' | b'D')) && json.len() >= 6
    };
    match json.get(1) {
        Some(b'u') if is_half(json) && is_half(&json[6..]) => 12,
        Some(b'u') => 6,
        _ => 2,
    }
}

fn find(json: &[u8], from: usize, byte: u8) -> Option<usize> {
    let rest = json.get(from..)?;
    rest.iter()
        .position(|found| *found == byte)
        .map(|at| from + at)
}
