use super::CurrentUser;
use crate::{
    app::App,
    http::{arrival::BodyLimits, pace::Pace},
};
use axum::http::request::Parts;

/// In bytes; of a login, a registration and the like.
const LONGEST_OF_STRANGERS: usize = 64 * 1024;

impl BodyLimits for App {
    /// Nobody whom we do not know needs a long one.
    fn max_bytes(&self, parts: &Parts) -> usize {
        let most = self.config.server.max_body_bytes;
        match parts.extensions.get::<CurrentUser>() {
            Some(_) => most,
            None => most.min(LONGEST_OF_STRANGERS),
        }
    }

    fn pace(&self) -> Pace {
        Pace::new(&self.config.connections)
    }
}
