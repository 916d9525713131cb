use crate::{AiRequest, Role};
use serde::Serialize;
use std::borrow::Cow;

/// A turn as most servers take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message<'a> {
    /// `system`, `user` or `assistant`.
    pub role: &'static str,
    pub content: Cow<'a, str>,
}

const SYSTEM: &str = "system";
const HINT: &str = "Answer with one JSON object and nothing else.";

/// The turns of a request, in their order. Where JSON is wanted and none of them mentions it, they
/// say so: servers refuse their JSON mode otherwise, because a model that was not told would write
/// blanks for ever, and those without such a mode have nothing else.
pub fn messages(request: &AiRequest) -> Vec<Message<'_>> {
    let mut messages: Vec<Message<'_>> = request
        .turns
        .iter()
        .map(|turn| Message {
            role: role(turn.role),
            content: Cow::Borrowed(turn.text.as_str()),
        })
        .collect();
    let mentioned = || request.turns.iter().any(|turn| mentions_json(&turn.text));
    if request.json && !mentioned() {
        hint_at_json(&mut messages);
    }
    messages
}

/// The bound of an answer, in tokens: the smaller of what the administrator set and what the caller
/// asks for.
pub fn limit(set: Option<u32>, asked: Option<u32>) -> Option<u32> {
    [set, asked].into_iter().flatten().min()
}

/// In the system message: some models' templates take one only, at the beginning.
fn hint_at_json(messages: &mut Vec<Message<'_>>) {
    match messages.first_mut() {
        Some(first) if first.role == SYSTEM => {
            first.content = Cow::Owned(format!("{}\n\n{HINT}", first.content));
        }
        _ => messages.insert(
            0,
            Message {
                role: SYSTEM,
                content: Cow::Borrowed(HINT),
            },
        ),
    }
}

fn mentions_json(text: &str) -> bool {
    text.as_bytes()
        .windows(4)
        .any(|word| word.eq_ignore_ascii_case(b"json"))
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => SYSTEM,
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}
