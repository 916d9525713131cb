/// Which database this is, for the few places where it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Makes this database's text of a migration; `migrations/0001_schema.sql` says what differs.
    pub(super) fn migration_text(self, text: &str) -> String {
        let mut only_postgres = false;
        let lines = text.lines().filter(|line| {
            match *line {
                "-- postgres" => only_postgres = true,
                "-- end" => only_postgres = false,
                _ => {}
            }
            self == Self::Postgres || !only_postgres
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        match self {
            Self::Sqlite => text
                .replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
                .replace("BYTEA", "BLOB"),
            Self::Postgres => text,
        }
    }
}
