use crate::{
    Failure, Secret,
    http::{self, Request, Response},
};
use serde::{Deserialize, Serialize};

/// How a model chooses its words, as far as an administrator says.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, Serialize)]
pub struct Sampling {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
}

/// What it says less often, likewise.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, Serialize)]
pub struct Penalties {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence_penalty: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency_penalty: Option<f64>,
}

/// With the key as most servers take it.
pub fn bearing(request: Request, key: &Secret) -> Request {
    request.header("authorization", format!("Bearer {key}"))
}

/// Sends it and waits, at most `timeout` seconds. The answer, whatever its status, is readable also
/// where a text was cut in the middle of a character.
pub fn send(request: Request, timeout: Option<u32>) -> Result<Response, Failure> {
    let request = match timeout {
        Some(seconds) => request.timeout_ms(seconds.saturating_mul(1000)),
        None => request,
    };
    let mut answer = request.send().map_err(of_request)?;
    if let Some(mended) = crate::json::mended(&answer.body) {
        answer.body = mended;
    }
    Ok(answer)
}

fn of_request(error: http::Error) -> Failure {
    match error {
        http::Error::TooLarge => Failure::rejected("the answer is larger than the engine takes"),
        other => other.into(),
    }
}
