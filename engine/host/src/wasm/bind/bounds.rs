use crate::verdict::CallError;

/// What may still come out of one answer. A string costs its length, an entry of a list a little
/// more.
pub(super) struct Bounds {
    most: usize,
    left: usize,
}

/// An event (which is shortened to it), a completion: what the engine keeps of an answer.
pub(super) const ANSWER: usize = 4 << 20;
/// Diffs.
pub(super) const CHANGES: usize = 16 << 20;
pub(super) const ENTRY: usize = 64;
/// Longest reason of a failure, in bytes: cut, not refused.
const REASON: usize = 2000;

impl Bounds {
    pub(super) fn new(most: usize) -> Self {
        Self { most, left: most }
    }

    pub(super) fn text(&mut self, text: String) -> Result<String, CallError> {
        self.spend(text.len())?;
        Ok(text)
    }

    pub(super) fn maybe(&mut self, text: Option<String>) -> Result<Option<String>, CallError> {
        text.map(|text| self.text(text)).transpose()
    }

    pub(super) fn texts(&mut self, texts: Vec<String>) -> Result<Vec<String>, CallError> {
        self.list(texts, Self::text)
    }

    pub(super) fn list<T, U>(
        &mut self,
        entries: Vec<T>,
        mut convert: impl FnMut(&mut Self, T) -> Result<U, CallError>,
    ) -> Result<Vec<U>, CallError> {
        self.spend(entries.len().saturating_mul(ENTRY))?;
        entries
            .into_iter()
            .map(|entry| convert(self, entry))
            .collect()
    }

    fn spend(&mut self, size: usize) -> Result<(), CallError> {
        match self.left.checked_sub(size) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(CallError::Output(format!(
                "more than {} MiB in one answer",
                self.most >> 20
            ))),
        }
    }
}

pub(super) fn reason(mut text: String) -> String {
    if text.len() > REASON {
        text.truncate(text.floor_char_boundary(REASON));
        text.push('…');
    }
    text
}
