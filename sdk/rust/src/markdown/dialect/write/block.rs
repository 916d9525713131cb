//! Paragraphs, quotes, lists, tables, blocks of code: where lines begin and what stands before
//! them.

use super::{Block, Table, Writer};
use crate::markdown::dialect::style::{Around, Escape, Quote};

impl Writer<'_> {
    /// So many line breaks before what comes next.
    pub(super) fn space(&mut self, gap: usize) {
        if !self.glued {
            self.gap = self.gap.max(gap);
        }
    }

    /// Between paragraphs there is a blank line, but for those of a list.
    pub(super) fn between(&self) -> usize {
        if self.lists.is_empty() { 2 } else { 1 }
    }

    /// Before anything is written: the line breaks that are due, and what stands before the line.
    pub(super) fn begin(&mut self) {
        self.glued = false;
        let gap = std::mem::take(&mut self.gap);
        if gap == 0 {
            return;
        }
        if !self.page.is_empty() {
            for _ in 1..gap {
                self.page.push('\n');
                let before: String = self.blocks.iter().map(Block::of_blank).collect();
                self.whole(before.trim_end());
            }
            self.page.push('\n');
        }
        let first = |block: &mut Block| match block.first.take() {
            Some(first) => first,
            None => block.rest.to_owned(),
        };
        let before: String = self.blocks.iter_mut().map(first).collect();
        self.whole(&before);
        self.starts_line = true;
        self.closed = false;
    }

    /// The next line of the same block.
    pub(super) fn break_line(&mut self) {
        self.begin();
        self.page.push('\n');
        let before = self.before_lines();
        self.whole(&before);
        self.starts_line = true;
        self.closed = false;
    }

    fn before_lines(&self) -> String {
        self.blocks.iter().map(|block| block.rest).collect()
    }

    fn whole(&mut self, text: &str) {
        self.page.push_whole(text, text.chars().count());
    }

    pub(super) fn rule(&mut self) {
        self.flush();
        self.space(2);
        self.begin();
        self.whole(self.style.rule);
        self.space(2);
    }

    pub(super) fn start_quote(&mut self) {
        self.space(self.between());
        self.quotes += 1;
        match self.style.quote {
            Quote::Before(rest) => self.blocks.push(Block {
                first: Some(rest.to_owned()),
                rest,
            }),
            // They do not nest.
            Quote::Around(open, close) if self.quotes == 1 => {
                self.begin();
                self.page.open(open, close);
                self.glued = true;
            }
            Quote::Around(..) => {}
        }
    }

    pub(super) fn end_quote(&mut self) {
        self.quotes -= 1;
        match self.style.quote {
            Quote::Before(_) => {
                self.blocks.pop();
            }
            Quote::Around(..) if self.quotes == 0 => self.page.close(),
            Quote::Around(..) => {}
        }
        self.glued = false;
        self.space(self.between());
    }

    /// A list stands close to the paragraph before it.
    pub(super) fn start_list(&mut self, first: Option<u64>) {
        self.gap = if self.glued { 0 } else { 1 };
        self.lists.push(first);
    }

    pub(super) fn start_item(&mut self) {
        self.space(1);
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                let marker = format!("{number}. ");
                *number = number.saturating_add(1);
                marker
            }
            _ => self.style.bullet.to_owned(),
        };
        self.blocks.push(Block {
            first: Some(marker),
            rest: self.style.indent,
        });
    }

    pub(super) fn end_item(&mut self) {
        let is_empty = self
            .blocks
            .last()
            .is_some_and(|block| block.first.is_some());
        if is_empty {
            self.begin();
        }
        self.blocks.pop();
        self.space(1);
    }

    pub(super) fn start_table(&mut self, columns: usize) {
        self.space(2);
        self.table = Some(Table {
            columns,
            cell: 0,
            is_head: false,
        });
    }

    pub(super) fn start_row(&mut self, is_head: bool) {
        self.space(1);
        if let Some(table) = &mut self.table {
            table.cell = 0;
            table.is_head = is_head;
        }
    }

    pub(super) fn end_row(&mut self, is_head: bool) {
        if self.style.has_tables {
            self.whole(" |");
            let columns = self.table.as_ref().map_or(0, |table| table.columns);
            if is_head {
                self.break_line();
                self.whole(&format!("|{}", " --- |".repeat(columns)));
            }
        }
        self.space(1);
    }

    pub(super) fn start_cell(&mut self) {
        self.begin();
        let Some(table) = &mut self.table else {
            return;
        };
        let (is_first, is_head) = (table.cell == 0, table.is_head);
        table.cell += 1;
        match (is_first, self.style.has_tables) {
            (true, true) => self.whole("| "),
            (true, false) => {}
            (false, _) => self.whole(" | "),
        }
        let shows_head = is_head && !self.style.has_tables;
        self.mark_bold(if shows_head {
            self.style.bold
        } else {
            ("", "")
        });
    }

    pub(super) fn end_cell(&mut self) {
        self.unmark_bold();
    }

    pub(super) fn end_code(&mut self) {
        let Some((language, code)) = self.code.take() else {
            return;
        };
        let code = code.trim_end_matches('\n');
        match self.style.fence {
            Some(fence) => {
                self.begin();
                let (open, close) = fence(&language);
                let indented = format!("\n{}", self.before_lines());
                let open = open.replace('\n', &indented);
                self.page.open(&open, close.replace('\n', &indented));
                self.push_code(code, self.style.verbatim);
                self.page.close();
                self.starts_line = false;
            }
            None => {
                self.text.push_str(code);
                self.flush();
            }
        }
        self.space(self.between());
    }

    pub(super) fn push_code(&mut self, code: &str, verbatim: Escape) {
        let mut before = None;
        for (at, c) in code.char_indices() {
            if c == '\n' {
                self.break_line();
            } else {
                let around = Around {
                    before,
                    rest: &code[at + c.len_utf8()..],
                    starts_line: false,
                };
                match verbatim(c, &around) {
                    Some(escaped) => self.page.push_whole(&escaped, 1),
                    None => self.page.push(c),
                }
            }
            before = Some(c);
        }
    }
}

impl Block {
    /// What stands before a blank line of it.
    fn of_blank(&self) -> &'static str {
        match self.first {
            Some(_) => "",
            None => self.rest,
        }
    }
}
