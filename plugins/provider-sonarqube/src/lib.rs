//! SonarQube, Server and Cloud: what quality gates say of an analysis.
//!
//! Payload: <https://docs.sonarsource.com/sonarqube-server/discovering/integrations/webhooks>.

mod analysis;

#[cfg(test)]
mod tests;

use push_notify_sdk::{
    Delivery, Provider, Rejection, Webhook,
    delivery::{self, signed_body},
    forge, provider,
};

pub struct Sonarqube;

provider!(Sonarqube);

impl Provider for Sonarqube {
    type Config = forge::Config;

    fn receive(mut webhook: Webhook, config: Self::Config) -> Result<Delivery, Rejection> {
        let secret = config.webhook_secret.as_ref();
        signed_body(&webhook, secret, "X-Sonar-Webhook-HMAC-SHA256", "")?;
        let json = delivery::json(&mut webhook)?;
        analysis::delivery(delivery::parse(json, "SonarQube")?)
    }
}
