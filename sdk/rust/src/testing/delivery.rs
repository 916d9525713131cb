use crate::{Header, Rejection, Webhook};

/// A delivery with these headers.
pub fn webhook(headers: &[(&str, &str)], body: &[u8]) -> Webhook {
    let header = |(name, value): &(&str, &str)| Header {
        name: name.to_lowercase(),
        value: (*value).to_owned(),
    };
    Webhook {
        method: "POST".to_owned(),
        path: String::new(),
        query: String::new(),
        headers: headers.iter().map(header).collect(),
        body: body.to_vec(),
    }
}

/// Whether a delivery was refused because its sender proves nothing.
pub fn is_unauthenticated<T>(result: &Result<T, Rejection>) -> bool {
    matches!(result, Err(Rejection::Unauthenticated(_)))
}

/// Whether a delivery was refused because of what it holds.
pub fn is_malformed<T>(result: &Result<T, Rejection>) -> bool {
    matches!(result, Err(Rejection::Malformed(_)))
}
