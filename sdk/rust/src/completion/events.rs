//! Answers that come as a stream of events although nobody asked for one, as some gateways give
//! them. <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>

use crate::http::Response;
use std::borrow::Cow;

/// The data of each event. None: the answer is no such stream.
pub fn events(response: &Response) -> Option<Vec<Cow<'_, [u8]>>> {
    let body = crate::json::without_bom(&response.body);
    let kind = response.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let start = body.trim_ascii_start();
    let is_stream = kind.eq_ignore_ascii_case("text/event-stream") && !start.starts_with(b"{")
        || [&b"data:"[..], b"event:"]
            .iter()
            .any(|field| start.starts_with(field));
    is_stream.then(|| read(body))
}

fn read(body: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let mut events: Vec<Cow<'_, [u8]>> = Vec::new();
    let mut data: Option<Cow<'_, [u8]>> = None;
    // An empty line ends an event; of CR LF, the second end of a line must not count as one.
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        for line in line.split(|byte| *byte == b'\r') {
            if line.is_empty() {
                events.extend(data.take());
            } else if let Some(more) = line.strip_prefix(b"data:") {
                let more = more.strip_prefix(b" ").unwrap_or(more);
                data = Some(match data.take() {
                    None => Cow::Borrowed(more),
                    Some(data) => {
                        let mut data = data.into_owned();
                        data.push(b'\n');
                        data.extend_from_slice(more);
                        Cow::Owned(data)
                    }
                });
            }
        }
    }
    events.extend(data);
    events
}

/// One JSON text on each line, as Ollama streams. None: there is one only.
pub fn lines(response: &Response) -> Option<Vec<&[u8]>> {
    let body = crate::json::without_bom(&response.body);
    let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines: Vec<&[u8]> = lines.filter(|line| !line.is_empty()).collect();
    let is_stream = lines.len() > 1 && lines.iter().all(|line| line.starts_with(b"{"));
    is_stream.then_some(lines)
}
