//! The condition of a rule in words: an expression in a part of CEL that is checked when the rule
//! is saved, and then costs little and always ends. Lists are the only things that it walks over.

mod check;
mod eval;
mod lex;
mod names;
mod parse;
mod scope;

use crate::facts::{Facts, Met};
use eval::Flag;
use push_notify_core::i18n::Text;
use scope::Scope;

pub use names::{Kind, Name};

/// An expression that was checked.
#[derive(Debug, Clone)]
pub struct When {
    flag: Flag,
    reads_review: bool,
}

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhenError {
    /// In characters, from 1.
    pub column: usize,
    pub problem: Text,
}

impl When {
    /// The longest text, in bytes.
    pub const LONGEST: usize = 2048;

    pub fn compile(text: &str) -> Result<Self, WhenError> {
        if text.len() > Self::LONGEST {
            return Err(WhenError {
                column: 1,
                problem: Text::new("不能超过2048个字节", "has at most 2048 bytes"),
            });
        }
        let (flag, reads_review) = parse::parse(lex::tokens(text)?)?;
        Ok(Self { flag, reads_review })
    }

    pub fn is_met(&self, facts: &Facts<'_>) -> Met {
        self.flag.is_met(&Scope::of(facts))
    }

    /// Whether it asks for what a review came to.
    pub fn reads_review(&self) -> bool {
        self.reads_review
    }

    /// All that it can ask for.
    pub fn names() -> &'static [Name] {
        names::NAMES
    }
}

#[cfg(test)]
mod tests;
