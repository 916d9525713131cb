use crate::owner::Owner;
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::TemplateId,
};
use schemars::JsonSchema;
use serde::Serialize;

pub const STATUSES: [&str; 2] = ["active", "inactive"];

#[derive(Debug, Clone)]
pub struct Template {
    pub id: TemplateId,
    pub name: String,
    /// The channel plugin's id.
    pub kind: String,
    pub scene: String,
    pub title: String,
    pub content: String,
    pub remark: Option<String>,
    pub is_default: bool,
    pub status: String,
    pub owner: Option<Owner>,
    /// From 1.
    pub version: i64,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// A template in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateEntry")]
pub struct Entry {
    id: TemplateId,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    scene: String,
    title: String,
    remark: Option<String>,
    is_default: bool,
    status: String,
    /// Null: the administrators. What is a default they alone change, whoever owns it.
    owner: Option<Owner>,
    version: i64,
    created_at: String,
    updated_at: String,
}

/// A template by itself.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateDetail")]
pub struct Detail {
    id: TemplateId,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    scene: String,
    title: String,
    content: String,
    remark: Option<String>,
    is_default: bool,
    status: String,
    /// Null: the administrators. What is a default they alone change, whoever owns it.
    owner: Option<Owner>,
    version: i64,
    /// What title and content name, without the dot.
    variables: Vec<String>,
    /// How many pushes were rendered with it.
    push_count: i64,
    created_at: String,
    updated_at: String,
}

/// The texts of a template as they once were.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateVersion")]
pub struct Version {
    pub version: i64,
    pub title: String,
    pub content: String,
    pub created_by: String,
    pub created_at: String,
}

impl Template {
    pub fn is_active(&self) -> bool {
        self.status == "active"
    }

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
            owner: self.owner,
            version: self.version,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }

    pub fn detail(&self, variables: Vec<String>, push_count: i64) -> Detail {
        Detail {
            id: self.id,
            name: self.name.clone(),
            kind: self.kind.clone(),
            scene: self.scene.clone(),
            title: self.title.clone(),
            content: self.content.clone(),
            remark: self.remark.clone(),
            is_default: self.is_default,
            status: self.status.clone(),
            owner: self.owner.clone(),
            version: self.version,
            variables,
            push_count,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }
}
