//! Targets as the admin API takes them.

use crate::{DingTalk, Smtp};
use serde_json::{Map, Value, json};

/// A DingTalk target.
pub struct Robot(Map<String, Value>);

/// A mail target.
pub struct Email(Map<String, Value>);

impl Robot {
    pub fn at(robot: &DingTalk) -> Self {
        Self(object(json!({
            "access_token": robot.token,
            "secret": robot.secret,
            "api_url": robot.url(""),
        })))
    }

    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    pub fn target(self, name: &str) -> Value {
        json!({"name": name, "type": "dingtalk", "config": self.0})
    }
}

impl Email {
    pub fn through(server: &Smtp) -> Self {
        Self(object(json!({
            "smtp_host": server.address.ip().to_string(),
            "smtp_port": server.address.port(),
            "tls": server.security.name(),
            "from": server.username,
            "password": server.password,
            "to": ["dev@example.com"],
        })))
    }

    pub fn to(self, recipients: &[&str]) -> Self {
        self.with("to", recipients.to_vec())
    }

    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    pub fn target(self, name: &str) -> Value {
        json!({"name": name, "type": "email", "config": self.0})
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
