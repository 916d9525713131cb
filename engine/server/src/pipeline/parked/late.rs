//! A delivery that could not be read when it came is judged as it would have been: by the clock of
//! then, and by the repository's settings of then. A proof that held for some minutes, or by a
//! secret that was changed since, still holds.

use crate::pipeline::{cache::Route, ingest::authenticate, store::Error};
use push_notify_core::{
    clock::Micros,
    id::RepoId,
    secret::{Place, Vault},
};
use push_notify_host::{
    CallError, Delivery, Party, Provider, Reception, Rejection, SecretValue, Settings, Webhook,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What proves nothing: that of today is used.
const OF_TODAY: &str = "access_token";

/// A delivery, and what it is judged by.
pub(in crate::pipeline) struct Late {
    pub webhook: Webhook,
    pub received_at: Micros,
    /// None: what was parked before settings were kept with it.
    pub settings: Option<Settings>,
}

/// As stored.
#[derive(Serialize, Deserialize)]
struct StoredSettings {
    config: Map<String, Value>,
    secrets: Vec<(String, String)>,
}

/// The settings that a delivery is to be judged by, whatever becomes of the repository's.
pub(in crate::pipeline) fn seal(vault: &Vault, route: &Route) -> String {
    let secrets = route.settings.secrets.iter();
    let kept = StoredSettings {
        config: route.settings.config.clone(),
        secrets: secrets
            .filter(|(name, _)| name != OF_TODAY)
            .map(|(name, value)| (name.clone(), value.expose().to_owned()))
            .collect(),
    };
    let text = serde_json::to_vec(&kept).unwrap_or_default();
    vault.seal(place(route.repo_id), &text)
}

/// Of the column `parked_settings`.
pub(in crate::pipeline) fn settings(
    vault: &Vault,
    repo_id: RepoId,
    sealed: Option<String>,
) -> Result<Option<Settings>, Error> {
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let text = vault.open_bytes(place(repo_id), &sealed)?;
    let kept: StoredSettings =
        serde_json::from_slice(&text).map_err(|error| Error::Row(error.to_string()))?;
    let secrets = kept.secrets.into_iter();
    Ok(Some(Settings {
        config: kept.config,
        secrets: secrets
            .map(|(name, value)| (name, SecretValue::new(value)))
            .collect(),
        party: Party::Repo(repo_id.get()),
    }))
}

fn place(repo_id: RepoId) -> Place<'static> {
    Place {
        table: "events",
        column: "parked_settings",
        row: repo_id.get(),
    }
}

impl Late {
    /// What it would have been; or what it is by the settings of today, if somebody put right
    /// meanwhile what it failed by.
    pub(in crate::pipeline) async fn read(
        &self,
        provider: &dyn Provider,
        route: &Route,
    ) -> Result<Result<Delivery, Rejection>, CallError> {
        let mut webhook = self.webhook.clone();
        webhook.received_ms = Some(u64::try_from(self.received_at / 1000).unwrap_or_default());
        let of_today =
            async || authenticate::receive(provider, route, &webhook, self.received_at).await;
        let read = match self.then(&route.settings) {
            None => of_today().await?,
            Some(then) => match provider.receive(webhook.clone(), &then).await? {
                Err(Rejection::Unauthenticated(_)) => of_today().await?,
                read => read,
            },
        };
        Ok(read.and_then(delivery))
    }

    /// None: they are those of today.
    fn then(&self, today: &Settings) -> Option<Settings> {
        let mut then = self.settings.clone()?;
        let token = today.secrets.iter().find(|(name, _)| name == OF_TODAY);
        then.secrets.extend(token.cloned());
        let same = then.config == today.config
            && then.secrets.len() == today.secrets.len()
            && then
                .secrets
                .iter()
                .all(|secret| today.secrets.contains(secret));
        (!same).then_some(then)
    }
}

/// What is not a delivery came to nothing: nobody waits for its answer any more.
pub(in crate::pipeline) fn delivery(reception: Reception) -> Result<Delivery, Rejection> {
    match reception {
        Reception::Delivery(delivery) => Ok(delivery),
        Reception::Challenge(_) => Err(Rejection::Ignored("a challenge".to_owned())),
    }
}

#[cfg(test)]
mod tests;
