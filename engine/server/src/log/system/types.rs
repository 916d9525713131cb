use crate::log::entry::json_text;
use push_notify_core::id::LogId;
use schemars::JsonSchema;
use serde::Serialize;

/// A line of the system log, as the API shows it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SystemEntry {
    pub id: LogId,
    /// `DEBUG`, `INFO`, `WARN` or `ERROR`.
    pub level: String,
    pub module: String,
    pub message: String,
    pub request_id: Option<String>,
    pub client_ip: Option<String>,
    #[serde(serialize_with = "json_text")]
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
    pub detail: Option<String>,
    pub created_at: String,
}
