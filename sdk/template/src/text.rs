//! Text that cannot grow past its cap.

use std::fmt::{self, Write};

pub(super) struct Text {
    out: String,
    cap: usize,
    full: bool,
}

impl Text {
    /// `cap` in bytes.
    pub(super) fn new(cap: usize) -> Self {
        Self {
            out: String::new(),
            cap,
            full: false,
        }
    }

    /// Whether something was left out.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Bytes that still fit.
    pub(super) fn room(&self) -> usize {
        self.cap - self.out.len()
    }

    pub(super) fn into_string(self) -> String {
        self.out
    }

    pub(super) fn repeat(&mut self, c: char, count: usize) -> fmt::Result {
        for _ in 0..count {
            self.write_char(c)?;
        }
        Ok(())
    }
}

impl Write for Text {
    /// Takes what fits and fails once something did not, so that the writer stops.
    fn write_str(&mut self, s: &str) -> fmt::Result {
        let room = self.room();
        if !self.full && s.len() <= room {
            self.out.push_str(s);
            return Ok(());
        }
        if !self.full {
            self.out.push_str(&s[..s.floor_char_boundary(room)]);
            self.full = true;
        }
        Err(fmt::Error)
    }
}
