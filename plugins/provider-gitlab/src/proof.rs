//! Who may deliver: whoever knows the webhook secret. GitLab shows it as a token, or signs with it,
//! or does both with two different secrets, of which a repository has one; so either proof is
//! enough. Who can do neither shows it as `X-Webhook-Secret`.

use crate::signature;
use push_notify_sdk::{
    Rejection, Secret, Webhook, crypto,
    delivery::{self, plain_secret, unauthenticated},
};

/// Fails unless the delivery carries the secret as its token, or a signature made with it, or
/// neither and the plain secret. A repository without a secret receives nothing.
pub(crate) fn check(webhook: &Webhook, secret: Option<&Secret>) -> Result<(), Rejection> {
    let secret = delivery::secret(secret)?;
    let header = |name| webhook.header(name).filter(|value| !value.is_empty());
    let token = header("x-gitlab-token");
    if token.is_some_and(|token| crypto::equal(secret, token)) {
        return Ok(());
    }
    match (header("webhook-signature"), token) {
        (Some(signatures), _) => signature::check(webhook, signatures, secret),
        (None, Some(_)) => Err(unauthenticated("X-Gitlab-Token is not the webhook secret")),
        (None, None) => plain_secret(
            webhook,
            secret,
            "there is neither an X-Gitlab-Token nor a webhook-signature header",
        ),
    }
}
