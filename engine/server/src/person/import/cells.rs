//! What head and cells of a table say.

use super::{COLUMNS, Head, refused};
use crate::{
    http::ApiError,
    log::export::FORMULA,
    person::{
        Identity, Kind, Notify, Person,
        identity::{self, EMAIL, LOGIN},
    },
};
use csv::StringRecord;
use push_notify_core::i18n::{Locale, Text};
use push_notify_host::Host;

pub(super) fn head_of(host: &Host, record: &StringRecord) -> Result<Head, ApiError> {
    let head: Head = record.iter().map(str::to_lowercase).collect();
    let mut known: Vec<String> = COLUMNS.iter().map(|name| (*name).to_owned()).collect();
    known.extend(
        identity::kinds(host)
            .into_iter()
            .filter(|kind| !COLUMNS.contains(&kind.as_str())),
    );
    let listed = known.join(", ");
    if let Some(name) = head.iter().find(|name| !known.contains(name)) {
        return Err(refused(
            format!("的表头包含未知列{name}，可用的列：{listed}"),
            format!("has a column {name} in its head; there can be: {listed}"),
        ));
    }
    let twice = |place: &usize| head[..*place].contains(&head[*place]);
    if let Some(place) = (0..head.len()).find(twice) {
        let name = &head[place];
        return Err(refused(
            format!("的表头中{name}出现两次"),
            format!("has the column {name} twice"),
        ));
    }
    if !head.iter().any(|name| name == "name") {
        return Err(refused(
            format!("的第一行必须是包含name的表头，可用的列：{listed}"),
            format!("must begin with a head that has name; there can be: {listed}"),
        ));
    }
    Ok(head)
}

pub(super) fn cell<'r>(head: &Head, record: &'r StringRecord, name: &str) -> Option<&'r str> {
    let place = head.iter().position(|column| column == name)?;
    record.get(place)
}

/// Puts what a cell says into a person. An empty one says nothing. Addresses and logins are added
/// to those that they have; a channel's handle takes the place of the old one.
pub(super) fn fill(person: &mut Person, column: &str, text: &str) -> Result<(), Text> {
    // As our own tables keep spreadsheets from taking a cell for a formula.
    let quoted = text.strip_prefix('\'');
    let quoted = quoted.filter(|text| text.starts_with(FORMULA));
    let text = quoted.unwrap_or(text);
    if text.is_empty() {
        return Ok(());
    }
    let one_of = |known: &[&str]| {
        let known = known.join(", ");
        let problem = Text::made(
            format!("必须是以下之一：{known}"),
            format!("must be one of: {known}"),
        );
        Text::of_field(column, &problem)
    };
    match column {
        "name" => {}
        "kind" => person.kind = Kind::of_name(text).ok_or_else(|| one_of(Kind::NAMES))?,
        "notify" => person.notify = Notify::of_name(text).ok_or_else(|| one_of(Notify::NAMES))?,
        "language" => {
            let locale = Locale::of_tag(text);
            person.language = Some(locale.ok_or_else(|| one_of(&Locale::TAGS))?);
        }
        EMAIL => several(text).for_each(|email| add(person, Identity::new(EMAIL, None, email))),
        LOGIN => {
            for login in several(text) {
                let Some((host, login)) = login.split_once('/') else {
                    let problem = Text::new(
                        "必须写作主机/登录名，例如git.example.com/limei",
                        "must be written as host/login, such as git.example.com/limei",
                    );
                    return Err(Text::of_field(column, &problem));
                };
                add(person, Identity::new(LOGIN, Some(host), login));
            }
        }
        channel => {
            let identity = Identity::new(channel, None, text);
            let is_same = |old: &Identity| old.kind == channel && old.value == text;
            if !person.identities.iter().any(is_same) {
                person.identities.retain(|old| old.kind != channel);
                person.identities.push(identity);
            }
        }
    }
    Ok(())
}

fn several(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| c.is_whitespace() || c == ';');
    parts.filter(|part| !part.is_empty())
}

fn add(person: &mut Person, identity: Identity) {
    if person
        .identities
        .iter()
        .all(|old| old.key() != identity.key())
    {
        person.identities.push(identity);
    }
}
