use crate::word::word;

word! {
    /// Where an event is.
    pub enum EventState {
        /// Its pushes were made with it.
        Accepted = "accepted",
        /// Its parser was out of order.
        Parked = "parked",
        /// It was parked, and then read with success.
        Replayed = "replayed",
        /// It was parked, and there was nothing to tell, or nobody to believe.
        Discarded = "discarded",
    }
}

impl EventState {
    /// In these there is nothing but the delivery as it came.
    pub const REMOVABLE: [Self; 2] = [Self::Parked, Self::Discarded];
}
