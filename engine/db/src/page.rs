//! Which part of a list is asked for.

/// A checked `page`, `size`, `sort` and `order`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// 1 to 100.
    pub size: u32,
    /// An expression of the statement, from the list that the handler names.
    pub sort: &'static str,
    pub descending: bool,
}

pub const LARGEST: u32 = 100;
pub const USUAL: u32 = 10;

impl Page {
    pub fn first(sort: &'static str) -> Self {
        Self {
            number: 1,
            size: USUAL,
            sort,
            descending: true,
        }
    }

    /// For `ORDER BY`.
    pub fn direction(&self) -> &'static str {
        if self.descending { "DESC" } else { "ASC" }
    }

    /// How many entries come before it.
    pub fn offset(&self) -> u64 {
        u64::from(self.number.saturating_sub(1)) * u64::from(self.size)
    }
}

/// Which part of a list that is short enough to be shown whole: all of it, unless a size is asked
/// for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    pub number: u32,
    /// 1 to 100.
    pub size: Option<u32>,
}

/// How many entries a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    pub count: i64,
    /// There are more: counting stopped.
    pub capped: bool,
}

impl From<i64> for Total {
    fn from(count: i64) -> Self {
        Self {
            count,
            capped: false,
        }
    }
}
