//! Webhook secrets that were replaced. For a while they let deliveries in beside the current one,
//! since the Git host is given that by hand; a delivery that was parked is judged by when it was
//! received, however late it is taken up.

pub mod store;

use super::Repo;
use crate::app::App;
use push_notify_core::{
    clock::{MINUTE_US, Micros, rfc3339},
    id::RepoId,
    secret::Place,
};
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::AnyConnection;

/// So many let deliveries in at the same time, at most: each is one more look at a delivery that is
/// not authentic.
const MOST: i64 = 3;

/// As `GET /repos/{id}` shows one that still lets deliveries in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FormerWebhookSecret")]
pub struct Entry {
    replaced_at: String,
    valid_until: String,
}

impl Entry {
    fn new(replaced_at: Micros, valid_until: Micros) -> Self {
        Self {
            replaced_at: rfc3339(replaced_at),
            valid_until: rfc3339(valid_until),
        }
    }
}

/// Where the secret of a repository is stored. Rows of one repository may have come from the same
/// secret, so they need no place each.
pub fn place(repo_id: RepoId) -> Place<'static> {
    Place {
        table: "former_webhook_secrets",
        column: "secret",
        row: repo_id.get(),
    }
}

/// To be called in the transaction that stores `after` in place of `before`. When the secret is
/// another one, the former one lets deliveries in until the time that this returns.
pub(super) async fn keep(
    app: &App,
    connection: &mut AnyConnection,
    before: &Repo,
    after: &Repo,
) -> Result<Option<Micros>, sqlx::Error> {
    let hours = i64::from(app.config.webhook.secret_overlap_hours);
    if after.webhook_secret == before.webhook_secret {
        return Ok(None);
    }
    // One that no key opens any more let nothing in.
    let Ok(secret) = before.open_webhook_secret(&app.vault) else {
        return Ok(None);
    };
    let now = app.clock.now_us();
    let valid_until = now + hours * 60 * MINUTE_US;
    // Also where there is no overlap: what was parked was received before.
    let sealed = app.vault.seal(place(before.id), secret.as_bytes());
    store::insert(connection, before.id, &sealed, now, valid_until).await?;
    store::end_all_but(connection, before.id, MOST, now).await?;
    Ok((hours > 0).then_some(valid_until))
}
