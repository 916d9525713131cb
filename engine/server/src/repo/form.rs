//! What the bodies of `POST` and `PUT /repos` say.

use super::{EVENTS, Repo, Status, url};
use crate::{
    app::App,
    http::{
        ApiError, code,
        extract::{Body, Form, FromForm},
    },
    owner::{self, Wish},
    plugin::{
        self,
        settings::{self, Checked, Owner, Stored},
    },
    review,
};
use push_notify_core::{
    i18n::Text,
    id::{ModelId, RepoId, UserId},
    random,
    secret::{MASK, Place},
};
use push_notify_host::field_of;
use push_notify_manifest::{KINDS, Kind, Manifest};
use push_notify_review::ReviewSettings;
use serde_json::{Map, Value};
use std::sync::Arc;

const TABLE: &str = "repos";
const LONGEST_SECRET: usize = 500;
/// Shorter ones can be guessed, and are not found again where secrets are hidden.
const SHORTEST_WEBHOOK_SECRET: usize = 8;

/// The body of `POST /repos`.
pub struct NewFields {
    name: String,
    url: String,
    kind: String,
    access_token: Option<String>,
    webhook_secret: Option<String>,
    webhook_events: Option<Vec<&'static str>>,
    model_id: Option<ModelId>,
    review: review::Change,
    tell_repeats: Option<bool>,
    config: Map<String, Value>,
    wish: Wish,
}

impl FromForm for NewFields {
    const EXAMPLE: &'static str = r#"{
        "name": "backend-service",
        "url": "https://github.com/company/backend-service",
        "type": "github",
        "webhook_secret": "test-secret-not-real",
        "review": { "on": ["merge_request"], "language": "zh-CN", "ignore_patterns": ["dist/**"] }
    }"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.required_line("name", 100),
            url: form.required_line("url", 500),
            kind: form.required_line("type", 32),
            access_token: secret(form, "access_token").filter(|token| !token.is_empty()),
            webhook_secret: form
                .under(&code::WEBHOOK_INVALID, webhook_secret)
                .filter(|secret| !secret.is_empty()),
            webhook_events: form.under(&code::WEBHOOK_INVALID, events),
            model_id: form.id("model_id"),
            review: review::Change::read(form),
            tell_repeats: form.boolean("tell_repeats"),
            config: form.object("config").unwrap_or_default(),
            wish: Wish::read(form),
        }
    }
}

/// The body of `PUT /repos/{id}`.
pub struct ChangedFields {
    name: Option<String>,
    url: Option<String>,
    kind: Option<String>,
    access_token: Option<String>,
    webhook_secret: Option<String>,
    webhook_events: Option<Vec<&'static str>>,
    model_id: Option<ModelId>,
    review: review::Change,
    tell_repeats: Option<bool>,
    config: Option<Map<String, Value>>,
    status: Option<&'static str>,
    wish: Wish,
}

impl FromForm for ChangedFields {
    const EXAMPLE: &'static str = r#"{"name": "backend", "status": "active"}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.line("name", 100),
            url: form.line("url", 500),
            kind: form.line("type", 32),
            access_token: secret(form, "access_token"),
            webhook_secret: form.under(&code::WEBHOOK_INVALID, webhook_secret),
            webhook_events: form.under(&code::WEBHOOK_INVALID, events),
            model_id: form.id("model_id"),
            review: review::Change::read(form),
            tell_repeats: form.boolean("tell_repeats"),
            config: form.object("config"),
            status: form.choice("status", &Status::NAMES),
            wish: Wish::read(form),
        }
    }
}

/// A repository that is to be made.
pub(super) struct NewRepo {
    name: String,
    url: String,
    kind: String,
    access_token: Option<String>,
    pub(super) webhook_secret: String,
    webhook_events: Vec<String>,
    pub(super) model_id: Option<ModelId>,
    pub(super) review: ReviewSettings,
    tell_repeats: bool,
    settings: Checked,
    pub(super) wish: Wish,
}

impl NewRepo {
    pub(super) fn parse(app: &App, body: Body<NewFields>) -> Result<Self, ApiError> {
        let (fields, mut form) = body.parts();
        let manifest = (!fields.kind.is_empty())
            .then(|| provider(app, &mut form, &fields.kind))
            .flatten();
        if !fields.url.is_empty() {
            check_url(&mut form, &fields.url, manifest.as_deref());
        }
        for (name, value) in [
            ("access_token", &fields.access_token),
            ("webhook_secret", &fields.webhook_secret),
        ] {
            if value.as_deref() == Some(MASK) {
                form.refuse(
                    name,
                    &Text::new("必须填写真实的值", "must be the real value, not the mask"),
                );
            }
        }
        let usual = usual_events(manifest.as_deref());
        let settings = manifest.map(|manifest| settings::check_new(&manifest, fields.config));
        let settings = take(&mut form, settings.unwrap_or(Ok(Checked::default())));
        form.finish()?;
        let events = fields.webhook_events.unwrap_or_else(|| usual.to_vec());
        Ok(Self {
            name: fields.name,
            url: fields.url,
            kind: fields.kind,
            access_token: fields.access_token,
            webhook_secret: fields.webhook_secret.unwrap_or_else(make_secret),
            webhook_events: names(events),
            model_id: fields.model_id,
            review: fields.review.onto(ReviewSettings::default()),
            tell_repeats: fields.tell_repeats.unwrap_or_default(),
            settings,
            wish: fields.wish,
        })
    }

    /// The row, with its secrets sealed for it. The user `by` gave them.
    pub(super) fn into_repo(
        self,
        app: &App,
        id: RepoId,
        by: UserId,
        owner: Option<owner::Owner>,
    ) -> Repo {
        let now = app.clock.now_us();
        let seal = |column, text: &str| app.vault.seal(place(column, id), text.as_bytes());
        Repo {
            id,
            name: self.name,
            url: self.url,
            kind: self.kind,
            webhook_id: random::hex::<16>(),
            webhook_secret: seal("webhook_secret", &self.webhook_secret),
            access_token_by: self.access_token.as_ref().map(|_| by),
            access_token: self.access_token.map(|token| seal("access_token", &token)),
            settings: self.settings.seal(row(app, id)),
            webhook_events: self.webhook_events,
            model_id: self.model_id,
            review: self.review,
            tell_repeats: self.tell_repeats,
            status: Status::Active,
            owner,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Makes `repo` what the body of the user `by` says, but for its owner. Fields that it does not
/// name stay; masked and empty secrets too.
pub(super) fn change(
    app: &App,
    by: UserId,
    body: Body<ChangedFields>,
    mut repo: Repo,
) -> Result<(Repo, Wish), ApiError> {
    let (fields, mut form) = body.parts();
    if let Some(name) = fields.name {
        repo.name = name;
    }
    let kept = repo.settings.clone();
    let mut moved_by = None;
    let kind = fields.kind.filter(|kind| *kind != repo.kind);
    if fields.url.is_some() || kind.is_some() {
        let kind = kind.as_ref().unwrap_or(&repo.kind);
        let url = fields.url.as_ref().unwrap_or(&repo.url);
        let manifest = app.host.manifest(Kind::Provider, kind);
        check_url(&mut form, url, manifest.as_deref());
    }
    if let Some(new) = fields.url {
        if !url::is_same_project(&new, &repo.url) {
            moved_by = Some("url".to_owned());
        }
        repo.url = new;
    }
    if kind.is_some() || fields.config.is_some() {
        if let Some(kind) = kind {
            // Another plugin: what the former one was told means nothing to it.
            repo.kind = kind;
            repo.settings = Stored::default();
            moved_by = Some("type".to_owned());
        }
        if let Some(manifest) = provider(app, &mut form, &repo.kind) {
            let checked = settings::check_change(
                &manifest,
                row(app, repo.id),
                &repo.settings,
                fields.config.unwrap_or_default(),
            );
            let checked = take(&mut form, checked);
            moved_by = moved_by.or(checked.moved_by.clone());
            repo.settings = checked.seal(row(app, repo.id));
        }
    }
    if let Some(moved_by) = &moved_by {
        refuse_kept(&mut form, &kept, &repo.settings, moved_by);
    }
    if let Some(secret) = new_webhook_secret(app, &repo, fields.webhook_secret) {
        repo.webhook_secret = secret;
        // Whoever knows the one can have the other used: for made-up deliveries of what the token
        // reaches.
        if repo.access_token_by != Some(by) {
            moved_by.get_or_insert_with(|| "webhook_secret".to_owned());
        }
    }
    let moved_by = moved_by.as_deref();
    change_access_token(app, &mut form, &mut repo, fields.access_token, by, moved_by);
    if let Some(events) = fields.webhook_events {
        repo.webhook_events = names(events);
    }
    if form.has("model_id") {
        repo.model_id = fields.model_id;
    }
    repo.review = fields.review.onto(repo.review);
    if let Some(tell_repeats) = fields.tell_repeats {
        repo.tell_repeats = tell_repeats;
    }
    if let Some(status) = fields.status {
        repo.status = Status::from_stored(status);
    }
    form.finish()?;
    Ok((repo, fields.wish))
}

/// Secrets of the settings that would go with the repository to another project.
fn refuse_kept(form: &mut Form, old: &Stored, new: &Stored, moved_by: &str) {
    for (name, sealed) in &new.secrets {
        if old.secrets.get(name) == Some(sealed) {
            let field = field_of(name);
            form.refuse(&format!("config.{field}"), &settings::give_again(moved_by));
        }
    }
}

/// Sealed. None: it stays.
fn new_webhook_secret(app: &App, repo: &Repo, given: Option<String>) -> Option<String> {
    let text = given.filter(|text| !matches!(text.as_str(), MASK | ""))?;
    let old = repo.open_webhook_secret(&app.vault).ok();
    let place = place("webhook_secret", repo.id);
    (old.as_ref() != Some(&text)).then(|| app.vault.seal(place, text.as_bytes()))
}

/// `null` removes it. A token that is kept must not come to be used for another project than it was
/// given for.
fn change_access_token(
    app: &App,
    form: &mut Form,
    repo: &mut Repo,
    token: Option<String>,
    by: UserId,
    moved_by: Option<&str>,
) {
    if !form.has("access_token") || matches!(token.as_deref(), Some(MASK | "")) {
        if let Some(moved_by) = moved_by.filter(|_| repo.access_token.is_some()) {
            form.refuse("access_token", &settings::give_again(moved_by));
        }
        return;
    }
    let place = place("access_token", repo.id);
    repo.access_token_by = token.as_ref().map(|_| by);
    repo.access_token = token.map(|token| app.vault.seal(place, token.as_bytes()));
}

/// What a repository takes unless it says something else. A source that is no Git host sends what
/// it was told to send, by its own settings or a mapping.
fn usual_events(manifest: Option<&Manifest>) -> &'static [&'static str] {
    match manifest.is_none_or(Manifest::is_git_host) {
        true => &EVENTS,
        false => &KINDS,
    }
}

fn provider(app: &App, form: &mut Form, kind: &str) -> Option<Arc<Manifest>> {
    let manifest = app.host.manifest(Kind::Provider, kind);
    if manifest.is_none() {
        form.refuse("type", &plugin::unknown_type(&app.host, Kind::Provider));
    }
    manifest
}

fn check_url(form: &mut Form, url: &str, provider: Option<&Manifest>) {
    if let Err(problem) = url::check(url, provider) {
        form.refuse_as(&code::REPO_URL_INVALID, "url", &problem);
    }
}

fn take(form: &mut Form, checked: Result<Checked, Vec<settings::Problem>>) -> Checked {
    checked.unwrap_or_else(|problems| {
        for (field, problem) in problems {
            form.refuse(&format!("config.{field}"), &problem);
        }
        Checked::default()
    })
}

fn secret(form: &mut Form, name: &str) -> Option<String> {
    form.pasted(name, LONGEST_SECRET)
}

/// An empty one stands for none, or for the one that there is.
fn webhook_secret(form: &mut Form) -> Option<String> {
    let secret = secret(form, "webhook_secret")?;
    let given = !matches!(secret.as_str(), MASK | "");
    if given && secret.chars().count() < SHORTEST_WEBHOOK_SECRET {
        let problem = Text::made(
            format!("至少{SHORTEST_WEBHOOK_SECRET}个字符；创建仓库时留空则自动生成"),
            format!(
                "must have at least {SHORTEST_WEBHOOK_SECRET} characters; leave it out when you add a repository, and one is made"
            ),
        );
        form.refuse("webhook_secret", &problem);
        return None;
    }
    Some(secret)
}

fn events(form: &mut Form) -> Option<Vec<&'static str>> {
    form.choices("webhook_events", &KINDS)
}

fn names(events: Vec<&str>) -> Vec<String> {
    events.into_iter().map(str::to_owned).collect()
}

/// 160 random bits in hex.
fn make_secret() -> String {
    random::hex::<20>()
}

fn row(app: &App, id: RepoId) -> Owner<'_> {
    Owner {
        vault: &app.vault,
        table: TABLE,
        row: id.get(),
    }
}

fn place(column: &str, id: RepoId) -> Place<'_> {
    Place {
        table: TABLE,
        column,
        row: id.get(),
    }
}
