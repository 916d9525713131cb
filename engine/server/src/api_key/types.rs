use push_notify_core::{
    clock::{MINUTE_US, Micros, rfc3339},
    id::{ApiKeyId, UserId},
};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub user_id: UserId,
    pub name: String,
    /// The key's first letters.
    pub prefix: String,
    pub scopes: Vec<String>,
    pub expires_at: Option<Micros>,
    pub last_used_at: Option<Micros>,
    pub created_at: Micros,
}

/// As the API shows it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ApiKey")]
pub struct View {
    id: ApiKeyId,
    user_id: UserId,
    name: String,
    prefix: String,
    scopes: Vec<String>,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    created_at: String,
}

/// With the key, which is shown this once.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CreatedApiKey")]
pub struct Created {
    #[serde(flatten)]
    pub(super) shown: View,
    pub(super) key: String,
}

impl ApiKey {
    /// That a key is used is written down once a minute.
    pub fn is_use_news(&self, now: Micros) -> bool {
        self.last_used_at
            .is_none_or(|last| now - last >= MINUTE_US || now < last)
    }

    pub fn view(&self) -> View {
        View {
            id: self.id,
            user_id: self.user_id,
            name: self.name.clone(),
            prefix: self.prefix.clone(),
            scopes: self.scopes.clone(),
            expires_at: self.expires_at.map(rfc3339),
            last_used_at: self.last_used_at.map(rfc3339),
            created_at: rfc3339(self.created_at),
        }
    }
}
