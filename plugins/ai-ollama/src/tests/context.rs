use crate::context::estimate;
use push_notify_sdk::{AiRequest, Role, Turn};

fn needed(bytes: usize, limit: Option<u32>) -> u32 {
    let request = AiRequest {
        turns: vec![Turn {
            role: Role::User,
            text: "a".repeat(bytes),
        }],
        json: false,
        schema: None,
        max_tokens: None,
    };
    estimate(&request, limit)
}

#[test]
fn a_longer_question_gets_a_longer_context() {
    assert_eq!(needed(100, Some(500)), 4096);
    assert_eq!(needed(10_000, Some(500)), 8192);
    assert_eq!(needed(30_000, Some(500)), 16_384);
}

#[test]
fn the_answer_has_room_too() {
    assert_eq!(needed(100, None), 8192);
    assert_eq!(needed(100, Some(10_000)), 16_384);
}

#[test]
fn there_is_an_end_to_it() {
    assert_eq!(needed(10_000_000, None), 131_072);
    assert_eq!(needed(0, Some(u32::MAX)), 131_072);
}
