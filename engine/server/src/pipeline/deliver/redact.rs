//! What of a far side's words may be kept as the reason of an attempt. The host has put
//! placeholders where it repeats secrets of the target; addresses that it tells of may carry
//! others.

/// Of a reason, in characters.
const LONGEST: usize = 2_000;

/// Fit for a record: no control characters (PostgreSQL takes no NUL), no user or query in
/// addresses, and short.
pub(in crate::pipeline) fn readable(reason: &str) -> String {
    let kept = reason.chars().map(|c| if c.is_control() { ' ' } else { c });
    let text: String = kept.take(LONGEST).collect();
    match text.contains("://") {
        true => without_queries(&text),
        false => text,
    }
}

/// `https://user:password@host/path?key=value` -> `https://host/path?…`
fn without_queries(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after.find(ends_address).unwrap_or(after.len());
        let (address, behind) = after.split_at(end);
        let authority = address.find(['/', '?', '#']).unwrap_or(address.len());
        let user = address[..authority].rfind('@').map_or(0, |at| at + 1);
        let address = &address[user..];
        match address.find(['?', '#']) {
            Some(at) => {
                out.push_str(&address[..=at]);
                out.push('…');
            }
            None => out.push_str(address),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | ')' | '，' | '。')
}

#[cfg(test)]
mod tests;
