//! What Go's parser asks of the tokens inside one action and gotmpl's does not.

use super::lex::{Lexeme, Token, Word};
use crate::error::Fault;

const MAX_PARENTHESES: usize = 30;

/// Checks the tokens of the action that starts on `line`.
pub(super) fn check(line: u32, lexemes: &[Lexeme<'_>]) -> Result<(), Fault> {
    if lexemes.is_empty() {
        return Err(Fault::at(line, "the action is empty"));
    }
    if matches!(lexemes[0].token, Token::Keyword(Word::Block)) && lexemes.len() < 3 {
        return Err(Fault::at(
            line,
            r#"a block needs a name and a value: {{block "name" .}}"#,
        ));
    }
    parentheses(line, lexemes)?;
    keywords(lexemes)?;
    spaces(lexemes)?;
    declarations(lexemes)
}

fn parentheses(line: u32, lexemes: &[Lexeme<'_>]) -> Result<(), Fault> {
    let mut open = 0_usize;
    for lexeme in lexemes {
        match lexeme.token {
            Token::Open => open += 1,
            Token::Close if open == 0 => return Err(Fault::at(lexeme.line, "unexpected )")),
            Token::Close => open -= 1,
            _ => {}
        }
        if open > MAX_PARENTHESES {
            return Err(Fault::at(
                lexeme.line,
                format!("more than {MAX_PARENTHESES} nested parentheses"),
            ));
        }
    }
    if open > 0 {
        return Err(Fault::at(line, "a parenthesis is not closed"));
    }
    Ok(())
}

/// A keyword opens its action; only `else` may be followed by `if` or `with`.
fn keywords(lexemes: &[Lexeme<'_>]) -> Result<(), Fault> {
    for (index, lexeme) in lexemes.iter().enumerate().skip(1) {
        let Token::Keyword(word) = lexeme.token else {
            continue;
        };
        let after_else = index == 1 && matches!(lexemes[0].token, Token::Keyword(Word::Else));
        if !(after_else && matches!(word, Word::If | Word::With)) {
            return Err(Fault::at(lexeme.line, format!("unexpected keyword {word}")));
        }
    }
    Ok(())
}

/// Arguments are separated by spaces; only a field may follow directly, and not after a literal.
fn spaces(lexemes: &[Lexeme<'_>]) -> Result<(), Fault> {
    for pair in lexemes.windows(2) {
        let [before, after] = pair else { continue };
        let ends = matches!(
            before.token,
            Token::Name
                | Token::Variable
                | Token::Field
                | Token::Dot
                | Token::Literal
                | Token::Close
        );
        if after.spaced || !ends {
            continue;
        }
        match after.token {
            Token::Field if matches!(before.token, Token::Literal | Token::Dot) => {
                return Err(Fault::at(after.line, "a literal has no fields"));
            }
            Token::Name | Token::Variable | Token::Dot | Token::Literal | Token::Open => {
                return Err(Fault::at(
                    after.line,
                    "a space is missing between two arguments",
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// `$x :=` and `$x =` open a pipeline; `range` may bind two variables, with a comma between them.
fn declarations(lexemes: &[Lexeme<'_>]) -> Result<(), Fault> {
    let keywords = lexemes
        .iter()
        .take_while(|l| matches!(l.token, Token::Keyword(_)))
        .count();
    let in_range = matches!(lexemes[0].token, Token::Keyword(Word::Range));
    for (index, lexeme) in lexemes.iter().enumerate() {
        if !matches!(lexeme.token, Token::Bind(_)) {
            continue;
        }
        let fine = match &lexemes[keywords..index.max(keywords)] {
            [only] => matches!(only.token, Token::Variable),
            [key, comma, value] => {
                in_range
                    && matches!(key.token, Token::Variable)
                    && matches!(comma.token, Token::Comma)
                    && matches!(value.token, Token::Variable)
            }
            _ => false,
        };
        if !fine {
            let Token::Bind(sign) = lexeme.token else {
                continue;
            };
            return Err(Fault::at(lexeme.line, format!("{sign} is out of place")));
        }
    }
    Ok(())
}
