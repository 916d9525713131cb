//! Why the database does not do what it was asked, where that is not because of what it was asked.

/// Each of them may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no room on its disk.
    Full,
    /// It does not answer, or its disk does not.
    Away,
    ReadOnly,
    /// Too much is asked of it at the same time.
    Busy,
    /// Another transaction was in the way; at once it may work.
    Conflict,
}

impl Fault {
    /// None: the statement itself is at fault.
    pub fn of(error: &sqlx::Error) -> Option<Self> {
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Some(Self::Away),
            sqlx::Error::Database(error) => Self::of_code(&error.code()?),
            _ => None,
        }
    }

    /// PostgreSQL has codes of five characters ("Appendix A. PostgreSQL Error Codes"), SQLite
    /// numbers of at most four digits, whose last eight bits are the kind ("Result and Error
    /// Codes").
    fn of_code(code: &str) -> Option<Self> {
        if code.len() == 5 {
            return match code {
                "53100" => Some(Self::Full),
                "25006" => Some(Self::ReadOnly),
                "40001" | "40P01" => Some(Self::Conflict),
                "55P03" => Some(Self::Busy),
                _ => match &code[..2] {
                    "53" => Some(Self::Busy),
                    // Connections, interventions of the operator, the system below.
                    "08" | "57" | "58" => Some(Self::Away),
                    _ => None,
                },
            };
        }
        match code.parse::<u32>().ok()? & 0xff {
            5 | 6 => Some(Self::Busy),
            8 => Some(Self::ReadOnly),
            10 | 14 => Some(Self::Away),
            13 => Some(Self::Full),
            _ => None,
        }
    }

    /// For whoever looks after the server.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Full => "the disk of the database is full",
            Self::Away => "the database or its disk does not answer",
            Self::ReadOnly => "the database is read-only",
            Self::Busy | Self::Conflict => "the database is overloaded",
        }
    }
}

#[cfg(test)]
mod tests;
