/// How much is missing of an event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shortened {
    /// The oldest.
    pub commits: usize,
    pub files: usize,
    /// Of other lists: labels, people, jobs, alerts.
    pub entries: usize,
    /// Those that are cut, or left out as half of them is of no use.
    pub texts: usize,
}

impl std::fmt::Display for Shortened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts = [
            (self.commits, "commit", "left out"),
            (self.files, "file", "left out"),
            (self.entries, "entry", "left out"),
            (self.texts, "text", "cut"),
        ];
        let counts = counts.iter().filter(|(count, ..)| *count > 0);
        let parts = counts.map(|(count, what, how)| match count {
            1 => format!("1 {what} {how}"),
            _ if what == &"entry" => format!("{count} entries {how}"),
            _ => format!("{count} {what}s {how}"),
        });
        write!(f, "shortened: {}", parts.collect::<Vec<_>>().join(", "))
    }
}
