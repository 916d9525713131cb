//! People whom a message calls: DingTalk wants them in the text and in a list beside it.

use crate::At;
use push_notify_sdk::{
    Message,
    card::{self, Called},
};

impl At {
    fn add(&mut self, called: &Called<'_>) {
        let Called::Handle(handle) = *called else {
            self.all = true;
            return;
        };
        let list = match is_mobile(handle) {
            true => &mut self.mobiles,
            false => &mut self.user_ids,
        };
        if list.iter().all(|known| known != handle) {
            list.push(handle.to_owned());
        }
    }
}

/// The text with links to people made calls, or names where nobody can be called. Who is called
/// joins `at`.
pub(crate) fn called(message: &Message, at: &mut At) -> String {
    let mut out = String::with_capacity(message.body.len());
    let mut rest = message.body.as_str();
    while let Some(mark) = rest.find(['\\', ']']) {
        out.push_str(&rest[..mark]);
        let from = &rest[mark..];
        // What is escaped is passed over.
        let taken = match from
            .strip_prefix('\\')
            .and_then(|behind| behind.chars().next())
        {
            Some(escaped) => 1 + escaped.len_utf8(),
            None => 1,
        };
        let call = from.strip_prefix("](mention:").and_then(|target| {
            let (place, behind) = target.split_once(')')?;
            Some((place.parse::<usize>().ok()?, behind, opening(&out)?))
        });
        rest = match call {
            Some((place, behind, opening)) => {
                let label = out.split_off(opening);
                let called = card::called(message, place, is_sound);
                called.iter().for_each(|called| at.add(called));
                match called {
                    Some(Called::Everyone) => out.push_str("@all"),
                    Some(Called::Handle(handle)) => {
                        out.push('@');
                        out.push_str(handle);
                    }
                    None => out.push_str(&label[1..]),
                }
                behind
            }
            None => {
                out.push_str(&from[..taken]);
                &from[taken..]
            }
        };
    }
    out.push_str(rest);
    out
}

/// Where the last bracket is that is not escaped.
fn opening(text: &str) -> Option<usize> {
    let is_open = |at: &usize| {
        let before = &text[..*at];
        (before.len() - before.trim_end_matches('\\').len()).is_multiple_of(2)
    };
    text.rmatch_indices('[').map(|(at, _)| at).find(is_open)
}

/// Of mainland China; anything else is a user id.
fn is_mobile(handle: &str) -> bool {
    handle.len() == 11
        && handle.starts_with('1')
        && handle.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_sound(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}
