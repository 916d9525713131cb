/// Which database this is, for the few places where it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// How a transaction begins that writes.
    pub fn begin(self) -> &'static str {
        match self {
            // One that begins by reading would fail when somebody else writes before it does.
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }
}
