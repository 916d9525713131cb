//! Reads the directives of a format, in the order of Go's doPrintf: flags, index, width, precision,
//! index, verb.

use super::{Spec, Text};
use gotmpl::Value;
use std::fmt::{self, Write as _};

/// Go refuses larger widths and indexes.
const TOO_LARGE: usize = 1_000_000;

pub(super) struct Directive<'a> {
    rest: &'a str,
    args: &'a [Value],
    next: usize,
    /// Whether an explicit index came just before.
    indexed: bool,
    reordered: bool,
    good_index: bool,
}

impl<'a> Directive<'a> {
    pub(super) fn new(format: &'a str, args: &'a [Value]) -> Self {
        Self {
            rest: format,
            args,
            next: 0,
            indexed: false,
            reordered: false,
            good_index: true,
        }
    }

    /// The text up to the next directive; `None` at the end of the format.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (text, rest) = self
            .rest
            .split_at(self.rest.find('%').unwrap_or(self.rest.len()));
        self.rest = rest;
        Some(text)
    }

    pub(super) fn percent(&mut self) -> bool {
        self.eat('%')
    }

    /// The operands that no directive has used.
    pub(super) fn extra(&self) -> &'a [Value] {
        match self.reordered {
            true => &[],
            false => self.args.get(self.next..).unwrap_or(&[]),
        }
    }

    /// Reads what follows a `%`. No operand where a mark or a percent sign was written instead;
    /// `None` where the format ends within the directive.
    #[expect(clippy::type_complexity, reason = "read at one place, just above")]
    pub(super) fn read(
        &mut self,
        out: &mut Text,
    ) -> Result<Option<(char, Spec, Option<&'a Value>)>, fmt::Error> {
        let mut spec = self.flags();
        self.good_index = true;
        self.indexed = false;
        self.index();
        self.width(&mut spec, out)?;
        self.precision(&mut spec, out)?;
        if !self.indexed {
            self.index();
        }
        let Some(verb) = self.rest.chars().next() else {
            out.write_str("%!(NOVERB)")?;
            return Ok(None);
        };
        self.rest = &self.rest[verb.len_utf8()..];
        if verb == '%' {
            out.write_char('%')?;
        } else if !self.good_index {
            write!(out, "%!{verb}(BADINDEX)")?;
        } else if let Some(arg) = self.args.get(self.next) {
            self.next += 1;
            return Ok(Some((verb, spec, Some(arg))));
        } else {
            write!(out, "%!{verb}(MISSING)")?;
        }
        Ok(Some((verb, spec, None)))
    }

    fn flags(&mut self) -> Spec {
        let mut spec = Spec::default();
        loop {
            match self.rest.bytes().next() {
                Some(b'#') => spec.sharp = true,
                Some(b'0') => spec.zero = true,
                Some(b'+') => spec.plus = true,
                Some(b'-') => spec.minus = true,
                Some(b' ') => spec.space = true,
                _ => return spec,
            }
            self.rest = &self.rest[1..];
        }
    }

    fn width(&mut self, spec: &mut Spec, out: &mut Text) -> fmt::Result {
        if self.eat('*') {
            match self.operand() {
                Some(width) => {
                    spec.minus |= width < 0;
                    spec.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => out.write_str("%!(BADWIDTH)")?,
            }
            self.indexed = false;
        } else {
            spec.width = self.number();
            if self.indexed && spec.width.is_some() {
                self.good_index = false;
            }
        }
        Ok(())
    }

    fn precision(&mut self, spec: &mut Spec, out: &mut Text) -> fmt::Result {
        if self.rest.len() < 2 || !self.eat('.') {
            return Ok(());
        }
        if self.indexed {
            self.good_index = false;
        }
        self.index();
        if self.eat('*') {
            match self.operand() {
                Some(precision) if precision >= 0 => {
                    spec.precision = usize::try_from(precision).ok()
                }
                _ => out.write_str("%!(BADPREC)")?,
            }
            self.indexed = false;
        } else {
            spec.precision = Some(self.number().unwrap_or(0));
        }
        Ok(())
    }

    /// `[3]` makes the third operand the next one.
    fn index(&mut self) {
        self.indexed = false;
        let Some(inner) = self.rest.strip_prefix('[') else {
            return;
        };
        self.reordered = true;
        let Some(close) = inner.find(']').filter(|_| inner.len() > 1) else {
            self.good_index = false;
            self.rest = inner;
            return;
        };
        self.rest = &inner[close + 1..];
        let index = inner[..close]
            .parse::<usize>()
            .ok()
            .filter(|_| inner.as_bytes()[0].is_ascii_digit());
        self.indexed = index.is_some();
        match index {
            Some(index) if (1..=self.args.len()).contains(&index) => self.next = index - 1,
            _ => self.good_index = false,
        }
    }

    /// The operand of a `*`; absent where it is not a number of a sensible size.
    fn operand(&mut self) -> Option<i64> {
        let value = self.args.get(self.next)?;
        self.next += 1;
        let number = match value {
            Value::Int(int) => Some(*int),
            Value::Uint(uint) => i64::try_from(*uint).ok(),
            _ => None,
        };
        number.filter(|number| number.unsigned_abs() <= TOO_LARGE as u64)
    }

    fn number(&mut self) -> Option<usize> {
        let digits = self.rest.len()
            - self
                .rest
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        if number.is_empty() {
            return None;
        }
        match number.parse() {
            Ok(number) if number <= TOO_LARGE => Some(number),
            _ => {
                // As in Go, a number without measure swallows the rest of the format.
                self.rest = "";
                None
            }
        }
    }

    fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}
