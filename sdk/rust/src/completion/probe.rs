use crate::{AiRequest, Failure, ModelInfo, Role, Turn, http::Response};

/// Whether a model is there: by its description, which costs nothing, or, where the server has no
/// such thing or the key may not read it, by an answer of one token. `described` gives none for
/// what is not about a model.
pub fn probe(
    model: &str,
    description: Response,
    check: impl FnOnce(Response) -> Result<Response, Failure>,
    described: impl FnOnce(&[u8]) -> Option<ModelInfo>,
    ask: impl FnOnce(&AiRequest) -> Result<(), Failure>,
) -> Result<ModelInfo, Failure> {
    if !matches!(description.status, 400 | 403..=405 | 501)
        && let Some(info) = described(&check(description)?.body)
    {
        return Ok(info);
    }
    let ping = AiRequest {
        turns: vec![Turn {
            role: Role::User,
            text: "ping".to_owned(),
        }],
        json: false,
        schema: None,
        max_tokens: Some(1),
    };
    ask(&ping)?;
    Ok(named(model))
}

/// A model of which no more is known than its name.
pub fn named(id: impl Into<String>) -> ModelInfo {
    ModelInfo {
        id: id.into(),
        owned_by: None,
        created: None,
    }
}
