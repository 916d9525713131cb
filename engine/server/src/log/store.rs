//! What the statements on all logs share.

use crate::{clock::Micros, db::list::Filter};

/// A time range, both ends included.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    pub from: Option<Micros>,
    pub to: Option<Micros>,
}

impl Span {
    pub fn within(self, filter: Filter) -> Filter {
        filter
            .and("created_at >= ?", self.from)
            .and("created_at <= ?", self.to)
    }
}
