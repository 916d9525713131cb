//! What a delivery came in, as it is stored: the request line's parts stand before the headers,
//! named as HTTP/2 names its pseudo-header fields (RFC 9113 section 8.3).

use bytes::Bytes;
use push_notify_host::Webhook;

const METHOD: &str = ":method";
/// What follows the repository's address, not the whole of it: that may change.
const PATH: &str = ":path";
const QUERY: &str = ":query";

/// Only what is not as nearly always.
pub(in crate::pipeline) fn stored(webhook: &Webhook) -> Vec<(&str, &str)> {
    let line = [
        (METHOD, &webhook.method, "POST"),
        (PATH, &webhook.path, ""),
        (QUERY, &webhook.query, ""),
    ];
    let line = line
        .into_iter()
        .filter(|(_, value, usual)| value != usual)
        .map(|(name, value, _)| (name, value.as_str()));
    let headers = webhook.headers.iter();
    line.chain(headers.map(|(name, value)| (name.as_str(), value.as_str())))
        .collect()
}

/// A delivery from what was [`stored`].
pub(in crate::pipeline) fn read(stored: Vec<(String, String)>, body: Bytes) -> Webhook {
    let mut webhook = Webhook {
        method: "POST".to_owned(),
        path: String::new(),
        query: String::new(),
        headers: Vec::with_capacity(stored.len()),
        body,
        received_ms: None,
    };
    for (name, value) in stored {
        match name.as_str() {
            METHOD => webhook.method = value,
            PATH => webhook.path = value,
            QUERY => webhook.query = value,
            _ => webhook.headers.push((name, value)),
        }
    }
    webhook
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_as_it_was() {
        let headers = vec![("x-other".to_owned(), "push".to_owned())];
        for (method, path, query) in [
            ("POST", "", ""),
            ("GET", "", "echostr=a%20b&echostr=c"),
            ("POST", "/sub/path", "token=t"),
            ("PUT", "/", ""),
        ] {
            let webhook = Webhook {
                method: method.to_owned(),
                path: path.to_owned(),
                query: query.to_owned(),
                headers: headers.clone(),
                body: Bytes::from_static(b"{}"),
                received_ms: None,
            };
            let text = serde_json::to_vec(&stored(&webhook)).unwrap();
            let again = read(serde_json::from_slice(&text).unwrap(), webhook.body.clone());
            assert_eq!(
                (&*again.method, &*again.path, &*again.query),
                (method, path, query)
            );
            assert_eq!(again.headers, headers);
        }
    }
}
