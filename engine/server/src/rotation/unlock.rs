//! The keys of a server that starts, or is told to read them again, against what its database
//! holds.

use super::{
    rotate::{Census, census, count},
    store::{COLUMNS, announce},
};
use crate::app::App;
use anyhow::Context as _;
use push_notify_core::{
    config,
    secret::{self, Keys, Vault},
};
use push_notify_db::Db;
use sqlx::AnyConnection;
use std::path::Path;

/// The keys, or a first one that is made now. Fails when stored secrets need a key that is not
/// there: they would fail one by one, when a webhook comes or a message is sent.
pub async fn unlock(settings: &config::Secrets, data_dir: &Path, db: &Db) -> anyhow::Result<Vault> {
    let needed = needed(&mut *db.writer().await?).await?;
    let keys = match secret::read(settings, data_dir)? {
        Some(keys) => keys,
        None if needed.is_empty() || settings.accept_lost => Keys::first(data_dir)?,
        None => anyhow::bail!(
            "{} is not there, and {}. Put the file back, or the key into `secrets.key`. {IF_LOST}",
            secret::path(data_dir).display(),
            said(&needed),
        ),
    };
    let vault = Vault::new(&keys.current, &keys.previous);
    check(&vault, needed, settings)?;
    announce(db.write(), db.number().get(), &vault.key_ids().join(",")).await?;
    Ok(vault)
}

/// Takes up the keys as they are now. With an error those from before stay.
pub async fn reload(app: &App, settings: &config::Secrets) -> anyhow::Result<()> {
    let keys = secret::read(settings, &app.config.server.data_dir)?
        .context("secret.key is gone: the keys stay as they are")?;
    let next = Vault::new(&keys.current, &keys.previous);
    if next.key_ids() == app.vault.key_ids() {
        return Ok(());
    }
    check(&next, needed(&mut *app.db.writer().await?).await?, settings)?;
    app.vault.replace_keys(&keys.current, &keys.previous);
    let key_ids = app.vault.key_ids();
    announce(app.db.write(), app.db.number().get(), &key_ids.join(",")).await?;
    tracing::info!(keys = key_ids.join(","), "read the secret keys again");
    Ok(())
}

/// Says what is still sealed by a previous key, once. Nothing where there is none.
pub async fn watch(app: App) {
    if app.vault.key_ids().len() < 2 {
        return;
    }
    match left(&app).await {
        Ok(left) if left.is_empty() => tracing::info!(
            "no stored secret needs a previous key any more: it can be taken out of the configuration or secret.key"
        ),
        Ok(left) => tracing::warn!(
            "{} and not by the current key: run `push-notify secrets rotate`",
            said(&left)
        ),
        Err(error) => tracing::warn!(%error, "cannot tell which keys stored secrets need"),
    }
}

const IF_LOST: &str = "If it is lost, `secrets.accept_lost = true` starts without: the tokens and passwords of repositories, \
    targets and models have to be given again.";

fn check(vault: &Vault, mut needed: Census, settings: &config::Secrets) -> anyhow::Result<()> {
    let known = vault.key_ids();
    needed.retain(|key_id, _| !known.contains(key_id));
    if needed.is_empty() {
        return Ok(());
    }
    let have = known.join(", ");
    if settings.accept_lost {
        tracing::warn!(
            "{}; the keys at hand are {have}: give these secrets again",
            said(&needed)
        );
        return Ok(());
    }
    anyhow::bail!(
        "{}, but the keys at hand are {have}. Put the missing key into `secrets.previous_keys`, or as a further line into \
         secret.key. {IF_LOST}",
        said(&needed)
    )
}

/// Fails when a server could not do without a key that is not there.
pub async fn check_stored(connection: &mut AnyConnection, vault: &Vault) -> anyhow::Result<()> {
    check(
        vault,
        needed(connection).await?,
        &config::Secrets::default(),
    )
}

/// The values that a server cannot do without.
async fn needed(connection: &mut AnyConnection) -> Result<Census, sqlx::Error> {
    let mut needed = Census::new();
    for column in &COLUMNS {
        for text in column.needed(connection).await? {
            count(&mut needed, column, &text);
        }
    }
    Ok(needed)
}

/// Of previous keys.
async fn left(app: &App) -> Result<Census, sqlx::Error> {
    let mut left = census(&mut app.db.attached().await?).await?;
    left.remove(&app.vault.key_id());
    Ok(left)
}

/// `12 stored secrets are sealed by the key 0a1b2c3d, 1 by 4e5f6071`
fn said(census: &Census) -> String {
    let mut said = String::new();
    for (key_id, count) in census {
        match said.is_empty() {
            true => {
                let are = if *count == 1 { " is" } else { "s are" };
                said = format!("{count} stored secret{are} sealed by the key {key_id}");
            }
            false => said += &format!(", {count} by {key_id}"),
        }
    }
    said
}
