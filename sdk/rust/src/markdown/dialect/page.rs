use std::borrow::Cow;

/// A message in a chat's dialect, which knows where it can be cut.
#[derive(Debug, Default)]
pub struct Page {
    pub(super) text: String,
    /// In order; between them each character stands for itself.
    pub(super) marks: Vec<Mark>,
    /// What is still to be closed.
    open: Vec<Cow<'static, str>>,
}

/// From one byte of the text up to another.
#[derive(Debug)]
pub(super) enum Mark {
    /// Goes as a whole or not at all; people see so many characters of it.
    Whole {
        from: usize,
        to: usize,
        shown: usize,
    },
    /// Nobody sees it, and what it opens has to be closed.
    Open {
        from: usize,
        to: usize,
        close: Cow<'static, str>,
    },
    Close {
        from: usize,
        to: usize,
    },
}

impl Page {
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn into_text(self) -> String {
        self.text
    }

    pub(super) fn push(&mut self, c: char) {
        self.text.push(c);
    }

    pub(super) fn push_whole(&mut self, text: &str, shown: usize) {
        if !text.is_empty() {
            let from = self.text.len();
            self.text.push_str(text);
            let to = self.text.len();
            self.marks.push(Mark::Whole { from, to, shown });
        }
    }

    pub(super) fn open(&mut self, open: &str, close: impl Into<Cow<'static, str>>) {
        let close = close.into();
        let from = self.text.len();
        self.text.push_str(open);
        let to = self.text.len();
        self.open.push(close.clone());
        self.marks.push(Mark::Open { from, to, close });
    }

    /// Closes what was opened last. What has nothing in it is taken back.
    pub(super) fn close(&mut self) {
        let Some(close) = self.open.pop() else {
            return;
        };
        let from = self.text.len();
        if let Some(&Mark::Open {
            from: opened, to, ..
        }) = self.marks.last()
            && to == from
        {
            self.text.truncate(opened);
            self.marks.pop();
            return;
        }
        self.text.push_str(&close);
        let to = self.text.len();
        self.marks.push(Mark::Close { from, to });
    }
}

impl Mark {
    pub(super) fn from(&self) -> usize {
        match self {
            Self::Whole { from, .. } | Self::Open { from, .. } | Self::Close { from, .. } => *from,
        }
    }

    pub(super) fn to(&self) -> usize {
        match self {
            Self::Whole { to, .. } | Self::Open { to, .. } | Self::Close { to, .. } => *to,
        }
    }
}
