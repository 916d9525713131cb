//! What a replay would change, without sending anything and without asking a model.

use super::{
    event::{ReplayError, ReplayRequest, Stored, chosen},
    store,
};
use crate::{
    event::scene::scene,
    pipeline::{
        Pipeline,
        cache::Route,
        deliver::render,
        ingest::{receive::REVIEW_SCENE, route::Routed},
        message::Notification,
        rehearsal::{about_template, not_loaded},
        store as rows,
    },
    replay::difference::{Difference, Message, OfEvent, OfMessage},
    template,
};
use parking_lot::Mutex;
use push_notify_core::{
    i18n::{Locale, Text},
    id::{EventId, TargetId, TemplateId},
};
use push_notify_host::Event;
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

const NO_LONGER: Text = Text::new(
    "该目标不再接收此仓库的消息",
    "this target no longer gets what the repository sends",
);

impl Pipeline {
    /// The difference between what an event was and what it would be now.
    pub async fn preview(
        &self,
        event_id: EventId,
        wish: &ReplayRequest,
        locale: Locale,
    ) -> Result<Difference, ReplayError> {
        let (route, stored) = self.stored(event_id).await?;
        let event = self.read_again(&route, &stored).await?.event;
        let routed = self.routed(&route, &event, stored.has_review).await?;
        let heard = routed.aims.iter().map(|aim| aim.target_id).collect();
        let target_ids = match chosen(&route, heard, wish) {
            Err(ReplayError::NoTarget) => vec![],
            chosen => chosen?,
        };
        let review = self
            .review_difference(event_id, &route, &event, wish)
            .await?;
        let of_event = OfEvent::between(&json(stored.event.as_ref())?, &json(Some(&event))?);
        let messages = self
            .messages(
                event_id,
                &route,
                &stored,
                event,
                (&target_ids, &routed),
                wish,
                locale,
            )
            .await?;
        Ok(Difference {
            changed: of_event.total > 0
                || !review.diff.is_empty()
                || messages.iter().any(|message| !message.diff.is_empty()),
            event: of_event,
            messages,
            review,
        })
    }

    /// For each target that was told of it, or would be.
    #[expect(clippy::too_many_arguments, reason = "each is needed once")]
    async fn messages(
        &self,
        event_id: EventId,
        route: &Route,
        stored: &Stored,
        event: Event,
        (target_ids, routed): (&[TargetId], &Routed),
        wish: &ReplayRequest,
        locale: Locale,
    ) -> Result<Vec<OfMessage>, ReplayError> {
        let sent = store::sent(&self.app, event_id).await?;
        let review = match stored.event {
            Some(_) => rows::event(&self.app, event_id, None)
                .await?
                .and_then(|row| row.review),
            None => None,
        };
        let scene = match stored.has_review || wish.review {
            true => REVIEW_SCENE,
            false => scene(&event),
        };
        let notification = Notification {
            repo_id: route.repo_id,
            uid: stored.uid.clone(),
            event,
            repo_name: route.name.clone(),
            repo_url: route.url.clone(),
            received_at: stored.received_at,
            traceparent: None,
            review,
            rendered: Mutex::default(),
        };
        let mut ids: BTreeSet<TargetId> = target_ids.iter().copied().collect();
        if wish.target_ids.is_none() {
            ids.extend(sent.iter().map(|sent| sent.target_id));
        }
        let names = store::target_names(&self.app, &ids).await?;
        let mut messages = Vec::with_capacity(ids.len());
        for id in ids {
            let after = match target_ids.contains(&id) {
                true => {
                    let template_id = routed.choice_for(id).and_then(|choice| choice.template_id);
                    self.message(id, (scene, template_id), &notification)
                        .await?
                }
                false => Err(NO_LONGER),
            };
            // What was delivered says more than what was tried.
            let of_target = sent.iter().filter(|sent| sent.target_id == id);
            let before = of_target.max_by_key(|sent| (sent.delivered, sent.push_id));
            let (after, problem) = match after {
                Ok(message) => (Some(message), None),
                Err(problem) => (None, Some(problem.as_str(locale).to_owned())),
            };
            let name = names.iter().find(|name| name.id == id);
            let message = before.map(|sent| sent.message.clone());
            messages.push(OfMessage {
                target_id: id,
                target_name: name.map(|name| name.name.clone()),
                target_type: name.map(|name| name.channel.clone()),
                push_id: before.map(|sent| sent.push_id),
                diff: match &after {
                    Some(after) => Message::diff(message.as_ref(), Some(after)),
                    None => String::new(),
                },
                before: message,
                after,
                problem,
            });
        }
        Ok(messages)
    }

    /// As it would be sent, or why nothing would be.
    async fn message(
        &self,
        target_id: TargetId,
        (scene, template_id): (&str, Option<TemplateId>),
        notification: &Notification,
    ) -> Result<Result<Message, Text>, ReplayError> {
        let Some(destination) = self.caches.destination(target_id).await? else {
            return Ok(Err(Text::new("推送目标已不存在", "the target is gone")));
        };
        let channel = &destination.channel;
        if let Some(why) = destination.off {
            return Ok(Err(Text::new("推送目标已停用或已删除", why)));
        }
        if self.app.host.channel(channel).is_none() {
            return Ok(Err(not_loaded(channel)));
        }
        let chosen = match self
            .caches
            .template_for(channel, scene, template_id)
            .await?
        {
            Ok(chosen) => chosen,
            Err(problem) => {
                let zh = format!("没有可用的模板：{problem}");
                return Ok(Err(Text::made(zh, problem.to_string())));
            }
        };
        let reader = &destination.reader;
        Ok(
            render::render(notification, &chosen, reader, &Arc::default())
                .map(|rendered| Message {
                    title: rendered.title.clone(),
                    body: rendered.body.clone(),
                })
                .map_err(|error| about_template(chosen.id, &template::problem(&error))),
        )
    }
}

/// Of a parked one, nothing.
fn json(event: Option<&Event>) -> Result<Value, ReplayError> {
    let Some(event) = event else {
        return Ok(Value::Object(serde_json::Map::new()));
    };
    let unwritable = |error: serde_json::Error| rows::Error::Row(error.to_string());
    Ok(serde_json::to_value(event).map_err(unwritable)?)
}
