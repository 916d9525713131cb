//! What a sender wants to hear before it sends anything, to see that the address is ours.

use crate::{Config, body, proof};
use push_notify_sdk::{Challenge, Webhook};

/// It must prove itself as a delivery does, or by the secret in the query: a `GET` has no body that
/// could be signed, and such senders show a token of ours there (`hub.verify_token`).
pub(crate) fn answer(webhook: &Webhook, config: &Config) -> Option<Challenge> {
    let asked = config.challenge.as_str();
    let text = match asked.starts_with('/') {
        // Who repeated the secret would show it.
        _ if asked.is_empty() || config.proof.hides_parameter(asked) => None,
        true if webhook.method == "POST" => {
            let data = body::data(webhook, &config.proof).ok()?;
            data.body.pointer(asked)?.as_str().map(str::to_owned)
        }
        true => None,
        false => {
            let mut pairs = form_urlencoded::parse(webhook.query.as_bytes());
            let pair = pairs.find(|(name, _)| name == asked);
            pair.map(|(_, value)| value.into_owned())
        }
    };
    let text = text.filter(|text| !text.is_empty())?;
    let secret = config.webhook_secret.as_ref();
    let is_proved = proof::check(webhook, &config.proof, secret).is_ok()
        || proof::by_query(webhook, &config.proof, secret).is_ok();
    is_proved.then(|| Challenge {
        content_type: "text/plain".to_owned(),
        body: text.into_bytes(),
    })
}
