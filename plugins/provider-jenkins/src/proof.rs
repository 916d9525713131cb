//! Who may deliver: whoever shows the webhook secret, since Jenkins signs nothing.

use push_notify_sdk::{
    Rejection, Secret, Webhook,
    delivery::{self, authorization, plain_or_query_secret},
};

pub(crate) fn check(webhook: &Webhook, secret: Option<&Secret>) -> Result<(), Rejection> {
    let secret = delivery::secret(secret)?;
    let shown = webhook.header("authorization");
    match shown.filter(|value| !value.is_empty()) {
        Some(value) => authorization(value, secret),
        None => plain_or_query_secret(
            webhook,
            secret,
            "there is neither an X-Webhook-Secret header nor a `token` in the query",
        ),
    }
}
