use crate::page::{Page, Total};

/// Which rows a page shows, and from which end they are nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub offset: u64,
    /// 0 behind the end.
    pub limit: u64,
    /// Offset is from the list's end.
    pub from_end: bool,
}

impl Window {
    pub fn of(page: &Page, total: Total) -> Self {
        let (offset, size) = (page.offset(), u64::from(page.size));
        let forward = Self {
            offset,
            limit: size,
            from_end: false,
        };
        if total.capped {
            return forward;
        }
        let total = u64::try_from(total.count).unwrap_or_default();
        let limit = size.min(total.saturating_sub(offset));
        let behind = total.saturating_sub(offset + limit);
        if behind < offset && limit > 0 {
            Self {
                offset: behind,
                limit,
                from_end: true,
            }
        } else {
            Self { limit, ..forward }
        }
    }
}

#[cfg(test)]
mod tests;
