use push_notify_core::{
    clock::Micros,
    id::{EventId, PushId, ReplayId, RepoId, TargetId, TemplateId},
};
use push_notify_template::Rendered;

/// A push that is to be stored: an event for a target, pending and not sent yet.
#[derive(Debug, Clone, Copy)]
pub struct NewPush<'a> {
    pub id: PushId,
    pub event_id: EventId,
    /// 0: none.
    pub repo_id: RepoId,
    pub target_id: TargetId,
    pub scene: &'a str,
    pub commit_id: &'a str,
    pub commit_msg: &'a str,
    /// When it is due; with a lease, the lease's end.
    pub run_at: Micros,
    /// What rules say of it, as stored. None: its target hears of the repository anyway.
    pub choice: Option<&'a str>,
    /// The token of the worker that gets it at once. Its first attempt has begun then.
    pub lease: Option<i64>,
    pub now: Micros,
}

impl NewPush<'_> {
    /// How many attempts were begun.
    pub fn attempts(&self) -> i64 {
        i64::from(self.lease.is_some())
    }
}

/// What only some pushes have: none of those that a delivery brings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Besides<'a> {
    /// The first push, in whose place it is made.
    pub retry_of: Option<PushId>,
    /// The replay that made it, whose form of the event it tells of.
    pub replay_id: Option<ReplayId>,
    pub template_id: Option<TemplateId>,
    /// It is rendered already.
    pub rendered: Option<&'a Rendered>,
    pub most_attempts: Option<i64>,
    /// What it waits for besides its time.
    pub waits_for: Option<&'static str>,
}
