//! The start of a message that a chat takes, with its markup closed and a note of what is missing.

use super::page::{Mark, Page};

/// In what a chat counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Of UTF-8.
    Bytes,
    Chars,
    /// Of two bytes, as JavaScript and Java count.
    Utf16,
    /// Bytes of a JSON string, with what is escaped in it.
    JsonBytes,
}

#[derive(Debug, Clone, Copy)]
pub struct Limit {
    most: usize,
    unit: Unit,
    counts_markup: bool,
}

impl Limit {
    pub fn new(most: usize, unit: Unit) -> Self {
        Self {
            most,
            unit,
            counts_markup: true,
        }
    }

    /// For a chat that counts what people see.
    pub fn of_what_is_shown(most: usize, unit: Unit) -> Self {
        Self {
            counts_markup: false,
            ..Self::new(most, unit)
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Cut {
    pub text: String,
    /// Characters that are missing; 0 when all of it is there.
    pub left_out: usize,
}

impl Unit {
    pub fn of(self, text: &str) -> usize {
        text.chars().map(|c| self.of_char(c)).sum()
    }

    fn of_char(self, c: char) -> usize {
        match self {
            Self::Bytes => c.len_utf8(),
            Self::Chars => 1,
            Self::Utf16 => c.len_utf16(),
            Self::JsonBytes => match c {
                '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
                '\0'..='\u{1f}' => 6,
                _ => c.len_utf8(),
            },
        }
    }
}

impl Page {
    /// All of it, or its start and a paragraph with `note`, which is told how many characters are
    /// missing. The note is text that means nothing in any dialect, such as [`cut_note`].
    pub fn cut(&self, limit: Limit, note: &dyn Fn(usize) -> String) -> Cut {
        let all = self.fitting(limit, limit.most);
        if all.at == self.text.len() {
            return Cut {
                text: self.text.clone(),
                left_out: 0,
            };
        }
        // The note is the longest when all is left out.
        let longest = format!("\n\n{}", note(self.shown_from(0)));
        let room = limit.most.saturating_sub(limit.unit.of(&longest));
        let Kept { at, mut open } = self.fitting(limit, room);
        let mut at = at;
        // What was opened and has nothing in it.
        while let Some(&(from, to, _)) = open.last()
            && to == at
        {
            at = from;
            open.pop();
        }
        let floor = open.last().map_or(0, |&(_, to, _)| to);
        at = floor + self.text[floor..at].trim_end().len();
        let left_out = self.shown_from(at);
        let mut text = self.text[..at].to_owned();
        for (_, _, close) in open.iter().rev() {
            text.push_str(close);
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&note(left_out));
        Cut { text, left_out }
    }

    /// The longest start that takes `room` with what closes it.
    fn fitting(&self, limit: Limit, room: usize) -> Kept<'_> {
        let markup = |text: &str| match limit.counts_markup {
            true => limit.unit.of(text),
            false => 0,
        };
        let mut kept = Kept::default();
        let mut taken = 0;
        let mut marks = self.marks.iter().peekable();
        while let Some(c) = self.text[kept.at..].chars().next() {
            let mark = marks.next_if(|mark| mark.from() <= kept.at);
            let cost = match mark {
                Some(&Mark::Whole { from, to, shown }) => match limit.counts_markup {
                    true => limit.unit.of(&self.text[from..to]),
                    false => shown,
                },
                Some(Mark::Open { from, to, close }) => {
                    markup(&self.text[*from..*to]) + markup(close)
                }
                // It was counted where it was opened.
                Some(Mark::Close { .. }) => 0,
                None => limit.unit.of_char(c),
            };
            if taken + cost > room {
                break;
            }
            taken += cost;
            match mark {
                Some(Mark::Open { from, to, close }) => kept.open.push((*from, *to, close)),
                Some(Mark::Close { .. }) => {
                    kept.open.pop();
                }
                _ => {}
            }
            kept.at = mark.map_or(kept.at + c.len_utf8(), Mark::to);
        }
        kept
    }

    /// How many characters people see from there on.
    fn shown_from(&self, at: usize) -> usize {
        let mut shown = 0;
        let mut from = at;
        for mark in self.marks.iter().filter(|mark| mark.to() > at) {
            let to = mark.from().max(from);
            shown += self.text[from..to].chars().count();
            if let Mark::Whole { shown: more, .. } = mark {
                shown += more;
            }
            from = mark.to();
        }
        shown + self.text[from..].chars().count()
    }
}

#[derive(Default)]
struct Kept<'a> {
    at: usize,
    /// Where each begins and ends, and what closes it.
    open: Vec<(usize, usize, &'a str)>,
}

/// What readers are told of a text that was cut.
pub fn cut_note(locale: &str, left_out: usize) -> String {
    match locale.starts_with("en") {
        true => format!("… (too long, {left_out} characters left out)"),
        false => format!("…（内容过长，已省略 {left_out} 个字符）"),
    }
}

/// What the record of the attempt says of it; none of a text that is whole.
pub fn receipt_note(chat: &str, left_out: usize) -> Option<String> {
    (left_out > 0).then(|| format!("the text was cut for {chat}: {left_out} characters left out"))
}
