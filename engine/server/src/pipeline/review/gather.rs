//! What an event changed, part by part: files that are worth a review are kept, the others are put
//! down.

use crate::pipeline::{cache::Route, store};
use push_notify_host::{CallError, ChangePage, ChangeScope, Event, Failure, Provider};
use push_notify_review::{Coverage, Reason, language, plan::File, select::Wanted};
use sha2::{Digest as _, Sha256};
use std::time::Duration;

/// Parts of one event. Hosts list at most some thousands of files, by the hundred.
const MOST_PARTS: usize = 100;
/// Files of one event.
const MOST_FILES: usize = 10_000;
/// A host that asks for a wait within this is waited for on the spot: later, all parts before would
/// have to be fetched again.
const SHORT_WAIT: Duration = Duration::from_secs(20);
const WAITS: usize = 3;

pub(super) struct Gathered {
    pub files: Vec<File>,
    pub coverage: Coverage,
}

impl Gathered {
    /// The same for the same diffs, in whatever order a host lists them.
    pub fn digest(&self) -> String {
        let mut files: Vec<&File> = self.files.iter().collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut digest = Sha256::new();
        for file in files {
            for part in [file.path.as_str(), file.patch.trim_end()] {
                digest.update(part.len().to_le_bytes());
                digest.update(part);
            }
        }
        hex::encode(digest.finalize())
    }
}

/// Why something cannot go on.
#[derive(Debug)]
pub(super) enum ReviewError {
    /// It may work later.
    Passing {
        reason: String,
        after: Option<Duration>,
    },
    Lasting(String),
}

/// Diffs of at most `most_bytes` are kept.
pub(super) async fn gather(
    provider: &dyn Provider,
    event: &Event,
    route: &Route,
    wanted: &Wanted,
    most_bytes: usize,
) -> Result<Gathered, ReviewError> {
    let mut gathered = Gathered {
        files: Vec::new(),
        coverage: Coverage::default(),
    };
    let mut held = 0;
    let mut from: Option<String> = None;
    for part in 0.. {
        let page = fetch(provider, event, from.as_deref(), route).await?;
        let coverage = &mut gathered.coverage;
        coverage.truncated |= page.truncated;
        if page.scope == ChangeScope::NewestCommit {
            coverage.newest_commit_only = true;
            coverage.is_new = has_nothing_before(event);
        }
        for file in page.files {
            if let Some(reason) = wanted.leave_out(&file) {
                coverage.leave_out(&file.path, reason);
                continue;
            }
            let patch = file.patch.unwrap_or_default();
            if held + patch.len() > most_bytes || gathered.files.len() >= MOST_FILES {
                coverage.leave_out(&file.path, Reason::Budget);
                continue;
            }
            held += patch.len();
            gathered.files.push(File {
                language: language::of_path(&file.path),
                path: file.path,
                old_path: file.old_path,
                patch,
                prompt: 0,
            });
        }
        let is_new = page.next.is_some() && page.next != from;
        from = page.next;
        if !is_new {
            break;
        }
        if part + 1 >= MOST_PARTS {
            coverage.truncated = true;
            break;
        }
    }
    Ok(gathered)
}

/// Whether it made its ref.
fn has_nothing_before(event: &Event) -> bool {
    let before = event.before.as_deref().unwrap_or_default();
    event.merge_request.is_none()
        && (event.created == Some(true) || before.bytes().all(|byte| byte == b'0'))
}

async fn fetch(
    provider: &dyn Provider,
    event: &Event,
    from: Option<&str>,
    route: &Route,
) -> Result<ChangePage, ReviewError> {
    let mut waits = 0;
    loop {
        match provider.changes(event, from, &route.settings).await {
            Ok(Ok(page)) => return Ok(page),
            Ok(Err(Failure::Retry {
                after: Some(after), ..
            })) if after <= SHORT_WAIT && waits < WAITS => {
                waits += 1;
                tokio::time::sleep(after).await;
            }
            Ok(Err(failure)) => return Err(failure.into()),
            Err(error) => return Err(error.into()),
        }
    }
}

impl From<Failure> for ReviewError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Retry { reason, after } => Self::Passing { reason, after },
            Failure::Throttled(reason) => Self::Passing {
                reason,
                after: None,
            },
            Failure::Rejected(reason) | Failure::Misconfigured(reason) => Self::Lasting(reason),
            Failure::Partial(_) => Self::Lasting("the plugin answered as a channel".to_owned()),
        }
    }
}

/// What the database said is for the log only.
impl From<sqlx::Error> for ReviewError {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the database did not answer a review");
        Self::Passing {
            reason: "the database did not answer".to_owned(),
            after: None,
        }
    }
}

impl From<store::Error> for ReviewError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Database(error) => error.into(),
            error => {
                tracing::error!(%error, "what a review is about cannot be read");
                Self::Lasting("what is stored cannot be read".to_owned())
            }
        }
    }
}

impl From<CallError> for ReviewError {
    fn from(error: CallError) -> Self {
        let reason = error.to_string();
        match error {
            CallError::Deadline(_)
            | CallError::Busy(_)
            | CallError::Quarantined(_)
            | CallError::Resting(_) => Self::Passing {
                reason,
                after: None,
            },
            // What traps once traps again.
            CallError::Trap(_) | CallError::Output(_) => Self::Lasting(reason),
        }
    }
}
