use crate::log::{ai_call::AiCallEntry, operation::OperationEntry, system::SystemEntry};
use schemars::JsonSchema;
use serde::Serialize;

/// An entry with the log that it is from.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type")]
pub enum Found {
    #[serde(rename = "system")]
    System(SystemEntry),
    #[serde(rename = "operation")]
    Operation(OperationEntry),
    #[serde(rename = "ai-call")]
    AiCall(AiCallEntry),
}
