//! What a digest's message says.

use super::job::{DigestJob, Member};
use crate::pipeline::{deliver::render, message::Notification, reader::Reader};
use push_notify_core::{i18n::Locale, id::PushId};
use push_notify_host::Message;
use push_notify_template::{Rendered, Template, TemplateError};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Of what a message of its own could tell, what is too long for one of many, or said for all.
const LEFT_OUT: [&str; 15] = [
    "Language",
    "Text",
    "Labels",
    "Fields",
    "Comment",
    "Issue",
    "Release",
    "Pipeline",
    "Deployment",
    "Alerts",
    "ChangedFiles",
    "Commits",
    "CodeViewIssues",
    "CodeViewSummary",
    "CodeViewLeftOut",
];
/// Of a line, in characters.
const LONGEST: usize = 200;
/// Of its longest body, a channel needs this part for its own: the frame, the title, marks for line
/// breaks.
const FRAME: u64 = 8;
/// Bytes of the fingerprint.
const FINGERPRINT: usize = 8;

/// What a template can name of one push.
pub(super) fn notification(
    notification: &Notification,
    title: Option<&str>,
    reader: &Reader,
) -> Value {
    let mut told = render::variables(notification, reader);
    let message = first_line(told["CommitMsg"].as_str().unwrap_or_default());
    // Without a title, the message has to do.
    let title = title.map_or_else(|| message.clone(), first_line);
    if let Value::Object(fields) = &mut told {
        for name in LEFT_OUT {
            fields.remove(name);
        }
        fields.insert("Title".to_owned(), title.into());
        fields.insert("CommitMsg".to_owned(), message.into());
    }
    told
}

impl DigestJob {
    /// The message, with as many of the pushes as the channel has room for, and the number of the
    /// others.
    ///
    /// # Errors
    /// As [`Template::render_message`].
    pub(in crate::pipeline) fn render(
        &self,
        template: &Template,
        max_body_bytes: Option<u64>,
        locale: Locale,
    ) -> Result<Rendered, TemplateError> {
        let with = |shown: usize| template.render_message(&self.variables(shown, locale));
        let all = with(self.members.len())?;
        let room = max_body_bytes.map_or(u64::MAX, |most| most - most / FRAME);
        if length(&all.body) <= room {
            return Ok(all);
        }
        // If not even one has room, the channel cuts it.
        let mut best = with(1)?;
        let (mut fitting, mut too_many) = (1, self.members.len());
        while too_many - fitting > 1 {
            let middle = fitting.midpoint(too_many);
            let rendered = with(middle)?;
            if length(&rendered.body) <= room {
                (best, fitting) = (rendered, middle);
            } else {
                too_many = middle;
            }
        }
        Ok(best)
    }

    /// The leader's message, as one about all of them.
    pub(in crate::pipeline) fn address(&self, message: Message) -> Message {
        let first = self.members.first();
        let url = first.and_then(|first| first.notification["RepoUrl"].as_str());
        Message {
            id: format!("{}.{}", message.id, self.fingerprint()),
            // Of several repositories, no address would be the right one.
            url: url.filter(|_| self.repository.is_some()).map(str::to_owned),
            repository: self.repository.clone().unwrap_or_default(),
            // It is about several things, and none of them alone.
            kind: None,
            action: None,
            severity: None,
            state: None,
            subject: None,
            branch: None,
            author: None,
            fields: Vec::new(),
            ..message
        }
    }

    /// The same for the same pushes only: a receiver that has seen a message's id must not take
    /// another set for it.
    pub(super) fn fingerprint(&self) -> String {
        let mut ids: Vec<PushId> = self.members.iter().map(|member| member.push_id).collect();
        ids.sort_unstable();
        let mut hash = Sha256::new();
        for id in ids {
            hash.update(id.get().to_be_bytes());
        }
        hex::encode(&hash.finalize()[..FINGERPRINT])
    }

    fn variables(&self, shown: usize, locale: Locale) -> Value {
        let mut repos: Vec<&str> = Vec::new();
        for member in &self.members {
            let name = member.notification["RepoName"].as_str().unwrap_or_default();
            if !repos.contains(&name) {
                repos.push(name);
            }
        }
        let told = |member: &Member| member.notification.clone();
        json!({
            "Language": locale.tag(),
            "Count": self.members.len(),
            "RepoCount": repos.len(),
            "Repos": repos,
            "Notifications": self.members.iter().take(shown).map(told).collect::<Vec<_>>(),
            "More": self.members.len().saturating_sub(shown),
        })
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// As a string in a JSON request, which most channels make of it.
fn length(text: &str) -> u64 {
    let escaped = text
        .bytes()
        .filter(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\r' | b'\t'));
    (text.len() + escaped.count()) as u64
}
