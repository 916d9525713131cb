//! Which of a repository's webhook secrets a delivery is proved with: the current one, or one
//! before it that still counts.

use crate::pipeline::cache::{Former, Route};
use push_notify_core::clock::Micros;
use push_notify_host::{CallError, Provider, Reception, Rejection, Webhook};

/// So many former secrets are tried, at most. Those that were replaced first after the delivery was
/// received come first: it was one of them that was current then.
const MOST: usize = 4;

/// Hands a delivery that was received at `at` to its provider.
pub(in crate::pipeline) async fn receive(
    provider: &dyn Provider,
    route: &Route,
    webhook: &Webhook,
    at: Micros,
) -> Result<Result<Reception, Rejection>, CallError> {
    let answer = provider.receive(webhook.clone(), &route.settings).await?;
    if is_proved(&answer) {
        return Ok(answer);
    }
    for former in in_force(&route.former, at) {
        let by_former = provider.receive(webhook.clone(), &former.settings).await?;
        if is_proved(&by_former) {
            tracing::debug!(
                repo.id = route.repo_id.get(),
                "a former webhook secret let a delivery in"
            );
            return Ok(by_former);
        }
    }
    Ok(answer)
}

fn is_proved(answer: &Result<Reception, Rejection>) -> bool {
    !matches!(answer, Err(Rejection::Unauthenticated(_)))
}

/// Of those of a repository, the newest first.
fn in_force(former: &[Former], at: Micros) -> impl Iterator<Item = &Former> {
    let counts = move |former: &&Former| at < former.valid_until;
    former.iter().rev().filter(counts).take(MOST)
}

#[cfg(test)]
mod tests;
