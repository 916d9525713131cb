use super::price::Price;
use crate::repo::Status;
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::ModelId,
    secret::MASK,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Debug, Clone)]
pub struct Model {
    pub id: ModelId,
    pub name: String,
    /// What the vendor calls it.
    pub kind: String,
    /// As it was typed; see [`Model::plugin`].
    pub provider: String,
    pub api_url: String,
    /// Sealed; empty: there is none.
    pub api_key: String,
    pub timeout_seconds: i64,
    pub params: Map<String, Value>,
    pub input_price: Option<Price>,
    pub output_price: Option<Price>,
    /// Of the active ones, one is.
    pub is_default: bool,
    pub status: Status,
    pub success_count: i64,
    pub failed_count: i64,
    /// What the successful calls took together.
    pub total_ms: i64,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// A model in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ModelEntry")]
pub struct Entry {
    id: ModelId,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    provider: String,
    api_url: String,
    is_default: bool,
    call_count: i64,
    status: Status,
    created_at: String,
}

/// A model by itself. The key is not in it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ModelDetail")]
pub struct Detail {
    id: ModelId,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    provider: String,
    api_url: String,
    /// A mask; empty when there is none.
    api_key: &'static str,
    /// In seconds.
    timeout: i64,
    #[schemars(schema_with = "super::settings::params_schema")]
    params: Map<String, Value>,
    /// Of a million tokens, in whatever currency.
    input_price: Option<f64>,
    output_price: Option<f64>,
    is_default: bool,
    call_count: i64,
    success_count: i64,
    failed_count: i64,
    /// Of the successful calls, in seconds; 0 when there are none.
    avg_response_time: f64,
    status: Status,
    created_at: String,
    updated_at: String,
}

/// The answer to `POST /models/{id}/verify`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ModelVerified")]
pub struct Verified {
    pub valid: bool,
    pub response_time_ms: i64,
    /// What the vendor says of the model.
    pub model_info: Option<Info>,
    /// Why it is not valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ModelInfo")]
pub struct Info {
    pub id: String,
    pub object: &'static str,
    /// Unix time.
    pub created: Option<u64>,
    pub owned_by: Option<String>,
}

impl Model {
    /// The AI plugin's id.
    pub fn plugin(&self) -> String {
        self.provider.to_lowercase()
    }

    pub fn entry(self) -> Entry {
        Entry {
            id: self.id,
            name: self.name,
            kind: self.kind,
            provider: self.provider,
            api_url: self.api_url,
            is_default: self.is_default,
            call_count: self.success_count + self.failed_count,
            status: self.status,
            created_at: rfc3339(self.created_at),
        }
    }

    pub fn detail(self) -> Detail {
        Detail {
            avg_response_time: average_seconds(self.total_ms, self.success_count),
            id: self.id,
            name: self.name,
            kind: self.kind,
            provider: self.provider,
            api_url: self.api_url,
            api_key: if self.api_key.is_empty() { "" } else { MASK },
            timeout: self.timeout_seconds,
            params: super::settings::shown(self.params),
            input_price: self.input_price.map(Price::amount),
            output_price: self.output_price.map(Price::amount),
            is_default: self.is_default,
            call_count: self.success_count + self.failed_count,
            success_count: self.success_count,
            failed_count: self.failed_count,
            status: self.status,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }
}

/// With two decimals.
fn average_seconds(total_ms: i64, calls: i64) -> f64 {
    if calls == 0 {
        return 0.0;
    }
    let hundredths = total_ms as f64 / calls as f64 / 10.0;
    hundredths.round() / 100.0
}
