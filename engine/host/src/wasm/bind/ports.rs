//! The engine's traits over a component.

use super::{
    super::{instance::Live, plugin::Plugin},
    delivery, from_guest, to_guest,
    v0_1::push_notify::plugin::{provider_types, types},
};
use crate::{
    ports::{
        Ai, AiRequest, ChangePage, Channel, Completion, Delivery, Event, Message, ModelInfo,
        Provider, Published, Receipt, Review, Settings, Webhook,
    },
    quarantine::Function,
    verdict::{CallError, Failure, Rejection},
};
use async_trait::async_trait;

/// What a function of the guest answers. The block in the end makes its arguments, which borrow
/// from ours for as long as it runs.
macro_rules! call {
    (
        $plugin:ident, $function:ident, $settings:ident,
        $kind:ident.$call:ident($($argument:ident),*), { $($made:tt)* }
    ) => {
        $plugin
            .run(Function::$function, $settings, async |live: &mut Live, config: &str| {
                $($made)*
                let guest = live.guest.$kind()?;
                let settings = to_guest::settings(config);
                guest.$call(&mut live.store, $($argument,)* settings).await
            })
            .await?
    };
}

/// Makes an event of ours one for the guest, by the same name.
macro_rules! lent {
    ($event:ident) => {
        let paths = to_guest::paths($event);
        let commits = to_guest::commits($event, &paths);
        let $event = to_guest::event($event, &commits);
    };
}

#[async_trait]
impl Provider for Plugin {
    async fn receive(
        &self,
        webhook: Webhook,
        settings: &Settings,
    ) -> Result<Result<Delivery, Rejection>, CallError> {
        let function = match webhook.received_ms {
            None => Function::Receive,
            Some(_) => Function::ReceiveParked,
        };
        let answer = self
            .run(function, settings, async |live: &mut Live, config: &str| {
                live.store.data_mut().call.clock_ms = webhook.received_ms;
                let hidden = to_guest::hidden(&webhook, &live.store.data().call.secrets);
                let headers = to_guest::headers(&webhook, &hidden);
                let webhook = provider_types::Webhook {
                    headers: &headers,
                    body: &webhook.body,
                };
                let guest = live.guest.provider()?;
                let settings = to_guest::settings(config);
                guest.call_receive(&mut live.store, webhook, settings).await
            })
            .await?;
        match answer {
            Ok(delivery) => delivery::delivery(delivery, self.id()).map(Ok),
            Err(rejection) => Ok(Err(from_guest::rejection(rejection))),
        }
    }

    async fn changes(
        &self,
        event: &Event,
        from: Option<&str>,
        settings: &Settings,
    ) -> Result<Result<ChangePage, Failure>, CallError> {
        let answer = call!(
            self,
            Changes,
            settings,
            provider.call_changes(event, from),
            {
                lent!(event);
            }
        );
        verdict(answer, from_guest::changes)
    }

    async fn content(
        &self,
        event: &Event,
        path: &str,
        settings: &Settings,
    ) -> Result<Result<Option<String>, Failure>, CallError> {
        let answer = call!(
            self,
            Content,
            settings,
            provider.call_content(event, path),
            {
                lent!(event);
            }
        );
        verdict(answer, from_guest::content)
    }

    async fn publish_review(
        &self,
        event: &Event,
        review: &Review,
        settings: &Settings,
    ) -> Result<Result<Published, Failure>, CallError> {
        let answer = call!(
            self,
            PublishReview,
            settings,
            provider.call_publish_review(event, review),
            {
                lent!(event);
                let comments = to_guest::comments(review);
                let review = to_guest::review(review, &comments);
            }
        );
        verdict(answer, from_guest::published)
    }

    async fn probe(&self, settings: &Settings) -> Result<Result<(), Failure>, CallError> {
        let answer = call!(self, Probe, settings, provider.call_probe(), {});
        verdict(answer, Ok)
    }
}

#[async_trait]
impl Channel for Plugin {
    async fn send(
        &self,
        message: &Message,
        settings: &Settings,
    ) -> Result<Result<Receipt, Failure>, CallError> {
        let answer = call!(self, Send, settings, channel.call_send(message), {
            let only_to = to_guest::strs(&message.only_to);
            let message = to_guest::message(message, &only_to);
        });
        verdict(answer, |receipt| Ok(from_guest::receipt(receipt)))
    }

    async fn probe(&self, settings: &Settings) -> Result<Result<(), Failure>, CallError> {
        let answer = call!(self, Probe, settings, channel.call_probe(), {});
        verdict(answer, Ok)
    }
}

#[async_trait]
impl Ai for Plugin {
    async fn complete(
        &self,
        request: &AiRequest,
        settings: &Settings,
    ) -> Result<Result<Completion, Failure>, CallError> {
        let answer = call!(self, Complete, settings, ai.call_complete(request), {
            let turns = to_guest::turns(request);
            let request = to_guest::request(request, &turns);
        });
        verdict(answer, from_guest::completion)
    }

    async fn probe(&self, settings: &Settings) -> Result<Result<ModelInfo, Failure>, CallError> {
        let answer = call!(self, Probe, settings, ai.call_probe(), {});
        verdict(answer, from_guest::model_info)
    }
}

fn verdict<G, T>(
    answer: Result<G, types::Failure>,
    convert: impl FnOnce(G) -> Result<T, CallError>,
) -> Result<Result<T, Failure>, CallError> {
    match answer {
        Ok(value) => convert(value).map(Ok),
        Err(failure) => from_guest::failure(failure).map(Err),
    }
}
