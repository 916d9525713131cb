//! Reading a stored delivery with the plugin of today. It was authenticated when it came; but what proved it is not kept, or has
//! another secret since. So it is proved anew: the plugin checks it as it checks any delivery, and cannot be asked not to.

use super::{Stored, Trouble};
use crate::pipeline::{Pipeline, context::Route, receive::uninteresting, rehearsal::proof};
use push_notify_host::{CallError, Delivery, Rejection, SecretValue, Webhook};
use push_notify_manifest::Kind;

/// Takes the secret itself, by the plugin contract's usual way for senders that cannot sign.
const PLAIN: &str = "x-webhook-secret";

impl Pipeline {
    /// What the delivery comes to now. One that was parked is proved by nothing but what it came with.
    pub(super) async fn read_again(
        &self,
        route: &Route,
        stored: &Stored,
    ) -> Result<Delivery, Trouble> {
        let ways = match stored.event {
            Some(_) => self.proved(route, &stored.webhook),
            None => vec![stored.webhook.clone()],
        };
        let Some(provider) = self.app.host.provider(&route.provider) else {
            let id = &route.provider;
            let reason = format!("no provider plugin `{id}` is loaded and enabled");
            return Err(Trouble::OutOfOrder(reason));
        };
        let mut refused = String::new();
        for webhook in ways {
            match provider.receive(webhook, &route.settings).await {
                Ok(Ok(delivery)) => {
                    return match uninteresting(route, &delivery.event.kind) {
                        Some(reason) => Err(Trouble::Uninteresting(reason)),
                        None => Ok(delivery),
                    };
                }
                Ok(Err(Rejection::Unauthenticated(reason))) => refused = reason,
                Ok(Err(Rejection::Malformed(reason))) => return Err(Trouble::Refused(reason)),
                Ok(Err(Rejection::Ignored(reason))) => return Err(Trouble::Uninteresting(reason)),
                Err(error @ CallError::Quarantined(_)) => {
                    return Err(Trouble::OutOfOrder(error.to_string()));
                }
                Err(error) => return Err(Trouble::OutOfOrder(error.to_string())),
            }
        }
        Err(Trouble::Refused(refused))
    }

    /// The delivery with the secret itself; and, for a plugin that does not take that, as its sample is proved.
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

fn proves(header: &str) -> bool {
    header.contains("token") || header.contains("signature")
}
