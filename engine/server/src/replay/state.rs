use crate::word::word;

word! {
    /// Where a replay is. That of an event is over when it has begun.
    pub enum ReplayState {
        Running = "running",
        Completed = "completed",
        Cancelled = "cancelled",
    }
}
