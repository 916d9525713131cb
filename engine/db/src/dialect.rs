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

    /// Makes this database's text of a migration; the heads of `0001_schema.sql` and `0002_admin.sql` say what differs.
    pub(super) fn migration_text(self, text: &str) -> String {
        let mut only = None;
        let lines = text.lines().filter(|line| {
            match *line {
                "-- postgres" => only = Some(Self::Postgres),
                "-- sqlite" => only = Some(Self::Sqlite),
                "-- end" => only = None,
                _ => {}
            }
            only.is_none_or(|only| only == self)
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        match self {
            Self::Sqlite => text
                .replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
                .replace("BIGSERIAL PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT")
                .replace("BYTEA", "BLOB"),
            Self::Postgres => text,
        }
    }
}
