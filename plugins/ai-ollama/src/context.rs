//! How long a context a question needs. The server's own is short, and it cuts what does not fit.

use push_notify_sdk::AiRequest;

/// Of an estimate. Beyond it the administrator decides: memory for more than this is not to be had
/// by accident.
const LONGEST: u64 = 131_072;
const SHORTEST: u64 = 4096;
/// Room for an answer whose length nobody bounds.
const ANSWER: u64 = 4096;
/// Code has three to four bytes to a token, Chinese about three.
const BYTES_PER_TOKEN: u64 = 3;
/// What a model's template puts around a turn, in tokens.
const PER_TURN: u64 = 16;

/// In tokens, a power of two: the server loads the model anew for each length that it is asked for.
pub(crate) fn estimate(request: &AiRequest, limit: Option<u32>) -> u32 {
    let bytes: usize = request.turns.iter().map(|turn| turn.text.len()).sum();
    let question = (bytes as u64).div_ceil(BYTES_PER_TOKEN) + request.turns.len() as u64 * PER_TURN;
    // Unusual text has more tokens than that.
    let question = question + question / 8;
    let answer = limit.map_or(ANSWER, u64::from).min(LONGEST);
    let needed = (question + answer).clamp(SHORTEST, LONGEST);
    needed.next_power_of_two() as u32
}
