//! Goes wrong in the way that `config.model` names, when it is asked and when it is probed. `ok`
//! repeats the question.

use push_notify_sdk::{Ai, AiRequest, Completion, Failure, ModelInfo, StopReason, ai};

#[derive(serde::Deserialize)]
struct Config {
    model: String,
}

struct Misbehaving;

impl Ai for Misbehaving {
    type Config = Config;

    fn complete(config: Config, request: AiRequest) -> Result<Completion, Failure> {
        let text = match config.model.as_str() {
            "ok" => request.turns.into_iter().map(|turn| turn.text).collect(),
            other => fault(other)?,
        };
        Ok(Completion {
            text,
            model: None,
            usage: None,
            stop: StopReason::Complete,
        })
    }

    fn probe(config: Config) -> Result<ModelInfo, Failure> {
        let id = match config.model.as_str() {
            "ok" => config.model,
            other => fault(other)?,
        };
        Ok(ModelInfo {
            id,
            owned_by: None,
            created: None,
        })
    }
}

fn fault(mode: &str) -> Result<String, Failure> {
    match mode {
        "panic" => panic!("as configured"),
        "loop" => loop {
            std::hint::black_box(mode);
        },
        "oversized" => Ok("x".repeat(20 << 20)),
        other => Err(Failure::misconfigured(format!("no mode `{other}`"))),
    }
}

ai!(Misbehaving);
