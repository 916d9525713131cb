//! From the text of an expression to its tokens.

use super::WhenError;
use push_notify_core::i18n::Text;
use std::{iter::Peekable, str::CharIndices};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Number(i64),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

/// With the column where it begins.
pub(super) type Placed = (Token, usize);

const SIGNS: [&str; 18] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ",", ".", "+", "-", "=",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, WhenError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut column = 1;
    loop {
        let blank = rest.len() - rest.trim_start().len();
        column += rest[..blank].chars().count();
        rest = &rest[blank..];
        if rest.is_empty() {
            tokens.push((Token::End, column));
            return Ok(tokens);
        }
        let (token, length) = token(rest, column)?;
        tokens.push((token, column));
        column += rest[..length].chars().count();
        rest = &rest[length..];
    }
}

fn token(rest: &str, column: usize) -> Result<(Token, usize), WhenError> {
    let first = rest.chars().next().unwrap_or_default();
    let is_raw = rest.starts_with("r'") || rest.starts_with("r\"");
    if is_raw {
        let (text, length) = quoted(&rest[1..], column, true)?;
        return Ok((Token::Text(text), length + 1));
    }
    if matches!(first, '\'' | '"') {
        let (text, length) = quoted(rest, column, false)?;
        return Ok((Token::Text(text), length));
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let word = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let word = word.into_iter().next().unwrap_or_default();
        return Ok((Token::Name(word.to_owned()), word.len()));
    }
    if first.is_ascii_digit() {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
        let digits = digits.unwrap_or_default();
        let number = digits.parse().map_err(|_| WhenError {
            column,
            problem: Text::new("数字太大", "the number is too large"),
        })?;
        return Ok((Token::Number(number), digits.len()));
    }
    if matches!(first, '‘' | '’' | '“' | '”') {
        return Err(WhenError {
            column,
            problem: Text::new("请使用直引号'或\"", "use straight quotes, ' or \""),
        });
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => Err(WhenError {
            column,
            problem: Text::made(
                format!("无法识别字符{first}"),
                format!("cannot read the character {first}"),
            ),
        }),
    }
}

/// A text in quotes and how many bytes it takes.
fn quoted(rest: &str, column: usize, is_raw: bool) -> Result<(String, usize), WhenError> {
    let mut chars = rest.char_indices().peekable();
    let quote = chars.next().map(|(_, quote)| quote);
    let mut text = String::new();
    while let Some((at, c)) = chars.next() {
        if Some(c) == quote {
            return Ok((text, at + c.len_utf8()));
        }
        match c {
            '\\' if !is_raw => text.push(escaped(&mut chars).ok_or_else(|| WhenError {
                column: column + rest[..at].chars().count(),
                problem: Text::new(
                    "无法识别的转义；正则表达式请写成r'...'",
                    "an escape that there is not; write a regular expression as r'...'",
                ),
            })?),
            _ => text.push(c),
        }
    }
    Err(WhenError {
        column,
        problem: Text::new("引号没有结束", "the quote does not end"),
    })
}

fn escaped(chars: &mut Peekable<CharIndices<'_>>) -> Option<char> {
    let (_, c) = chars.next()?;
    let digits = match c {
        'n' => return Some('\n'),
        't' => return Some('\t'),
        'r' => return Some('\r'),
        '\\' | '\'' | '"' | '`' | '?' => return Some(c),
        'x' | 'X' => 2,
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let mut code = 0;
    for _ in 0..digits {
        let (_, digit) = chars.next()?;
        code = code * 16 + digit.to_digit(16)?;
    }
    char::from_u32(code)
}
