//! What a review's issues can be called. A prompt for reviews has lists of its own, or the usual
//! ones.

use super::Kind;
use crate::http::extract::Form;
use push_notify_core::i18n::Text;

/// What issues are about, unless the prompt says otherwise.
pub const CATEGORIES: [&str; 6] = [
    "BUG",
    "SECURITY",
    "PERFORMANCE",
    "STYLE",
    "LOGIC",
    "MAINTAINABILITY",
];

/// The most severe first. A prompt may leave some out, but there are no others: repositories
/// compare by them.
pub const SEVERITIES: [&str; 4] = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

/// Of one prompt.
const MOST_CATEGORIES: usize = 20;
/// Of a category's name, in characters.
const LONGEST: usize = 32;

/// What a body says of them; None: the usual ones.
pub(super) struct Labels {
    pub(super) categories: Option<Vec<String>>,
    pub(super) severities: Option<Vec<String>>,
}

impl Labels {
    pub(super) fn read(form: &mut Form) -> Self {
        let severities = form.choices("severities", &SEVERITIES);
        Self {
            categories: form.capitals("categories", MOST_CATEGORIES, LONGEST),
            severities: severities.map(|list| list.into_iter().map(str::to_owned).collect()),
        }
    }
}

/// Refuses them for a prompt that asks for no review.
pub(super) fn check(form: &mut Form, kind: Kind) {
    for name in ["categories", "severities"] {
        if kind != Kind::Codeview && form.is_given(name) {
            let problem = Text::new(
                "只能在type为codeview时填写",
                "is for prompts of type codeview only",
            );
            form.refuse(name, &problem);
        }
    }
}

pub(super) fn or_usual(own: Option<Vec<String>>, usual: &[&str]) -> Vec<String> {
    own.unwrap_or_else(|| usual.iter().map(ToString::to_string).collect())
}
