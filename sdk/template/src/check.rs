//! The structural check that gotmpl's parser lacks: it accepts unclosed blocks, a stray `{{end}}`,
//! a `{{define}}` inside an `{{if}}` and more, all of which Go refuses. This pass reads the actions
//! by Go's lexical rules and keeps the open blocks on a stack. It also bounds the nesting, on which
//! gotmpl's parser recurses.

mod grammar;
mod lex;
mod literal;

use super::error::Fault;
use lex::{Lexer, Piece, Token, Word};

/// Nested blocks, each `else if` counted as one more. gotmpl executes up to 200 levels.
const MAX_NESTING: usize = 60;

/// Checks `source` and returns the text to parse: the same, byte by byte in place, with each
/// comment replaced by an empty string literal, because gotmpl lets the left trim marker of a
/// comment trim the text after it too.
pub(super) fn check(source: &str) -> Result<String, Fault> {
    let mut masked = String::with_capacity(source.len());
    let mut copied = 0;
    let mut outline = Outline::default();
    let mut lexer = Lexer::new(source);
    while let Some(piece) = lexer.next()? {
        match piece {
            Piece::Comment(range) => {
                masked.push_str(&source[copied..range.start]);
                masked.push_str(r#""""#);
                let rest = &source.as_bytes()[range.start + 2..range.end];
                masked.extend(
                    rest.iter()
                        .map(|byte| if *byte == b'\n' { '\n' } else { ' ' }),
                );
                copied = range.end;
            }
            Piece::Action { line, lexemes } => {
                grammar::check(line, &lexemes)?;
                outline.action(
                    line,
                    lexemes.first().map(|l| l.token),
                    lexemes.get(1).map(|l| l.token),
                )?;
            }
        }
    }
    outline.finish()?;
    masked.push_str(&source[copied..]);
    Ok(masked)
}

/// The blocks that are open.
#[derive(Default)]
struct Outline {
    open: Vec<Block>,
    depth: usize,
}

struct Block {
    keyword: Word,
    line: u32,
    else_seen: bool,
    /// The block and its `else if`s.
    levels: usize,
}

impl Outline {
    /// One action, by its first two tokens.
    fn action(
        &mut self,
        line: u32,
        first: Option<Token<'_>>,
        second: Option<Token<'_>>,
    ) -> Result<(), Fault> {
        let Some(Token::Keyword(keyword)) = first else {
            return Ok(());
        };
        match keyword {
            Word::If | Word::With | Word::Range | Word::Block => self.push(keyword, line),
            Word::Define if self.open.is_empty() => self.push(keyword, line),
            Word::Define => Err(Fault::at(
                line,
                "{{define}} must stand outside of every block",
            )),
            Word::End => match self.open.pop() {
                Some(block) => {
                    self.depth -= block.levels;
                    Ok(())
                }
                None => Err(Fault::at(line, "unexpected {{end}}: no block is open")),
            },
            Word::Else => self.otherwise(line, second),
            Word::Break | Word::Continue if self.in_loop() => Ok(()),
            Word::Break | Word::Continue => Err(Fault::at(
                line,
                format!("{{{{{keyword}}}}} outside of {{{{range}}}}"),
            )),
            Word::Template => Ok(()),
        }
    }

    fn finish(self) -> Result<(), Fault> {
        match self.open.last() {
            Some(block) => Err(Fault::at(
                block.line,
                format!("{{{{{}}}}} is not closed by {{{{end}}}}", block.keyword),
            )),
            None => Ok(()),
        }
    }

    fn push(&mut self, keyword: Word, line: u32) -> Result<(), Fault> {
        self.open.push(Block {
            keyword,
            line,
            else_seen: false,
            levels: 1,
        });
        self.deeper(line)
    }

    fn otherwise(&mut self, line: u32, second: Option<Token<'_>>) -> Result<(), Fault> {
        let Some(block) = self.open.last_mut() else {
            return Err(Fault::at(line, "unexpected {{else}}: no block is open"));
        };
        if block.else_seen || matches!(block.keyword, Word::Define | Word::Block) {
            return Err(Fault::at(line, "unexpected {{else}}"));
        }
        match second {
            None => {
                block.else_seen = true;
                Ok(())
            }
            Some(Token::Keyword(word))
                if word == block.keyword && matches!(word, Word::If | Word::With) =>
            {
                block.levels += 1;
                self.deeper(line)
            }
            Some(_) => Err(Fault::at(
                line,
                format!(
                    "{{{{else}}}} of {{{{{}}}}} takes nothing here",
                    block.keyword
                ),
            )),
        }
    }

    fn deeper(&mut self, line: u32) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(Fault::at(
                line,
                format!("more than {MAX_NESTING} nested blocks"),
            ));
        }
        Ok(())
    }

    /// A named template starts anew, and the `{{else}}` of a range is not part of its loop.
    fn in_loop(&self) -> bool {
        self.open
            .iter()
            .rev()
            .take_while(|block| !matches!(block.keyword, Word::Define | Word::Block))
            .any(|block| block.keyword == Word::Range && !block.else_seen)
    }
}
