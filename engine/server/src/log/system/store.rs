//! SQL on `system_logs`.

use super::{Line, SystemEntry};
use crate::log::{
    Entry, Kind,
    entry::{number, optional},
};
use push_notify_core::clock::rfc3339;
use push_notify_db::{
    Db,
    rows::{Bulk, MOST, padded},
};
use sqlx::{Row as _, any::AnyRow};
use std::borrow::Cow;

static INSERT: Bulk = Bulk::new(
    "level, module, message, detail, request_id, client_ip, created_at",
    7,
    "INSERT INTO system_logs (level, module, message, detail, request_id, client_ip, created_at)
     SELECT level, module, message, detail, request_id, client_ip, created_at FROM v WHERE level IS NOT NULL",
);

/// All of them or none.
pub async fn insert(db: &Db, lines: &[Line]) -> Result<(), sqlx::Error> {
    let mut transaction = db.begin().await?;
    for run in lines.chunks(MOST) {
        let (sql, size) = INSERT.text(db.dialect(), run.len());
        let mut query = sqlx::query(sql);
        for line in padded(run, size) {
            query = query
                .bind(line.map(|line| line.level.name()))
                .bind(line.map(|line| line.module.as_str()))
                .bind(line.map(|line| line.message.as_str()))
                .bind(line.and_then(|line| line.detail.as_deref()))
                .bind(line.and_then(|line| line.request_id.as_deref()))
                .bind(line.and_then(|line| line.client_ip.as_deref()))
                .bind(line.map(|line| line.created_at));
        }
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

impl Entry for SystemEntry {
    const KIND: Kind = Kind::System;
    const SELECTED: &'static str =
        "id, level, module, message, request_id, client_ip, detail, created_at";
    const HEAD: &'static [&'static str] = &[
        "id",
        "level",
        "module",
        "message",
        "request_id",
        "client_ip",
        "detail",
        "created_at",
    ];

    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            level: row.try_get::<String, _>("level")?.to_ascii_uppercase(),
            module: row.try_get("module")?,
            message: row.try_get("message")?,
            request_id: row.try_get("request_id")?,
            client_ip: row.try_get("client_ip")?,
            detail: row.try_get("detail")?,
            created_at: rfc3339(row.try_get("created_at")?),
        })
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        vec![
            number(self.id),
            self.level.as_str().into(),
            self.module.as_str().into(),
            self.message.as_str().into(),
            optional(&self.request_id),
            optional(&self.client_ip),
            optional(&self.detail),
            self.created_at.as_str().into(),
        ]
    }
}
