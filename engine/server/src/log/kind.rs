/// Which of the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    System,
    Operation,
    AiCall,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::System, Self::Operation, Self::AiCall];
    /// As the API calls them, in the order of [`Kind::ALL`].
    pub const NAMES: [&'static str; 3] = ["system", "operation", "ai-call"];

    /// One of [`Kind::NAMES`].
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    pub(super) fn table(self) -> &'static str {
        match self {
            Self::System => "system_logs",
            Self::Operation => "operation_logs",
            Self::AiCall => "ai_calls",
        }
    }
}
