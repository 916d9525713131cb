//! How many tokens a text is, about. Vendors count differently; this counts rather too many.

/// Letters of ASCII that make a token, in code.
const ASCII_PER_TOKEN: usize = 3;

/// Code has about three characters to a token, Chinese about one.
pub fn estimate(text: &str) -> u32 {
    let ascii = text.bytes().filter(u8::is_ascii).count();
    let others = text.chars().filter(|c| !c.is_ascii()).count();
    u32::try_from(ascii.div_ceil(ASCII_PER_TOKEN) + others).unwrap_or(u32::MAX)
}

/// Bytes that are at most so many tokens, if they are ASCII.
pub fn bytes(tokens: u32) -> usize {
    (tokens as usize).saturating_mul(ASCII_PER_TOKEN)
}

#[cfg(test)]
mod tests;
