//! Stage three: from what was rendered to the message that a channel plugin gets.

use super::{Cast, render};
use crate::{
    event::summary,
    pipeline::{
        conversation::Talk,
        message::{Content, Job},
    },
};
use push_notify_core::i18n::Locale;
use push_notify_host::Message;

/// What the channel gets of a push.
pub(super) fn message(
    job: &Job,
    talk: Option<&Talk>,
    content: &Content,
    cast: &Cast<'_>,
    can_call: bool,
    locale: Locale,
    origin: &str,
) -> Message {
    let body = &content.rendered.body;
    let (body, mentions) = cast.addressed(body, &job.aim.channel, can_call);
    let notification = &job.notification;
    let message = Message {
        id: format!("{}.{}", notification.uid, job.push_id),
        title: content.rendered.title.clone(),
        body,
        url: render::url(&notification.event),
        scene: job.scene.clone(),
        kind: Some(notification.event.kind.clone()),
        action: notification.event.action.clone(),
        severity: notification.event.severity,
        state: match &notification.event.state {
            Some(state) => Some(state.clone()),
            // A card shows what its subject is, also where the event says nothing of that.
            None => talk.and_then(Talk::state).map(str::to_owned),
        },
        subject: notification.subject(),
        branch: summary::branch(&notification.event).map(str::to_owned),
        author: summary::author(&notification.event).map(str::to_owned),
        fields: notification.event.fields.clone(),
        links: Vec::new(),
        mentions,
        locale: locale.tag().to_owned(),
        repository: notification.event.repository.full_name.clone(),
        created_at_ms: u64::try_from(notification.received_at / 1000).unwrap_or_default(),
        origin: origin.to_owned(),
        attempt: u32::try_from(job.attempt).unwrap_or(u32::MAX),
        only_to: job
            .recipients
            .as_ref()
            .map(|recipients| recipients.to.clone())
            .unwrap_or_default(),
    };
    match &job.digest {
        Some(digest) => digest.address(message),
        None => message,
    }
}
