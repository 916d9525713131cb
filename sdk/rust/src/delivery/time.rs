use super::present;

/// A time as RFC 3339, of hosts that write its zone without a colon: `+0100`.
pub fn time(text: Option<String>) -> Option<String> {
    let text = present(text)?;
    let zone = text.len().checked_sub(5);
    let zone = zone.and_then(|at| text.split_at_checked(at));
    match zone {
        Some((time, zone)) if is_bare(zone) => Some(format!("{time}{}:{}", &zone[..3], &zone[3..])),
        _ => Some(text),
    }
}

fn is_bare(zone: &str) -> bool {
    let digits = zone.strip_prefix(['+', '-']);
    digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|it| it.is_ascii_digit()))
}
