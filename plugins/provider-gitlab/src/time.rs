//! GitLab writes times in three ways, of which one is RFC 3339.

/// None where it is none of them.
pub(crate) fn rfc3339(time: &str) -> Option<String> {
    let (date, rest) = (time.get(..10)?, time.get(10..)?);
    let is_date = date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let clock = rest.get(1..9)?;
    let is_clock = clock.bytes().enumerate().all(|(at, byte)| match at {
        2 | 5 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    if !is_date || !is_clock || time.len() > 40 {
        return None;
    }
    match (rest.as_bytes()[0], rest.get(9..)?) {
        (b'T', zone) if zone.is_ascii() && !zone.is_empty() => Some(time.to_owned()),
        (b' ', " UTC") => Some(format!("{date}T{clock}Z")),
        // ` +0200`.
        (b' ', zone) => {
            let (sign, digits) = (zone.get(1..2)?, zone.get(2..6)?);
            let is_zone = zone.len() == 6
                && zone.starts_with(' ')
                && matches!(sign, "+" | "-")
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            let (hours, minutes) = digits.split_at(2);
            is_zone.then(|| format!("{date}T{clock}{sign}{hours}:{minutes}"))
        }
        _ => None,
    }
}
