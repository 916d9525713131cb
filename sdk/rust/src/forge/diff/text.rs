/// A diff's bytes as text. What is not UTF-8, in a file of another encoding, becomes a question
/// mark for each byte: in place, because a replacement character takes three bytes, and an answer
/// of nothing else would not fit into the plugin's memory.
pub fn text(mut bytes: Vec<u8>) -> String {
    let mut from = 0;
    while let Some(rest) = bytes.get_mut(from..) {
        let Err(problem) = std::str::from_utf8(rest) else {
            break;
        };
        let start = problem.valid_up_to();
        let end = problem
            .error_len()
            .map_or(rest.len(), |length| start + length);
        if let Some(wrong) = rest.get_mut(start..end) {
            wrong.fill(b'?');
        }
        from += end;
    }
    String::from_utf8(bytes).unwrap_or_default()
}
