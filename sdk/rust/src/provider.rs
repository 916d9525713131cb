use crate::bindings::{
    changes::exports::push_notify::plugin::changes::Guest as ChangesGuest, host,
    mappings::exports::push_notify::plugin::mappings::Guest as MappingsGuest,
    merge_requests::exports::push_notify::plugin::merge_requests::Guest as MergeRequestsGuest,
    provider::exports::push_notify::plugin::provider::Guest,
    reviews::exports::push_notify::plugin::reviews::Guest as ReviewsGuest,
};
use crate::{
    Challenge, ChangePage, Delivery, Event, Failure, MappingProblem, MergeRequestStatus, Misfit,
    NewMergeRequest, Preset, Published, Reception, Rejection, Review, Webhook, call, log,
};
use host::push_notify::plugin::types::Settings;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// Understands what a source sends: a Git host, a pipeline, a monitor.
pub trait Provider {
    /// What a repository of this type carries: `url`, `webhook_secret` and `access_token` (both
    /// [`Secret`](crate::Secret)s), and the fields that `plugin.toml` declares.
    type Config: DeserializeOwned;

    /// Authenticates a webhook request, before anything else, and normalises it.
    fn receive(webhook: Webhook, config: Self::Config) -> Result<Delivery, Rejection>;

    /// What the sender wants to hear before it sends anything, where this request asks for that.
    /// It is asked before [`Provider::receive`], and must prove who asks where it can.
    fn challenge(webhook: &Webhook, config: &Self::Config) -> Option<Challenge> {
        let _ = (webhook, config);
        None
    }

    /// Whether the source can be reached with this configuration. Without one, readable settings
    /// are enough.
    fn probe(config: Self::Config) -> Result<(), Failure> {
        let _ = config;
        Ok(())
    }
}

/// What a Git host knows of a change: the capability `changes`.
pub trait Changes: Provider {
    /// The files that the event changed, with their diffs, part by part: the engine comes back with
    /// the part's `next` as `from`. A part is what fits into a call's time and memory, such as one
    /// page of the host's list.
    fn changes(
        event: Event,
        from: Option<String>,
        config: Self::Config,
    ) -> Result<ChangePage, Failure>;

    /// A file as the event left it. None: it is not text, is too large, or is not there.
    fn content(event: Event, path: String, config: Self::Config)
    -> Result<Option<String>, Failure>;
}

/// Reviews at a Git host: the capability `reviews`.
pub trait Reviews: Provider {
    /// Shows a review where the change is discussed. It may be called again after a failure: what
    /// is there already must not be repeated ([`forge::Posted`](crate::forge::Posted) remembers).
    fn publish(event: Event, review: Review, config: Self::Config) -> Result<Published, Failure>;
}

/// Merge requests of the engine's own at a Git host: the capability `merge_requests`.
pub trait MergeRequests: Provider {
    /// Opens one. Where one of the same branches is open already, that one is the answer.
    fn open(request: NewMergeRequest, config: Self::Config) -> Result<MergeRequestStatus, Failure>;

    /// One as it is now. None: there is none of that number.
    fn status(number: u64, config: Self::Config) -> Result<Option<MergeRequestStatus>, Failure>;
}

/// Events by a mapping that an administrator writes: the capability `mapping`.
pub trait Mappings: Provider {
    /// Mappings of well-known senders, to begin with.
    fn presets() -> Vec<Preset>;

    /// What is wrong with the configuration, before any delivery. It holds no secrets.
    fn check(config: Self::Config) -> Vec<MappingProblem>;

    /// What [`Provider::receive`] would make of a request if it were proved; here nothing is, and
    /// the configuration holds no secrets.
    fn preview(webhook: Webhook, config: Self::Config) -> Result<Delivery, Misfit>;
}

/// Makes `$plugin`, which implements [`Provider`](trait@crate::Provider), the plugin that this
/// crate is. What it can do beyond that, as `capabilities` in its manifest says, comes after a
/// colon: `provider!(MyHost: changes, reviews, merge_requests)`.
#[macro_export]
macro_rules! provider {
    ($plugin:ty $(: $($capability:ident),+ $(,)?)?) => {
        const _: () = $crate::__private::is_provider::<$plugin>();
        $crate::__export!(provider, Provider, $plugin);
        $($($crate::__provider_capability!($capability, $plugin);)+)?
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __provider_capability {
    (changes, $plugin:ty) => {
        const _: () = $crate::__private::can_tell_changes::<$plugin>();
        $crate::__export!(changes, Provider, $plugin);
    };
    (reviews, $plugin:ty) => {
        const _: () = $crate::__private::can_show_reviews::<$plugin>();
        $crate::__export!(reviews, Provider, $plugin);
    };
    (mapping, $plugin:ty) => {
        const _: () = $crate::__private::can_map::<$plugin>();
        $crate::__export!(mappings, Provider, $plugin);
    };
    (merge_requests, $plugin:ty) => {
        const _: () = $crate::__private::can_open_merge_requests::<$plugin>();
        $crate::__export!(merge_requests, Provider, $plugin);
    };
}

/// Exports one interface of the contract.
#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    ($interface:ident, $kind:ident, $plugin:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Exported = $crate::__private::$kind<$plugin>;
    $crate::bindings::$interface::export!(Exported with_types_in $crate::bindings::$interface);
        };
    };
}

pub const fn is_provider<T: Provider>() {}
pub const fn can_tell_changes<T: Changes>() {}
pub const fn can_show_reviews<T: Reviews>() {}
pub const fn can_map<T: Mappings>() {}
pub const fn can_open_merge_requests<T: MergeRequests>() {}

/// The contract's side of a provider.
pub struct Exported<T>(PhantomData<T>);

impl<T: Provider> Guest for Exported<T> {
    fn receive(webhook: Webhook, settings: Settings) -> Result<Reception, Rejection> {
        call::begin();
        // Nothing can be authenticated without settings, and the sender must not be told that its
        // body is wrong.
        let config = call::config(&settings).map_err(|problem| {
            log::error(&problem);
            Rejection::Unauthenticated(problem)
        })?;
        match T::challenge(&webhook, &config) {
            Some(challenge) => Ok(Reception::Challenge(challenge)),
            None => T::receive(webhook, config).map(Reception::Delivery),
        }
    }

    fn probe(settings: Settings) -> Result<(), Failure> {
        call::begin();
        T::probe(call::config_or_failure(&settings)?)
    }
}

impl<T: Changes> ChangesGuest for Exported<T> {
    fn changes(
        event: Event,
        from: Option<String>,
        settings: Settings,
    ) -> Result<ChangePage, Failure> {
        call::begin();
        T::changes(event, from, call::config_or_failure(&settings)?)
    }

    fn content(event: Event, path: String, settings: Settings) -> Result<Option<String>, Failure> {
        call::begin();
        T::content(event, path, call::config_or_failure(&settings)?)
    }
}

impl<T: Reviews> ReviewsGuest for Exported<T> {
    fn publish(event: Event, review: Review, settings: Settings) -> Result<Published, Failure> {
        call::begin();
        T::publish(event, review, call::config_or_failure(&settings)?)
    }
}

impl<T: MergeRequests> MergeRequestsGuest for Exported<T> {
    fn open(request: NewMergeRequest, settings: Settings) -> Result<MergeRequestStatus, Failure> {
        call::begin();
        T::open(request, call::config_or_failure(&settings)?)
    }

    fn status(number: u64, settings: Settings) -> Result<Option<MergeRequestStatus>, Failure> {
        call::begin();
        T::status(number, call::config_or_failure(&settings)?)
    }
}

impl<T: Mappings> MappingsGuest for Exported<T> {
    fn presets() -> Vec<Preset> {
        call::begin();
        T::presets()
    }

    fn check(settings: Settings) -> Vec<MappingProblem> {
        call::begin();
        match call::config(&settings) {
            Ok(config) => T::check(config),
            Err(problem) => vec![unreadable(problem)],
        }
    }

    fn preview(webhook: Webhook, settings: Settings) -> Result<Delivery, Misfit> {
        call::begin();
        let config = call::config(&settings);
        let config = config.map_err(|problem| Misfit::Faulty(vec![unreadable(problem)]))?;
        T::preview(webhook, config)
    }
}

fn unreadable(problem: String) -> MappingProblem {
    MappingProblem {
        field: String::new(),
        zh: format!("无法读取：{problem}"),
        en: problem,
    }
}
