//! The input is what an AI server answers, as a whole and as a stream; its status is what it is in
//! most attacks, 200, and an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use push_notify_sdk::{
    Ai, AiRequest, Role, Turn,
    testing::{Host, response},
};
use serde_json::json;

fuzz_target!(|body: &[u8]| {
    ask::<ai_openai::OpenAi>(body);
    ask::<ai_anthropic::Anthropic>(body);
    ask::<ai_ollama::Ollama>(body);
});

fn ask<A: Ai>(body: &[u8]) {
    for (status, kind) in [
        (200, "application/json"),
        (200, "text/event-stream"),
        (429, "application/json"),
    ] {
        let answer = body.to_vec();
        let host = Host::new()
            .http(move |_| Ok(response(status, answer.clone()).with_header("content-type", kind)));
        let config = || {
            let config = json!({
                "api_url": "https://ai.example.com/v1", "api_key": "placeholder", "model": "m-1",
            });
            serde_json::from_value(config).expect("a configuration")
        };
        let question = AiRequest {
            turns: vec![Turn {
                role: Role::User,
                text: "why?".to_owned(),
            }],
            json: true,
            schema: None,
            max_tokens: None,
        };
        let _ = host.run(|| A::complete(config(), question));
        let _ = host.run(|| A::probe(config()));
    }
}
