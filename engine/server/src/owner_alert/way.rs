//! How an owner can be told.

use super::store::{Failing, Through};

/// In the settings of users, mail of the server's own.
const MAIL: &str = "email";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// To this address.
    Mail(String),
    Target(Through),
}

impl Way {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Mail(_) => "mail",
            Self::Target(_) => "target",
        }
    }

    /// As the owner's settings name it.
    fn channel(&self) -> &str {
        match self {
            Self::Mail(_) => MAIL,
            Self::Target(through) => &through.channel,
        }
    }
}

/// All there are: those that the owner names, in that order, and then the others, since an unwanted
/// word is better than none.
pub(super) fn ways(failing: &Failing, has_mailer: bool) -> Vec<Way> {
    let owner = failing.owner.as_ref();
    let mail = owner
        .filter(|_| has_mailer)
        .map(|owner| Way::Mail(owner.email.clone()));
    let target = failing.through.clone().map(Way::Target);
    let mut ways: Vec<Way> = mail.into_iter().chain(target).collect();
    let wanted = owner.map_or(&[][..], |owner| &owner.settings.notify.channels);
    let rank = |way: &Way| {
        let place = wanted.iter().position(|channel| channel == way.channel());
        place.unwrap_or(wanted.len())
    };
    ways.sort_by_key(rank);
    ways
}

#[cfg(test)]
mod tests;
