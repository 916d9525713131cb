//! What is wrong, and with which field.

use push_notify_sdk::MappingProblem;

/// `field` is within the mapping; empty where it is about the request.
pub(crate) fn problem(field: &str, zh: impl Into<String>, en: impl Into<String>) -> MappingProblem {
    let field = match field {
        "" => "body".to_owned(),
        field => format!("mapping.{field}"),
    };
    MappingProblem {
        field,
        zh: zh.into(),
        en: en.into(),
    }
}
