//! What the bodies about people say.

use super::{Identity, Kind, Notify, Person, identity::clash};
use crate::{
    http::{
        ApiError,
        extract::{Body, Form, FromForm},
    },
    target::{QuietHours, quiet},
};
use push_notify_core::{i18n::Locale, id::UserId};
use push_notify_host::Host;

pub(super) const LONGEST_NAME: usize = 100;
pub(super) const MOST_IDENTITIES: usize = 50;

/// The body of `POST /people` and `PUT /people/{id}`. What a change does not name stays;
/// `identities` are given as a whole.
pub struct Fields {
    name: Option<String>,
    kind: Option<&'static str>,
    notify: Option<&'static str>,
    quiet_hours: Option<QuietHours>,
    language: Option<Locale>,
    user_id: Option<UserId>,
    identities: Option<Vec<Identity>>,
}

impl FromForm for Fields {
    const EXAMPLE: &'static str = r#"{
        "name": "Li Mei",
        "notify": "mention",
        "identities": [
            { "kind": "login", "host": "github.com", "value": "limei" },
            { "kind": "email", "value": "mei@example.com" }
        ]
    }"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.line("name", LONGEST_NAME),
            kind: form.choice("kind", Kind::NAMES),
            notify: form.choice("notify", Notify::NAMES),
            quiet_hours: quiet::read(form),
            language: form
                .choice("language", &Locale::TAGS)
                .and_then(Locale::of_tag),
            user_id: form.id("user_id"),
            identities: form.each("identities", MOST_IDENTITIES, Identity::read),
        }
    }
}

/// The person that the body describes, on top of `old`.
pub(super) fn check(host: &Host, body: Body<Fields>, old: Person) -> Result<Person, ApiError> {
    let (fields, mut form) = body.parts();
    let mut person = old;
    if person.name.is_empty() {
        form.require("name");
    }
    person.name = fields.name.unwrap_or(person.name);
    if let Some(kind) = fields.kind.and_then(Kind::of_name) {
        person.kind = kind;
    }
    if let Some(notify) = fields.notify.and_then(Notify::of_name) {
        person.notify = notify;
    }
    if form.has("quiet_hours") {
        person.quiet_hours = fields.quiet_hours;
    }
    if form.has("language") {
        person.language = fields.language;
    }
    if form.has("user_id") {
        person.user_id = fields.user_id;
    }
    if let Some(identities) = fields.identities {
        for (place, identity) in identities.iter().enumerate() {
            let is_old = person.identities.contains(identity);
            if let Some((field, problem)) = identity.problem(host, is_old) {
                form.refuse(&format!("identities[{place}].{field}"), &problem);
            }
        }
        if let Some((place, problem)) = clash(&identities) {
            form.refuse(&format!("identities[{place}]"), &problem);
        }
        person.identities = identities;
    }
    form.finish()?;
    Ok(person)
}
