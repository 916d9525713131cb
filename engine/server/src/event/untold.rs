use crate::word::word;

word! {
    /// Why an event is recorded and told to nobody.
    pub enum Untold {
        /// Such events never are: a label was added, a run began.
        Bookkeeping = "bookkeeping",
        /// Its subject is as it was told.
        Unchanged = "unchanged",
        /// A rule holds it back.
        Muted = "muted",
        /// No rule sends it anywhere, and no target is linked to its repository.
        Unrouted = "unrouted",
    }
}
