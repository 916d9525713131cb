//! What somebody is called elsewhere.

use crate::http::extract::Form;
use push_notify_core::i18n::Text;
use push_notify_host::Host;
use push_notify_manifest::{Capability, Kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub const EMAIL: &str = "email";
pub const LOGIN: &str = "login";

const LONGEST: usize = 254;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PersonIdentity")]
pub struct Identity {
    /// `email` (of commits), `login` (at a host), or the id of a channel plugin that calls people.
    pub kind: String,
    /// Of a login: the name of the host, such as `git.example.com`.
    pub host: Option<String>,
    /// The address, the login, or the handle as the channel writes it.
    pub value: String,
    /// Somebody made sure of it.
    pub verified: bool,
}

impl Identity {
    pub fn new(kind: &str, host: Option<&str>, value: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            host: host.map(str::to_lowercase),
            value: value.to_owned(),
            verified: false,
        }
    }

    /// As it is compared.
    pub fn folded(&self) -> String {
        match self.kind.as_str() {
            EMAIL | LOGIN => self.value.to_lowercase(),
            _ => self.value.clone(),
        }
    }

    pub fn host_or_empty(&self) -> &str {
        self.host.as_deref().unwrap_or_default()
    }

    /// By which it is somebody's.
    pub fn key(&self) -> (&str, &str, String) {
        (&self.kind, self.host_or_empty(), self.folded())
    }

    /// One of `identities` in the body.
    pub(super) fn read(form: &mut Form) -> Self {
        Self {
            kind: form.required_line("kind", 32),
            host: form
                .line("host", LONGEST)
                .filter(|host| !host.is_empty())
                .map(|host| host.to_lowercase()),
            value: form.required_line("value", LONGEST),
            verified: form.boolean("verified").unwrap_or_default(),
        }
    }

    /// The field that is wrong, and why. `old`: the person has it already, so that its kind stays
    /// what it is while its channel plugin is missing.
    pub(super) fn problem(&self, host: &Host, is_old: bool) -> Option<(&'static str, Text)> {
        let is_login = self.kind == LOGIN;
        if !is_login && self.kind != EMAIL && !is_old && !is_mentioned_by(host, &self.kind) {
            let known = kinds(host).join(", ");
            let problem = Text::made(
                format!("必须是以下之一：{known}"),
                format!("must be one of: {known}"),
            );
            return Some(("kind", problem));
        }
        match self.host.as_deref() {
            None if is_login => {
                let problem = Text::new(
                    "不能为空：登录名属于哪个主机，例如git.example.com",
                    "must not be empty: at which host is this login, such as git.example.com",
                );
                return Some(("host", problem));
            }
            Some(_) if !is_login => {
                let problem = Text::new("只用于login", "is for logins only");
                return Some(("host", problem));
            }
            Some(name) if !is_host(name) => {
                let problem = Text::new(
                    "必须是主机名，例如git.example.com，不含协议和路径",
                    "must be the name of a host such as git.example.com, without scheme and path",
                );
                return Some(("host", problem));
            }
            _ => {}
        }
        let is_sound = match self.kind.as_str() {
            EMAIL => self
                .value
                .rsplit_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty()),
            _ => true,
        };
        if !is_sound {
            let problem = Text::new("不是邮箱地址", "is no mail address");
            return Some(("value", problem));
        }
        if self.value.contains(char::is_whitespace) {
            let problem = Text::new("不能包含空白字符", "must not contain white space");
            return Some(("value", problem));
        }
        None
    }
}

/// What two identities of one person clash in: the same twice, or two that one channel calls by.
pub(super) fn clash(identities: &[Identity]) -> Option<(usize, Text)> {
    for (place, identity) in identities.iter().enumerate() {
        let before = &identities[..place];
        if before.iter().any(|other| other.key() == identity.key()) {
            let problem = Text::new("重复", "is there twice");
            return Some((place, problem));
        }
        let is_called_by = !matches!(identity.kind.as_str(), EMAIL | LOGIN);
        if is_called_by && before.iter().any(|other| other.kind == identity.kind) {
            let kind = &identity.kind;
            let problem = Text::made(
                format!("{kind}只能有一个：消息不知道该用哪一个"),
                format!("is a second one of {kind}: a message could not tell which to call"),
            );
            return Some((place, problem));
        }
    }
    None
}

fn is_host(name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    !name.is_empty() && name.chars().all(is_part)
}

/// Whether messages call people by this kind: it is the id of a channel plugin that does.
pub fn is_mentioned_by(host: &Host, kind: &str) -> bool {
    let manifest = host.manifest(Kind::Channel, kind);
    manifest.is_some_and(|manifest| manifest.capabilities.contains(&Capability::Mentions))
}

/// All kinds that there are now.
pub(super) fn kinds(host: &Host) -> Vec<String> {
    let mut kinds = vec![EMAIL.to_owned(), LOGIN.to_owned()];
    let loaded = crate::plugin::loaded(host, Kind::Channel);
    kinds.extend(loaded.into_iter().filter(|id| is_mentioned_by(host, id)));
    kinds
}
