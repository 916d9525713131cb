use super::words;
use crate::log::{
    Entry, Kind,
    entry::{number, optional, optional_number},
};
use push_notify_core::{
    clock::rfc3339,
    i18n::Locale,
    id::{ApiKeyId, LogId, UserId},
};
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::{Row as _, any::AnyRow};
use std::borrow::Cow;

/// Something that somebody did, as the API shows it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OperationEntry {
    pub id: LogId,
    pub user_id: Option<UserId>,
    pub username: String,
    /// When it was done with a key.
    pub api_key_id: Option<ApiKeyId>,
    pub action: String,
    pub object_type: String,
    // A plain number: `object_type` says of which table.
    pub object_id: Option<i64>,
    pub object_name: Option<String>,
    /// A sentence, in the reader's language.
    pub detail: String,
    pub client_ip: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
    pub created_at: String,
}

impl Entry for OperationEntry {
    const KIND: Kind = Kind::Operation;
    const SELECTED: &'static str =
        "id, user_id, username, api_key_id, action, object_type, object_id, object_name,
        detail, client_ip, user_agent, request_id, created_at";
    const HEAD: &'static [&'static str] = &[
        "id",
        "user_id",
        "username",
        "api_key_id",
        "action",
        "object_type",
        "object_id",
        "object_name",
        "detail",
        "client_ip",
        "user_agent",
        "request_id",
        "created_at",
    ];

    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            user_id: row.try_get("user_id")?,
            username: row.try_get("username")?,
            api_key_id: row.try_get("api_key_id")?,
            action: row.try_get("action")?,
            object_type: row.try_get("object_type")?,
            object_id: row.try_get("object_id")?,
            object_name: row.try_get("object_name")?,
            detail: row.try_get("detail")?,
            client_ip: row.try_get("client_ip")?,
            user_agent: row.try_get("user_agent")?,
            request_id: row.try_get("request_id")?,
            created_at: rfc3339(row.try_get("created_at")?),
        })
    }

    /// What is kept is only what action and name do not say.
    fn speak(&mut self, locale: Locale) {
        let name = self.object_name.as_deref().unwrap_or_default();
        let said = words(&self.action, name);
        let said = said.as_str(locale);
        self.detail = if self.detail.is_empty() {
            said.to_owned()
        } else {
            format!("{said} ({})", self.detail)
        };
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        vec![
            number(self.id),
            optional_number(self.user_id),
            self.username.as_str().into(),
            optional_number(self.api_key_id),
            self.action.as_str().into(),
            self.object_type.as_str().into(),
            optional_number(self.object_id),
            optional(&self.object_name),
            self.detail.as_str().into(),
            optional(&self.client_ip),
            optional(&self.user_agent),
            optional(&self.request_id),
            self.created_at.as_str().into(),
        ]
    }
}
