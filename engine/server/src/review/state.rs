use crate::word::word;

word! {
    /// Where a review is.
    pub enum ReviewState {
        /// It waits for a worker, or one has it.
        Pending = "pending",
        Completed = "completed",
        /// It was not to be; the reason says why.
        Skipped = "skipped",
        /// It could not be; the reason says why.
        Failed = "failed",
    }
}

word! {
    /// What the Git host shows of a review.
    pub enum Publication {
        Pending = "pending",
        Published = "published",
        /// A newer one is shown.
        Superseded = "superseded",
        Failed = "failed",
    }
}
