use crate::clock::{Micros, rfc3339};
use serde::Serialize;
use serde_json::{Value, json};

/// What a message is about; the contract's appendix D.
pub const SCENES: [&str; 2] = ["commit_notify", "review_notify"];

#[derive(Debug, Clone)]
pub struct Template {
    pub id: i64,
    pub name: String,
    /// The channel plugin's id.
    pub kind: String,
    pub scene: String,
    pub title: String,
    pub content: String,
    pub remark: Option<String>,
    pub is_default: bool,
    pub status: String,
    /// From 1.
    pub version: i64,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// A template in a list.
#[derive(Serialize)]
pub struct Entry {
    id: i64,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    scene: String,
    title: String,
    remark: Option<String>,
    is_default: bool,
    status: String,
    version: i64,
    created_at: String,
    updated_at: String,
}

impl Template {
    pub fn entry(self) -> Entry {
        Entry {
            id: self.id,
            name: self.name,
            kind: self.kind,
            scene: self.scene,
            title: self.title,
            remark: self.remark,
            is_default: self.is_default,
            status: self.status,
            version: self.version,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }

    pub fn detail(&self, variables: &[String], push_count: i64) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "type": self.kind,
            "scene": self.scene,
            "title": self.title,
            "content": self.content,
            "remark": self.remark,
            "is_default": self.is_default,
            "status": self.status,
            "version": self.version,
            "variables": variables,
            "push_count": push_count,
            "created_at": rfc3339(self.created_at),
            "updated_at": rfc3339(self.updated_at),
        })
    }
}
