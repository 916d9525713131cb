use super::path;
use crate::ChangeStatus;

/// The lines above the hunks. <https://git-scm.com/docs/diff-format#generate_patch_text_with_p>
pub(super) struct Header {
    pub(super) status: ChangeStatus,
    pub(super) binary: bool,
    /// The only name that a file without hunks has, unless it is moved.
    named: Option<String>,
    old: Option<String>,
    new: Option<String>,
}

impl Header {
    /// From what follows `diff --git `.
    pub(super) fn of(names: &str) -> Self {
        Self {
            status: ChangeStatus::Modified,
            binary: false,
            named: path::of_both(names),
            old: None,
            new: None,
        }
    }

    pub(super) fn read(&mut self, line: &str) {
        let Some((word, rest)) = line.split_once(' ') else {
            return;
        };
        match (word, rest) {
            ("new", rest) if rest.starts_with("file mode ") => self.status = ChangeStatus::Added,
            ("deleted", _) => self.status = ChangeStatus::Removed,
            ("rename" | "copy", rest) => {
                // A copy is a new file.
                self.status = match word {
                    "rename" => ChangeStatus::Renamed,
                    _ => ChangeStatus::Added,
                };
                if let Some(old) = rest.strip_prefix("from ") {
                    self.old = path::plain(old);
                } else if let Some(new) = rest.strip_prefix("to ") {
                    self.new = path::plain(new);
                }
            }
            ("---", old) => self.old = self.old.take().or_else(|| path::below(old, "a/")),
            ("+++", new) => self.new = self.new.take().or_else(|| path::below(new, "b/")),
            ("Binary", _) | ("GIT", "binary patch") => self.binary = true,
            _ => {}
        }
    }

    /// What the file is called, and was.
    pub(super) fn paths(self) -> Option<(String, Option<String>)> {
        let path = self.new.or(self.named).or_else(|| self.old.clone())?;
        Some((path, self.old))
    }
}
