use serde_json::Value;

/// Whether a body has messages, each with a text, by these roles only.
pub(crate) fn are_sound(body: &Value, roles: &[&str]) -> bool {
    let messages = body["messages"].as_array();
    let sound = |message: &Value| {
        message["content"].is_string()
            && message["role"]
                .as_str()
                .is_some_and(|role| roles.contains(&role))
    };
    messages.is_some_and(|messages| !messages.is_empty() && messages.iter().all(sound))
}
