//! SQL on `operation_logs`.

use super::AuditEntry;
use crate::http::client::Client;
use push_notify_core::{
    clock::Micros,
    id::{ApiKeyId, UserId},
};
use sqlx::AnyConnection;

/// Who did it, and from where.
pub struct By<'a> {
    pub user_id: Option<UserId>,
    pub username: &'a str,
    pub api_key_id: Option<ApiKeyId>,
    pub client: &'a Client,
    /// Empty: it was no request.
    pub request_id: &'a str,
}

pub async fn insert(
    connection: &mut AnyConnection,
    by: &By<'_>,
    audit: &AuditEntry<'_>,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO operation_logs (user_id, username, api_key_id, action, object_type, object_id, object_name, detail,
            client_ip, user_agent, request_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(by.user_id)
    .bind(by.username)
    .bind(by.api_key_id)
    .bind(audit.action)
    .bind(audit.object_type())
    .bind(audit.object_id)
    .bind(audit.object_name)
    .bind(audit.detail)
    .bind(by.client.ip.map(|ip| ip.to_string()))
    .bind(by.client.user_agent.as_deref())
    .bind((!by.request_id.is_empty()).then_some(by.request_id))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
