//! Reading a stored delivery with the plugin of today. It was authenticated when it came; but what
//! proved it is not kept, or has another secret since. So it is proved anew: the plugin checks it
//! as it checks any delivery, and cannot be asked not to.

use super::event::{ReplayError, Stored};
use crate::pipeline::{
    Pipeline,
    cache::Route,
    ingest::{
        one::{One, each},
        receive::uninteresting,
    },
    parked::late::{self, Late},
    rehearsal::proof,
};
use push_notify_host::{CallError, Delivery, Rejection, SecretValue, Webhook};
use push_notify_manifest::Kind;

/// Takes the secret itself, by the plugin contract's usual way for senders that cannot sign.
const PLAIN: &str = "x-webhook-secret";

impl Pipeline {
    /// What the delivery comes to now. One that is parked is proved by nothing but what it came
    /// with, when it came.
    pub(super) async fn read_again(
        &self,
        route: &Route,
        stored: &Stored,
    ) -> Result<One, ReplayError> {
        let Some(provider) = self.app.host.provider(&route.provider) else {
            let id = &route.provider;
            let reason = format!("no provider plugin `{id}` is loaded and enabled");
            return Err(ReplayError::OutOfOrder(reason));
        };
        if stored.event.is_none() {
            let late = Late {
                webhook: stored.webhook.clone(),
                received_at: stored.received_at,
                settings: stored.parked_settings.clone(),
            };
            return wanted(route, stored, late.read(provider.as_ref(), route).await);
        }
        let mut refused = String::new();
        for webhook in self.proved(route, &stored.webhook) {
            match provider.receive(webhook, &route.settings).await {
                Ok(Err(Rejection::Unauthenticated(reason))) => refused = reason,
                read => {
                    let read = read.map(|read| read.and_then(late::delivery));
                    return wanted(route, stored, read);
                }
            }
        }
        Err(ReplayError::Refused(refused))
    }

    /// The delivery with the secret itself; and, for a plugin that does not take that, as its
    /// sample is proved.
    fn proved(&self, route: &Route, webhook: &Webhook) -> Vec<Webhook> {
        let mut bare = webhook.clone();
        bare.headers
            .retain(|(name, _)| !proves(name) && name != PLAIN);
        let secrets = &mut route.settings.secrets.iter();
        let secret = secrets
            .find(|(name, _)| name == "webhook_secret")
            .map(|(_, value)| SecretValue::expose(value).to_owned());
        let with = |proof: Vec<(String, String)>| {
            let mut webhook = bare.clone();
            webhook
                .headers
                .retain(|(name, _)| proof.iter().all(|(proving, _)| proving != name));
            webhook.headers.extend(proof);
            webhook
        };
        let mut ways = vec![with(
            secret
                .map(|secret| (PLAIN.to_owned(), secret))
                .into_iter()
                .collect(),
        )];
        let manifest = self.app.host.manifest(Kind::Provider, &route.provider);
        let sample = manifest
            .as_ref()
            .and_then(|manifest| manifest.webhook.sample.as_ref());
        if let (Some(sample), Ok(body)) = (sample, std::str::from_utf8(&bare.body)) {
            ways.push(with(proof(sample, route, body, self.app.clock.now_us())));
        }
        ways
    }
}

/// The event that was stored of the delivery, unless the plugin or the repository does not want it.
fn wanted(
    route: &Route,
    stored: &Stored,
    read: Result<Result<Delivery, Rejection>, CallError>,
) -> Result<One, ReplayError> {
    let delivery = read.map_err(|error| ReplayError::OutOfOrder(error.to_string()))?;
    let delivery = delivery.map_err(|rejection| match rejection {
        Rejection::Unauthenticated(reason) | Rejection::Malformed(reason) => {
            ReplayError::Refused(reason)
        }
        Rejection::Ignored(reason) => ReplayError::Uninteresting(reason),
    })?;
    let mut events = each(delivery, &stored.webhook);
    let event = events.nth(stored.place).ok_or_else(|| {
        ReplayError::Uninteresting("the delivery does not tell of it any more".to_owned())
    })?;
    match uninteresting(route, &event.event.kind) {
        Some(reason) => Err(ReplayError::Uninteresting(reason)),
        None => Ok(event),
    }
}

fn proves(header: &str) -> bool {
    header.contains("token") || header.contains("signature")
}
