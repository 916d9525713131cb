use super::{header::Header, hunk};
use crate::{ChangeStatus, FileChange, Omission};

/// What a diff says of one file.
pub(super) struct Entry<'a> {
    header: Header,
    /// From the first `@@`, without a line break at the end.
    hunks: &'a str,
    additions: u32,
    deletions: u32,
}

impl<'a> Entry<'a> {
    /// How each begins.
    pub(super) const START: &'static str = "diff --git ";

    /// The first entry of the text, and what follows it.
    pub(super) fn read(text: &'a str) -> Option<(Self, &'a str)> {
        let mut rest = text;
        let mut header = Header::of(line(&mut rest)?.strip_prefix(Self::START)?);
        while !rest.is_empty() && !rest.starts_with(Self::START) && !rest.starts_with(hunk::START) {
            header.read(line(&mut rest)?);
        }
        let body = rest;
        let (mut additions, mut deletions) = (0, 0);
        while let Some(hunk) = hunk::read(rest) {
            additions += hunk.additions;
            deletions += hunk.deletions;
            rest = hunk.rest;
        }
        let hunks = &body[..body.len() - rest.len()];
        // Whatever else there is, git did not write.
        while !rest.is_empty() && !rest.starts_with(Self::START) {
            line(&mut rest)?;
        }
        let entry = Self {
            header,
            hunks: hunks.strip_suffix('\n').unwrap_or(hunks),
            additions,
            deletions,
        };
        Some((entry, rest))
    }

    /// With its patch when that has at most this many bytes. None: it names no file.
    pub(super) fn normalised(self, most: usize) -> Option<FileChange> {
        let Header { status, binary, .. } = self.header;
        let (path, old_path) = self.header.paths()?;
        let told = !self.hunks.is_empty();
        let omitted = match told {
            true => (self.hunks.len() > most).then_some(Omission::TooLarge),
            false => binary.then_some(Omission::Binary),
        };
        let moved = matches!(status, ChangeStatus::Renamed | ChangeStatus::Added);
        Some(FileChange {
            old_path: old_path.filter(|old| moved && *old != path),
            path,
            status,
            additions: Some(self.additions).filter(|_| !binary),
            deletions: Some(self.deletions).filter(|_| !binary),
            patch: (told && omitted.is_none()).then(|| self.hunks.to_owned()),
            omitted,
        })
    }
}

/// The next line, without its end.
pub(super) fn line<'a>(rest: &mut &'a str) -> Option<&'a str> {
    if rest.is_empty() {
        return None;
    }
    let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
    *rest = after;
    Some(line)
}
