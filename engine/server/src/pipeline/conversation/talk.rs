use super::claim::Card;
use crate::{
    pipeline::{commit::CardKey, message::Job},
    target::Conversation,
};
use push_notify_core::id::PushId;
use push_notify_host::{CallError, Channel, Failure, Followed, Message, Receipt, Settings};
use std::iter::once;

/// What a channel answered.
type Answer = Result<Result<Receipt, Failure>, CallError>;

/// A message that belongs to a card, which is held for it.
pub(in crate::pipeline) struct Talk {
    pub(super) key: CardKey,
    pub(super) mode: Conversation,
    pub(super) card: Card,
    conflates: bool,
    /// What waited for the same card.
    pub(super) others: Vec<Job>,
}

/// What became of a message.
pub(in crate::pipeline) struct Said {
    pub answer: Answer,
    /// None: the card is as it was.
    pub told: Option<Told>,
}

/// What is new of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pipeline) struct Told {
    pub handle: Option<String>,
    /// It is a message of its own.
    pub is_new: bool,
    /// Why the message before it could not be followed.
    pub gone: Option<String>,
}

impl Talk {
    pub(super) fn new(
        key: CardKey,
        mode: Conversation,
        card: Card,
        conflates: bool,
        others: Vec<Job>,
    ) -> Self {
        Self {
            key,
            mode,
            card,
            conflates,
            others,
        }
    }

    /// Its message may stand for several pushes.
    pub(in crate::pipeline) fn conflates(&self) -> bool {
        self.conflates
    }

    pub(in crate::pipeline) fn join(&mut self, mates: Vec<Job>) {
        self.others.extend(mates);
    }

    /// The pushes that go with it.
    pub(in crate::pipeline) fn others(&self) -> &[Job] {
        &self.others
    }

    /// The push whose event the message tells of: the last of those that go with it.
    pub(in crate::pipeline) fn lead<'a>(&'a self, own: &'a Job) -> &'a Job {
        let all = once(own).chain(&self.others);
        let last = all.max_by_key(|job| (job.notification.as_of(), job.push_id));
        last.unwrap_or(own)
    }

    /// The push that shows what came after this one. A message is never changed back: what is sent
    /// late, or again, is there already.
    pub(in crate::pipeline) fn outdone_by(&self, lead: &Job) -> Option<PushId> {
        let shown_at = self.card.shown_at.filter(|_| self.card.handle.is_some())?;
        let is_older = lead.notification.as_of() < shown_at;
        self.card
            .shown_by
            .filter(|_| self.mode.updates() && is_older)
    }

    /// The state of the thing itself, where the event says none.
    pub(in crate::pipeline) fn state(&self) -> Option<&str> {
        self.card.state.as_deref()
    }

    /// Down the ladder: changes the message that is there, or answers it, or else sends a new one.
    pub(in crate::pipeline) async fn say(
        &self,
        channel: &dyn Channel,
        message: &Message,
        settings: &Settings,
    ) -> Said {
        let followed = match &self.card.handle {
            Some(handle) => self.follow(handle, channel, message, settings).await,
            None => Ok(Err(None)),
        };
        let gone = match followed {
            Ok(Ok((receipt, told))) => {
                return Said {
                    answer: Ok(Ok(receipt)),
                    told: Some(told),
                };
            }
            Ok(Err(gone)) => gone,
            Err(answer) => {
                return Said { answer, told: None };
            }
        };
        let mut answer = channel.send(message, settings).await;
        let receipt = answer.as_mut().ok().and_then(|answer| answer.as_mut().ok());
        let told = receipt.map(|receipt| {
            if let Some(gone) = &gone {
                let note = format!("sent anew, since the earlier message is gone: {gone}");
                receipt.note = Some(with_note(note, receipt.note.take()));
            }
            Told {
                handle: receipt.handle.clone(),
                is_new: true,
                gone,
            }
        });
        Said { answer, told }
    }

    /// Within: why the message cannot be followed.
    async fn follow(
        &self,
        handle: &str,
        channel: &dyn Channel,
        message: &Message,
        settings: &Settings,
    ) -> Result<Result<(Receipt, Told), Option<String>>, Answer> {
        let whose = match self.card.push_id {
            Some(push_id) => format!("the message of push {push_id}"),
            None => "the message that is there".to_owned(),
        };
        let mut told = Told {
            handle: Some(handle.to_owned()),
            is_new: false,
            gone: None,
        };
        let mut receipt = Receipt::default();
        if self.mode.updates() {
            match settled(channel.update(handle, message, settings).await)? {
                Followed::Gone(reason) => return Ok(Err(Some(reason))),
                Followed::Sent(sent) => {
                    told.handle = sent.handle.clone().or(told.handle);
                    receipt = Receipt {
                        note: Some(with_note(format!("changed {whose}"), sent.note.clone())),
                        ..sent
                    };
                }
            }
        }
        if self.mode.replies() {
            let is_second = self.mode.updates();
            // Where a far side tells messages apart by their ids, this is another one.
            let answer = Message {
                id: match is_second {
                    true => format!("{}.reply", message.id),
                    false => message.id.clone(),
                },
                ..message.clone()
            };
            match settled(channel.reply(handle, &answer, settings).await)? {
                Followed::Gone(reason) if is_second => {
                    let note = format!("it cannot be answered: {reason}");
                    receipt.note = Some(with_note(note, receipt.note));
                }
                Followed::Gone(reason) => return Ok(Err(Some(reason))),
                Followed::Sent(sent) => {
                    let note = with_note(format!("answered {whose}"), sent.note.clone());
                    receipt = Receipt {
                        note: Some(with_note(note, receipt.note)),
                        ..sent
                    };
                }
            }
        }
        Ok(Ok((receipt, told)))
    }
}

/// What is neither sent nor gone ends the attempt.
fn settled(answer: Result<Result<Followed, Failure>, CallError>) -> Result<Followed, Answer> {
    match answer {
        Ok(Ok(followed)) => Ok(followed),
        Ok(Err(failure)) => Err(Ok(Err(failure))),
        Err(error) => Err(Err(error)),
    }
}

fn with_note(note: String, more: Option<String>) -> String {
    match more {
        Some(more) => format!("{note}; {more}"),
        None => note,
    }
}
