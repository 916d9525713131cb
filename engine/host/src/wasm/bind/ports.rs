//! The engine's traits over a component.

use super::{
    super::{instance::Live, plugin::Plugin},
    delivery, from_guest, mapping, to_guest,
    v0_1::push_notify::plugin::types,
};
use crate::{
    ports::{
        Ai, AiRequest, ChangePage, Channel, Completion, Delivery, Event, Followed, MappingProblem,
        MergeRequestStatus, Message, Misfit, ModelInfo, NewMergeRequest, Preset, Provider,
        Published, Receipt, Reception, Review, Settings, Webhook, lacking, lacking_mapping,
    },
    quarantine::Function,
    verdict::{CallError, Failure, Rejection},
};
use async_trait::async_trait;
use push_notify_manifest::Capability;

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
        let people = to_guest::people_of($event);
        let labels = to_guest::labels_of($event);
        let $event = to_guest::event($event, &commits, &people, &labels);
    };
}

/// Ends the call of a plugin that cannot do what it is called for.
macro_rules! needs {
    ($plugin:ident, $capability:ident) => {
        if !$plugin.can(Capability::$capability) {
            return lacking(Capability::$capability);
        }
    };
}

/// The same with a message.
macro_rules! lent_message {
    ($message:ident) => {
        let only_to = to_guest::strs(&$message.only_to);
        let fields = to_guest::fields(&$message.fields);
        let links = to_guest::links(&$message.links);
        let mentions = to_guest::mentions(&$message.mentions);
        let lists = to_guest::Lists {
            only_to: &only_to,
            fields: &fields,
            links: &links,
            mentions: &mentions,
        };
        let $message = to_guest::message($message, &lists);
    };
}

#[async_trait]
impl Provider for Plugin {
    async fn receive(
        &self,
        webhook: Webhook,
        settings: &Settings,
    ) -> Result<Result<Reception, Rejection>, CallError> {
        let function = match webhook.received_ms {
            None => Function::Receive,
            Some(_) => Function::ReceiveParked,
        };
        let answer = self
            .run(function, settings, async |live: &mut Live, config: &str| {
                live.store.data_mut().call.clock_ms = webhook.received_ms;
                let hidden = to_guest::hidden(&webhook, &live.store.data().call.secrets);
                let headers = to_guest::headers(&webhook, &hidden);
                let webhook = to_guest::webhook(&webhook, &headers);
                let guest = live.guest.provider()?;
                let settings = to_guest::settings(config);
                guest.call_receive(&mut live.store, webhook, settings).await
            })
            .await?;
        match answer {
            Ok(told) => delivery::reception(told, self.id()),
            Err(rejection) => Ok(Err(from_guest::rejection(rejection))),
        }
    }

    async fn changes(
        &self,
        event: &Event,
        from: Option<&str>,
        settings: &Settings,
    ) -> Result<Result<ChangePage, Failure>, CallError> {
        needs!(self, Changes);
        let answer = call!(
            self,
            Changes,
            settings,
            changes.call_changes(event, from),
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
        needs!(self, Changes);
        let answer = call!(
            self,
            Content,
            settings,
            changes.call_content(event, path),
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
        needs!(self, Reviews);
        let answer = call!(
            self,
            PublishReview,
            settings,
            reviews.call_publish(event, review),
            {
                lent!(event);
                let comments = to_guest::comments(review);
                let review = to_guest::review(review, &comments);
            }
        );
        verdict(answer, from_guest::published)
    }

    async fn open_merge_request(
        &self,
        request: &NewMergeRequest,
        settings: &Settings,
    ) -> Result<Result<MergeRequestStatus, Failure>, CallError> {
        needs!(self, MergeRequests);
        let answer = call!(
            self,
            OpenMergeRequest,
            settings,
            merge_requests.call_open(request),
            {
                let request = to_guest::new_merge_request(request);
            }
        );
        verdict(answer, from_guest::merge_request_status)
    }

    async fn merge_request_status(
        &self,
        number: u64,
        settings: &Settings,
    ) -> Result<Result<Option<MergeRequestStatus>, Failure>, CallError> {
        needs!(self, MergeRequests);
        let answer = call!(
            self,
            MergeRequestStatus,
            settings,
            merge_requests.call_status(number),
            {}
        );
        verdict(answer, |status| {
            status.map(from_guest::merge_request_status).transpose()
        })
    }

    async fn presets(&self) -> Result<Vec<Preset>, CallError> {
        if !self.can(Capability::Mapping) {
            return Err(lacking_mapping());
        }
        let told = self
            .run(
                Function::Mapping,
                &Settings::default(),
                async |live: &mut Live, _: &str| {
                    live.guest.mappings()?.call_presets(&mut live.store).await
                },
            )
            .await?;
        mapping::presets(told)
    }

    async fn check_mapping(&self, settings: &Settings) -> Result<Vec<MappingProblem>, CallError> {
        if !self.can(Capability::Mapping) {
            return Err(lacking_mapping());
        }
        let told = call!(self, Mapping, settings, mappings.call_check(), {});
        Ok(mapping::problems(told))
    }

    async fn preview(
        &self,
        webhook: Webhook,
        settings: &Settings,
    ) -> Result<Result<Delivery, Misfit>, CallError> {
        if !self.can(Capability::Mapping) {
            return Err(lacking_mapping());
        }
        let told = call!(self, Mapping, settings, mappings.call_preview(webhook), {
            let headers = to_guest::headers(&webhook, &[]);
            let webhook = to_guest::webhook(&webhook, &headers);
        });
        mapping::previewed(told, self.id())
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
            lent_message!(message);
        });
        verdict(answer, |receipt| Ok(from_guest::receipt(receipt)))
    }

    async fn update(
        &self,
        handle: &str,
        message: &Message,
        settings: &Settings,
    ) -> Result<Result<Followed, Failure>, CallError> {
        needs!(self, Update);
        let answer = call!(
            self,
            Update,
            settings,
            updates.call_update(handle, message),
            {
                lent_message!(message);
            }
        );
        verdict(answer, |followed| Ok(from_guest::followed(followed)))
    }

    async fn reply(
        &self,
        handle: &str,
        message: &Message,
        settings: &Settings,
    ) -> Result<Result<Followed, Failure>, CallError> {
        needs!(self, Reply);
        let answer = call!(
            self,
            Reply,
            settings,
            replies.call_reply(handle, message),
            {
                lent_message!(message);
            }
        );
        verdict(answer, |followed| Ok(from_guest::followed(followed)))
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
