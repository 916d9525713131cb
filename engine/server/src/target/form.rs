//! What the bodies of `POST` and `PUT /targets` say.

use super::{Conversation, DigestRule, QuietHours, Scope, Status, Target, digest, quiet};
use crate::{
    app::App,
    http::{
        ApiError,
        code::{self, ErrorCode},
        extract::{Body, Form, FromForm},
    },
    owner::{Owner, Wish},
    plugin::{
        self,
        settings::{self, Checked, Problem},
    },
};
use push_notify_core::{
    i18n::{Locale, Text},
    id::{PersonId, RepoId, TargetId},
};
use push_notify_manifest::Kind;
use serde_json::{Map, Value};

/// The body of `POST /targets`.
pub struct NewFields {
    name: String,
    kind: String,
    config: Map<String, Value>,
    scope: Option<&'static str>,
    repo_ids: Vec<RepoId>,
    quiet_hours: Option<QuietHours>,
    timezone: Option<String>,
    language: Option<Locale>,
    notice_target_id: Option<TargetId>,
    person_id: Option<PersonId>,
    digest: digest::Change,
    conversation: Option<Conversation>,
    wish: Wish,
}

impl FromForm for NewFields {
    const EXAMPLE: &'static str = r#"{
        "name": "developers",
        "type": "dingtalk",
        "config": { "access_token": "test-token-not-real", "secret": "SECtest-not-real" },
        "scope": "repo",
        "repo_ids": [1, 2],
        "quiet_hours": {
            "start": "22:00", "end": "08:00", "timezone": "Asia/Shanghai", "unless_severity": "CRITICAL"
        }
    }"#;

    fn read(form: &mut Form) -> Self {
        form.require("config");
        Self {
            name: form.required_line("name", 100),
            kind: form.required_line("type", 32),
            config: form.object("config").unwrap_or_default(),
            scope: form.choice("scope", &Scope::NAMES),
            repo_ids: form.ids("repo_ids").unwrap_or_default(),
            quiet_hours: quiet::read(form),
            timezone: form.zone_name("timezone"),
            language: form
                .choice("language", &Locale::TAGS)
                .and_then(Locale::of_tag),
            notice_target_id: form.id("notice_target_id"),
            person_id: form.id("person_id"),
            digest: digest::Change::read(form),
            conversation: conversation(form),
            wish: Wish::read(form),
        }
    }
}

/// The body of `PUT /targets/{id}`.
pub struct ChangedFields {
    name: Option<String>,
    kind: Option<String>,
    config: Option<Map<String, Value>>,
    scope: Option<&'static str>,
    repo_ids: Option<Vec<RepoId>>,
    status: Option<&'static str>,
    quiet_hours: Option<QuietHours>,
    timezone: Option<String>,
    language: Option<Locale>,
    notice_target_id: Option<TargetId>,
    person_id: Option<PersonId>,
    digest: digest::Change,
    conversation: Option<Conversation>,
    wish: Wish,
}

impl FromForm for ChangedFields {
    const EXAMPLE: &'static str =
        r#"{"name": "all developers", "status": "active", "digest": {"enabled": true}}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.line("name", 100),
            kind: form.line("type", 32),
            config: form.object("config"),
            scope: form.choice("scope", &Scope::NAMES),
            repo_ids: form.ids("repo_ids"),
            status: form.choice("status", &Status::NAMES),
            quiet_hours: quiet::read(form),
            timezone: form.zone_name("timezone"),
            language: form
                .choice("language", &Locale::TAGS)
                .and_then(Locale::of_tag),
            notice_target_id: form.id("notice_target_id"),
            person_id: form.id("person_id"),
            digest: digest::Change::read(form),
            conversation: conversation(form),
            wish: Wish::read(form),
        }
    }
}

/// A target that is to be made.
pub(super) struct NewTarget {
    name: String,
    kind: String,
    settings: Checked,
    pub(super) scope: Scope,
    digest: DigestRule,
    conversation: Conversation,
    pub(super) repo_ids: Vec<RepoId>,
    quiet_hours: Option<QuietHours>,
    timezone: Option<String>,
    language: Option<Locale>,
    pub(super) notice_target_id: Option<TargetId>,
    pub(super) person_id: Option<PersonId>,
    pub(super) wish: Wish,
}

/// What a target becomes, and the repositories that it is to be linked to if they change.
pub(super) struct Change {
    pub(super) target: Target,
    pub(super) repo_ids: Option<Vec<RepoId>>,
    /// Settings or status were given: what was found out about it no longer holds.
    pub(super) renews: bool,
    /// Whom it is to be given to.
    pub(super) wish: Wish,
    /// What waits for the end of the old ones waits no longer.
    pub(super) quiet_hours_changed: bool,
}

const NEEDED: Text = Text::new(
    "在scope为repo时不能为空",
    "must not be empty when scope is repo",
);

const NOT_LINKED: Text = Text::new(
    "在scope为rules时必须为空：只有规则能向它发送",
    "must be empty when scope is rules: only rules send to it",
);

const NOT_OWN: Text = Text::new(
    "只用于scope为rules的推送目标",
    "is for targets whose scope is rules",
);

impl NewTarget {
    pub(super) fn parse(app: &App, body: Body<NewFields>) -> Result<Self, ApiError> {
        let (fields, mut form) = body.parts();
        let (kind, repo_ids) = (fields.kind, fields.repo_ids);
        let manifest = app.host.manifest(Kind::Channel, &kind);
        if manifest.is_none() && !kind.is_empty() {
            form.refuse("type", &plugin::unknown_type(&app.host, Kind::Channel));
        }
        let checked = manifest.map(|manifest| settings::check_new(&manifest, fields.config));
        let settings = take(&mut form, &kind, checked.unwrap_or(Ok(Checked::default())));
        let usual = match fields.person_id {
            Some(_) => Scope::Rules,
            None => Scope::Global,
        };
        let scope = fields.scope.map_or(usual, Scope::from_stored);
        if scope != Scope::Rules && fields.person_id.is_some() {
            form.refuse("person_id", &NOT_OWN);
        }
        if scope == Scope::Repo && repo_ids.is_empty() {
            form.refuse("repo_ids", &NEEDED);
        }
        if scope == Scope::Rules && !repo_ids.is_empty() {
            form.refuse("repo_ids", &NOT_LINKED);
        }
        let digest = fields.digest.onto(DigestRule::default(), &mut form);
        form.finish()?;
        Ok(Self {
            name: fields.name,
            kind,
            settings,
            scope,
            digest,
            conversation: fields.conversation.unwrap_or(Conversation::New),
            repo_ids,
            quiet_hours: fields.quiet_hours,
            timezone: fields.timezone,
            language: fields.language,
            notice_target_id: fields.notice_target_id,
            person_id: fields.person_id,
            wish: fields.wish,
        })
    }

    /// The row, with its secrets sealed for it.
    pub(super) fn into_target(self, app: &App, id: TargetId, owner: Option<Owner>) -> Target {
        let now = app.clock.now_us();
        Target {
            id,
            name: self.name,
            kind: self.kind,
            settings: self.settings.seal(place(app, id)),
            scope: self.scope,
            status: Status::Active,
            quiet_hours: self.quiet_hours,
            timezone: self.timezone,
            language: self.language,
            owner,
            notice_target_id: self.notice_target_id,
            person_id: self.person_id,
            digest: self.digest,
            conversation: self.conversation,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Makes `target` what the body says. Fields that it does not name stay; masked and empty secrets
/// too.
pub(super) fn change(
    app: &App,
    body: Body<ChangedFields>,
    mut target: Target,
) -> Result<Change, ApiError> {
    let (fields, mut form) = body.parts();
    let renews = fields.config.is_some() || fields.status.is_some();
    if let Some(name) = fields.name {
        target.name = name;
    }
    if fields.kind.is_some_and(|kind| kind != target.kind) {
        let problem = Text::new("不能更改", "cannot be changed: make a new target");
        form.refuse("type", &problem);
    }
    if let Some(config) = fields.config {
        match app.host.manifest(Kind::Channel, &target.kind) {
            None => form.refuse("config", &plugin::unknown_type(&app.host, Kind::Channel)),
            Some(manifest) => {
                let place = place(app, target.id);
                let checked = settings::check_change(&manifest, place, &target.settings, config);
                target.settings = take(&mut form, &target.kind, checked).seal(place);
            }
        }
    }
    if let Some(scope) = fields.scope {
        target.scope = Scope::from_stored(scope);
    }
    let repo_ids = fields.repo_ids;
    if target.scope == Scope::Repo && repo_ids.as_ref().is_some_and(Vec::is_empty) {
        form.refuse("repo_ids", &NEEDED);
    }
    if target.scope == Scope::Rules && repo_ids.as_ref().is_some_and(|ids| !ids.is_empty()) {
        form.refuse("repo_ids", &NOT_LINKED);
    }
    if let Some(status) = fields.status {
        target.status = Status::from_stored(status);
    }
    let mut quiet_hours_changed = false;
    if form.has("quiet_hours") {
        quiet_hours_changed = target.quiet_hours != fields.quiet_hours;
        target.quiet_hours = fields.quiet_hours;
    }
    if form.has("timezone") {
        target.timezone = fields.timezone;
    }
    if form.has("language") {
        target.language = fields.language;
    }
    if form.has("notice_target_id") {
        target.notice_target_id = fields.notice_target_id;
    }
    if target.notice_target_id == Some(target.id) {
        let problem = Text::new("必须是另一个推送目标", "must be another target");
        form.refuse("notice_target_id", &problem);
    }
    if form.has("person_id") {
        target.person_id = fields.person_id;
    }
    if target.person_id.is_some() && target.scope != Scope::Rules {
        form.refuse("person_id", &NOT_OWN);
    }
    target.digest = fields.digest.onto(target.digest, &mut form);
    if let Some(conversation) = fields.conversation {
        target.conversation = conversation;
    }
    form.finish()?;
    Ok(Change {
        wish: fields.wish,
        target,
        repo_ids,
        renews,
        quiet_hours_changed,
    })
}

/// The contract has business codes for the settings of two channels.
fn known(kind: &str) -> Option<&'static ErrorCode> {
    match kind {
        "dingtalk" => Some(&code::DINGTALK_INVALID),
        "email" => Some(&code::EMAIL_INVALID),
        _ => None,
    }
}

fn conversation(form: &mut Form) -> Option<Conversation> {
    let name = form.choice("conversation", Conversation::NAMES);
    name.and_then(Conversation::of_name)
}

fn take(form: &mut Form, kind: &str, checked: Result<Checked, Vec<Problem>>) -> Checked {
    checked.unwrap_or_else(|problems| {
        for (field, problem) in problems {
            let name = format!("config.{field}");
            match known(kind) {
                Some(known) => form.refuse_as(known, &name, &problem),
                None => form.refuse(&name, &problem),
            }
        }
        Checked::default()
    })
}

fn place(app: &App, id: TargetId) -> settings::Owner<'_> {
    settings::Owner {
        vault: &app.vault,
        table: "targets",
        row: id.get(),
    }
}
