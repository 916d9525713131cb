//! Asks models of {id}.

#[cfg(test)]
mod tests;

use push_notify_sdk::{
    Ai, AiRequest, Completion, Failure, ModelInfo, Role, Secret, StopReason, ai, http,
};
use serde_json::json;

/// As declared in plugin.toml.
#[derive(serde::Deserialize)]
struct Config {
    endpoint: String,
    api_key: Secret,
    model: String,
}

#[derive(serde::Deserialize)]
struct Answer {
    text: String,
    #[serde(default)]
    complete: bool,
}

struct PluginType;

impl Ai for PluginType {
    type Config = Config;

    fn complete(config: Config, request: AiRequest) -> Result<Completion, Failure> {
        let turns: Vec<_> = request
            .turns
            .iter()
            .map(|turn| json!({"role": role(turn.role), "content": turn.text}))
            .collect();
        let body =
            json!({"model": config.model, "messages": turns, "max_tokens": request.max_tokens});
        let answer: Answer = http::post(format!("{}/chat", config.endpoint))
            .header("authorization", format!("Bearer {}", config.api_key))
            .json(&body)
            .send()?
            .check()?
            .json()?;
        Ok(Completion {
            text: answer.text,
            model: Some(config.model),
            usage: None,
            stop: if answer.complete {
                StopReason::Complete
            } else {
                StopReason::Length
            },
        })
    }

    fn probe(config: Config) -> Result<ModelInfo, Failure> {
        http::get(format!("{}/models/{}", config.endpoint, config.model))
            .header("authorization", format!("Bearer {}", config.api_key))
            .send()?
            .check()?;
        Ok(ModelInfo {
            id: config.model,
            owned_by: None,
            created: None,
        })
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

ai!(PluginType);
