use super::message::Server;
use crate::call::MailSettings;
use serde_json::Value;

/// A permission for the configured server is one for the configured port and TLS, where the
/// configuration has them: a guest must not take the login elsewhere on that machine, or past TLS.
/// Fails with the text for the guest.
pub(super) fn check(settings: &MailSettings, server: &Server) -> Result<(), String> {
    let port = match &settings.port {
        Some(Value::String(port)) => port.trim().parse().ok(),
        Some(port) => port.as_u64(),
        None => None,
    };
    if port.is_some_and(|port| port != u64::from(server.port)) {
        return Err(format!(
            "smtp to port {} is not granted: the settings have another smtp_port",
            server.port
        ));
    }
    let tls = settings.tls.as_ref().and_then(Value::as_str);
    if tls.is_some_and(|tls| tls != server.tls.name()) {
        return Err(format!(
            "smtp with tls `{}` is not granted: the settings have another tls",
            server.tls.name()
        ));
    }
    Ok(())
}
