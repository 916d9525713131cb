//! Whether an event changes anything that people wait for. A pipeline that fails for the tenth time
//! and an alert that still fires say again what was told.

use push_notify_core::clock::{MINUTE_US, Micros};
use push_notify_host::{AlertGroup, Event};
use sha2::{Digest as _, Sha256};

/// What the same alerts say again within this time is no reminder, but what another instance of
/// their source told at the same time.
const REMINDS_AFTER_US: i64 = 2 * MINUTE_US;
/// Of the fingerprint of what fires, in bytes.
const FINGERPRINT: usize = 16;

const FAILED: &str = "failed";
const SUCCEEDED: &str = "succeeded";
const RESOLVED: &str = "resolved";

/// After which events of its subject an event is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edge {
    /// After any.
    Each,
    /// After none: it says nothing of how its subject is.
    None,
    /// Unless the last one of consequence said the same. `reminds`: or that was a while ago.
    Unlike { mark: String, reminds: bool },
    /// Only if the last one of consequence said that it failed.
    Mended,
}

/// What is known of a subject: what its last event of consequence said, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub mark: Option<String>,
    pub at: Option<Micros>,
}

impl Edge {
    /// `reminds`: what its source tells again unchanged is a reminder that its users set up.
    pub fn of(event: &Event, reminds: bool) -> Self {
        match (event.kind.as_str(), event.action.as_deref()) {
            ("pipeline", Some("failed")) => Self::unlike(FAILED),
            ("pipeline", Some("succeeded")) => Self::Mended,
            ("pipeline", Some("started" | "canceled")) => Self::None,
            ("alert", Some("resolved")) => Self::unlike(RESOLVED),
            ("alert", Some("firing")) => Self::Unlike {
                mark: format!("firing:{}", fingerprint(event.alerts.as_ref())),
                reminds,
            },
            _ => Self::Each,
        }
    }

    fn unlike(mark: &str) -> Self {
        Self::Unlike {
            mark: mark.to_owned(),
            reminds: false,
        }
    }

    /// What it says, if it is of consequence for the next one.
    pub fn mark(&self) -> Option<&str> {
        match self {
            Self::Each | Self::None => None,
            Self::Unlike { mark, .. } => Some(mark),
            Self::Mended => Some(SUCCEEDED),
        }
    }

    /// Whether an event of the time `at` is told after what is known.
    pub fn is_told(&self, known: &Known, at: Micros) -> bool {
        match self {
            Self::Each => true,
            Self::None => false,
            Self::Unlike { mark, reminds } => {
                let is_due = known.at.is_none_or(|last| at - last >= REMINDS_AFTER_US);
                known.mark.as_ref() != Some(mark) || *reminds && is_due
            }
            Self::Mended => known.mark.as_deref() == Some(FAILED),
        }
    }

    /// What is known after an event of the time `at`.
    pub fn learn(&self, known: &mut Known, at: Micros) {
        if let Some(mark) = self.mark() {
            *known = Known {
                mark: Some(mark.to_owned()),
                at: Some(at),
            };
        }
    }
}

/// Another one as soon as an alert of the group comes or goes.
fn fingerprint(alerts: Option<&AlertGroup>) -> String {
    let alerts = alerts.map_or(&[][..], |group| &group.alerts);
    let firing = alerts.iter().filter(|alert| alert.firing);
    let mut names: Vec<&str> = firing
        .map(|alert| alert.fingerprint.as_deref().unwrap_or(&alert.name))
        .collect();
    names.sort_unstable();
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name);
        hash.update([0]);
    }
    hex::encode(&hash.finalize()[..FINGERPRINT])
}

#[cfg(test)]
mod tests;
