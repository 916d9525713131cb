//! Those who read a target's messages.

use jiff::tz::TimeZone;
use push_notify_core::{config, i18n::Locale};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reader {
    /// By whose clocks messages tell times.
    pub zone: TimeZone,
    /// In which messages speak.
    pub locale: Locale,
}

impl Reader {
    /// Where a target says nothing of its own.
    pub(super) fn usual(server: &config::Server) -> Self {
        Self {
            zone: server.zone(),
            locale: server.locale(),
        }
    }
}
