//! Cuts a template into its comments and actions, and an action into tokens, by the rules of Go's
//! text/template/parse (lex.go): only space, tab, CR and LF separate; a trim marker needs one of
//! them; a comment fills its whole action.

use super::literal;
use crate::error::Fault;
use std::{fmt, ops::Range};

pub(super) struct Lexer<'a> {
    source: &'a str,
    pos: usize,
    line: u32,
}

pub(super) enum Piece<'a> {
    /// Where the comment is, from `/*` to `*/`.
    Comment(Range<usize>),
    Action {
        line: u32,
        lexemes: Vec<Lexeme<'a>>,
    },
}

pub(super) struct Lexeme<'a> {
    pub(super) token: Token<'a>,
    pub(super) line: u32,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Keyword(Word),
    /// The name of a function.
    Name,
    Variable,
    Field,
    Dot,
    /// A string, number, character, `true`, `false` or `nil`.
    Literal,
    Open,
    Close,
    Pipe,
    Comma,
    /// `:=` or `=`.
    Bind(&'a str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    If,
    With,
    Range,
    Else,
    End,
    Define,
    Block,
    Template,
    Break,
    Continue,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            pos: 0,
            line: 1,
        }
    }

    /// The next comment or action; `None` at the end of the template.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'a>>, Fault> {
        let Some(text) = self.rest().find("{{") else {
            return Ok(None);
        };
        self.advance(text);
        let line = self.line;
        self.advance(2);
        if self.rest().starts_with('-') && self.rest()[1..].starts_with(is_space) {
            // One space belongs to the marker: Go finds a comment only directly after it.
            self.advance(2);
        }
        if self.rest().starts_with("/*") {
            return self.comment(line).map(Some);
        }
        let lexemes = self.action(line)?;
        Ok(Some(Piece::Action { line, lexemes }))
    }

    fn comment(&mut self, line: u32) -> Result<Piece<'a>, Fault> {
        let start = self.pos;
        let Some(length) = self.rest()[2..].find("*/").map(|at| at + 4) else {
            return Err(Fault::at(line, "the comment is not closed by */"));
        };
        self.advance(length);
        let rest = self.rest();
        let close = if rest.starts_with("}}") {
            2
        } else if rest.starts_with(is_space) && rest[1..].starts_with("-}}") {
            4
        } else {
            return Err(Fault::at(
                line,
                "a comment must fill its action: {{/* like this */}}",
            ));
        };
        let range = start..self.pos;
        self.advance(close);
        Ok(Piece::Comment(range))
    }

    fn action(&mut self, line: u32) -> Result<Vec<Lexeme<'a>>, Fault> {
        let mut lexemes = Vec::new();
        loop {
            let blanks = self.rest().len() - self.rest().trim_start_matches(is_space).len();
            self.advance(blanks);
            let spaced = blanks > 0;
            let rest = self.rest();
            if rest.starts_with("}}") {
                self.advance(2);
                return Ok(lexemes);
            }
            if spaced && rest.starts_with("-}}") {
                self.advance(3);
                return Ok(lexemes);
            }
            let Some(first) = rest.chars().next() else {
                return Err(Fault::at(line, "the action is not closed by }}"));
            };
            if rest.starts_with("/*") {
                return Err(Fault::at(self.line, "a comment must start right after {{"));
            }
            let at = self.line;
            let (token, length) = self.token(rest, first)?;
            self.advance(length);
            lexemes.push(Lexeme {
                token,
                line: at,
                spaced,
            });
        }
    }

    /// The token at the start of `rest` and its length in bytes.
    fn token(&self, rest: &'a str, first: char) -> Result<(Token<'a>, usize), Fault> {
        let after = rest[first.len_utf8()..].chars().next();
        let digit_after = |next: Option<char>| next.is_some_and(|c| c.is_ascii_digit());
        match first {
            '(' => Ok((Token::Open, 1)),
            ')' => Ok((Token::Close, 1)),
            '|' => Ok((Token::Pipe, 1)),
            ',' => Ok((Token::Comma, 1)),
            '=' => Ok((Token::Bind("="), 1)),
            ':' if after == Some('=') => Ok((Token::Bind(":="), 2)),
            '"' => self.literal(literal::quoted(rest, '"', "string")),
            '\'' => self.literal(literal::quoted(rest, '\'', "character")),
            '`' => self.literal(literal::raw(rest)),
            '.' if digit_after(after) => self.literal(literal::number(rest)),
            '.' => self.word(rest, 1, |name| {
                if name.is_empty() {
                    Token::Dot
                } else {
                    Token::Field
                }
            }),
            '$' => self.word(rest, 1, |_| Token::Variable),
            '+' | '-'
                if digit_after(after)
                    || (after == Some('.') && digit_after(rest.chars().nth(2))) =>
            {
                self.literal(literal::number(rest))
            }
            '0'..='9' => self.literal(literal::number(rest)),
            _ if is_letter(first) => self.word(rest, 0, |name| match name {
                "true" | "false" | "nil" => Token::Literal,
                _ => Word::from_name(name).map_or(Token::Name, Token::Keyword),
            }),
            _ => Err(self.unexpected(first)),
        }
    }

    /// A name after `sigil` bytes. What follows it must be able to end it, as in Go: `{{.X-}}` is
    /// an error.
    fn word(
        &self,
        rest: &'a str,
        sigil: usize,
        token: impl Fn(&'a str) -> Token<'a>,
    ) -> Result<(Token<'a>, usize), Fault> {
        let name = &rest[sigil..];
        let length = name.find(|c| !is_letter(c)).unwrap_or(name.len());
        let tail = &name[length..];
        match tail.chars().next() {
            None | Some('.' | ',' | '|' | ':' | '(' | ')') => {}
            Some(c) if is_space(c) || tail.starts_with("}}") => {}
            Some(c) => return Err(self.unexpected(c)),
        }
        Ok((token(&name[..length]), sigil + length))
    }

    fn literal(&self, length: Result<usize, String>) -> Result<(Token<'a>, usize), Fault> {
        match length {
            Ok(length) => Ok((Token::Literal, length)),
            Err(message) => Err(Fault::at(self.line, message)),
        }
    }

    fn unexpected(&self, c: char) -> Fault {
        Fault::at(self.line, format!("unexpected character {c:?}"))
    }

    fn rest(&self) -> &'a str {
        &self.source[self.pos..]
    }

    fn advance(&mut self, bytes: usize) {
        let passed = self.source[self.pos..self.pos + bytes].bytes();
        let newlines = passed.filter(|byte| *byte == b'\n').count();
        // A template is at most 64 KiB, so the count fits.
        self.line += u32::try_from(newlines).unwrap_or(0);
        self.pos += bytes;
    }
}

impl Word {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "if" => Self::If,
            "with" => Self::With,
            "range" => Self::Range,
            "else" => Self::Else,
            "end" => Self::End,
            "define" => Self::Define,
            "block" => Self::Block,
            "template" => Self::Template,
            "break" => Self::Break,
            "continue" => Self::Continue,
            _ => return None,
        })
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
            Self::Else => "else",
            Self::End => "end",
            Self::Define => "define",
            Self::Block => "block",
            Self::Template => "template",
            Self::Break => "break",
            Self::Continue => "continue",
        })
    }
}

/// Go's white space inside actions; a full-width space is not.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

pub(super) fn is_letter(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
