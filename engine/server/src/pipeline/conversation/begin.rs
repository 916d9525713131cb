use super::{
    claim::{self, Claim},
    talk::Talk,
};
use crate::{
    app::App,
    pipeline::{
        cache::Caches,
        commit::CardKey,
        message::{Job, Notification},
        queue::{claim::Claimed, lease::uncertain::UncertainLeases, sweeper::AGAIN_AFTER_US},
        store,
    },
    plugin::settings,
    target::Conversation,
};
use push_notify_core::{clock::Micros, id::EventId};
use push_notify_manifest::Kind;
use std::{collections::HashMap, sync::Arc};

/// How a push goes on.
pub(in crate::pipeline) enum Begun {
    /// As a message that nothing came before.
    Alone,
    /// Another push holds its card. Again then.
    Busy(Micros),
    Card(Box<Talk>),
}

/// Holds the card that the push belongs to, if its target keeps one.
pub(in crate::pipeline) async fn begin(
    app: &App,
    caches: &Caches,
    uncertain: &UncertainLeases,
    job: &Job,
) -> Begun {
    let Some((key, mode)) = card_of(app, caches, job).await else {
        return Begun::Alone;
    };
    match claim::claim(app, &key, job, mode.updates(), uncertain).await {
        Ok(Claim::Busy(until)) => Begun::Busy(until),
        Ok(Claim::Held {
            card,
            conflates,
            others,
        }) => {
            let others = jobs(app, job, others).await;
            Begun::Card(Box::new(Talk::new(key, mode, card, conflates, others)))
        }
        Err(error) => {
            app.db.report(&error, "cannot hold a card");
            Begun::Busy(app.clock.now_us() + AGAIN_AFTER_US)
        }
    }
}

async fn card_of(app: &App, caches: &Caches, job: &Job) -> Option<(CardKey, Conversation)> {
    let subject = job.subject()?;
    let target_id = job.aim.target_id;
    let destination = caches.destination(target_id).await.ok().flatten()?;
    let chosen = job.choice.as_ref().and_then(|choice| choice.conversation);
    let mode = chosen.map_or(destination.conversation, |chosen| {
        let manifest = app.host.manifest(Kind::Channel, &destination.channel);
        chosen.reached(manifest.as_deref(), |field| {
            settings::is_filled(&destination.settings, field)
        })
    });
    if mode == Conversation::New || destination.off.is_some() {
        return None;
    }
    let key = CardKey {
        target_id,
        repo_id: job.notification.repo_id,
        subject: subject.replace('\0', ""),
    };
    Some((key, mode))
}

/// What waited for the same card. One that cannot be read comes due again with its lease, and then
/// it is said what is wrong with it.
async fn jobs(app: &App, own: &Job, claimed: Vec<Claimed>) -> Vec<Job> {
    if claimed.is_empty() {
        return vec![];
    }
    let ids: Vec<EventId> = claimed.iter().map(|claimed| claimed.event_id).collect();
    let rows = store::events(app, &ids).await.unwrap_or_default();
    let found: HashMap<EventId, Arc<Notification>> = rows
        .into_iter()
        .map(|(id, row)| (id, Arc::new(row.into())))
        .collect();
    let job = |claimed: Claimed| {
        let notification = found.get(&claimed.event_id)?.clone();
        Some(claimed.into_job(own.aim.clone(), notification))
    };
    claimed.into_iter().filter_map(job).collect()
}
