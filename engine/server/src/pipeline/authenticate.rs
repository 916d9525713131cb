//! Which of a repository's webhook secrets a delivery is proved with: the current one, or one before it that still counts.

use super::context::{FormerSecret, Route};
use crate::clock::Micros;
use push_notify_host::{CallError, Delivery, Provider, Rejection, SecretValue, Settings, Webhook};

/// So many former secrets are tried, at most. Those that were replaced first after the delivery was received come first: it was one of
/// them that was current then.
const MOST: usize = 4;

/// Hands a delivery that was received at `at` to its provider.
pub(super) async fn receive(
    provider: &dyn Provider,
    route: &Route,
    webhook: &Webhook,
    at: Micros,
) -> Result<Result<Delivery, Rejection>, CallError> {
    let answer = provider.receive(webhook.clone(), &route.settings).await?;
    if is_proved(&answer) {
        return Ok(answer);
    }
    for former in in_force(&route.former_secrets, at) {
        let settings = with_secret(&route.settings, &former.secret);
        let by_former = provider.receive(webhook.clone(), &settings).await?;
        if is_proved(&by_former) {
            tracing::debug!(
                repo.id = route.repo_id,
                "a former webhook secret let a delivery in"
            );
            return Ok(by_former);
        }
    }
    Ok(answer)
}

fn is_proved(answer: &Result<Delivery, Rejection>) -> bool {
    !matches!(answer, Err(Rejection::Unauthenticated(_)))
}

/// `secrets` has the newest first.
fn in_force(secrets: &[FormerSecret], at: Micros) -> impl Iterator<Item = &FormerSecret> {
    let counts = move |former: &&FormerSecret| at < former.valid_until;
    secrets.iter().rev().filter(counts).take(MOST)
}

fn with_secret(settings: &Settings, secret: &SecretValue) -> Settings {
    let mut settings = settings.clone();
    for (name, value) in &mut settings.secrets {
        if name == "webhook_secret" {
            *value = secret.clone();
        }
    }
    settings
}

#[cfg(test)]
mod tests;
