/// Which lines of a text are code between fences.
/// <https://spec.commonmark.org/0.31.2/#fenced-code-blocks>
pub(super) struct Fences<'a> {
    text: &'a str,
    /// Where the next line begins.
    at: usize,
    /// The block that the next line may be in, and where its last fence begins.
    block: Option<(Fence, usize)>,
    /// From which length on no fence of backticks, and none of tildes, is closed any more.
    unclosed: [usize; 2],
}

#[derive(Clone, Copy)]
struct Fence {
    sign: u8,
    length: usize,
    /// Spaces before it.
    indent: usize,
    /// Nothing stands behind it, so that it can close a block.
    is_bare: bool,
}

impl<'a> Fences<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            block: None,
            unclosed: [usize::MAX; 2],
        }
    }

    /// Whether the next line of the text, which is `line`, is in a block. One that is never closed
    /// counts as none, because readers differ about it. So does a line that stands further left
    /// than its fence: a list that the block is in has ended before it.
    pub(super) fn have_next(&mut self, line: &str) -> bool {
        let start = self.at;
        self.at += line.len();
        match self.block {
            Some((fence, end)) if start < end => return indent(line) >= fence.indent,
            Some((_, end)) if start == end => return false,
            _ => {}
        }
        if let Some(fence) = Fence::opening(line) {
            self.block = self.end(fence).map(|end| (fence, end));
        }
        false
    }

    /// Where the fence begins that closes this one, which is before the next line.
    fn end(&mut self, opening: Fence) -> Option<usize> {
        let unclosed = &mut self.unclosed[usize::from(opening.sign == b'~')];
        if opening.length >= *unclosed {
            return None;
        }
        let mut at = self.at;
        for line in self.text[self.at..].split_inclusive('\n') {
            if Fence::of(line).is_some_and(|fence| fence.closes(opening)) {
                return Some(at);
            }
            at += line.len();
        }
        *unclosed = opening.length;
        None
    }
}

impl Fence {
    fn of(line: &str) -> Option<Self> {
        let indent = indent(line);
        let line = line.get(indent..)?.trim_end();
        let sign = *line.as_bytes().first()?;
        let length = line.bytes().take_while(|byte| *byte == sign).count();
        let is_fence = matches!(sign, b'`' | b'~') && length >= 3 && indent <= 3;
        is_fence.then_some(Self {
            sign,
            length,
            indent,
            is_bare: length == line.len(),
        })
    }

    fn opening(line: &str) -> Option<Self> {
        let fence = Self::of(line)?;
        // With another backtick behind it, it is code within a line.
        let behind = &line[fence.indent + fence.length..];
        (fence.sign == b'~' || !behind.contains('`')).then_some(fence)
    }

    fn closes(self, opening: Self) -> bool {
        self.is_bare && self.sign == opening.sign && self.length >= opening.length
    }
}

fn indent(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count()
}
