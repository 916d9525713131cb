use crate::bindings::{host, provider::exports::push_notify::plugin::provider::Guest};
use crate::{
    ChangePage, Delivery, Event, Failure, Published, Rejection, Review, Webhook, call, log,
};
use host::push_notify::plugin::types::Settings;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// Speaks the dialect of a Git host.
pub trait Provider {
    /// What a repository of this type carries: `url`, `webhook_secret` and `access_token` (both
    /// [`Secret`](crate::Secret)s), and the fields that `plugin.toml` declares.
    type Config: DeserializeOwned;

    /// Authenticates a webhook request, before anything else, and normalises it.
    fn receive(webhook: Webhook, config: Self::Config) -> Result<Delivery, Rejection>;

    /// The files that the event changed, with their diffs, part by part: the engine comes back with
    /// the part's `next` as `from`. A part is what fits into a call's time and memory, such as one
    /// page of the host's list.
    fn changes(
        event: Event,
        from: Option<String>,
        config: Self::Config,
    ) -> Result<ChangePage, Failure> {
        let _ = (event, from, config);
        Err(Failure::rejected("not supported by this provider"))
    }

    /// A file as the event left it. None: it is not text, is too large, or is not there.
    fn content(
        event: Event,
        path: String,
        config: Self::Config,
    ) -> Result<Option<String>, Failure> {
        let _ = (event, path, config);
        Ok(None)
    }

    /// Shows a review where the change is discussed. It may be called again after a failure: what
    /// is there already must not be repeated ([`forge::Posted`](crate::forge::Posted) remembers).
    fn publish_review(
        event: Event,
        review: Review,
        config: Self::Config,
    ) -> Result<Published, Failure> {
        let _ = (event, review, config);
        Err(Failure::rejected("not supported by this provider"))
    }

    /// Whether the repository can be reached with this configuration. Without one, readable
    /// settings are enough.
    fn probe(config: Self::Config) -> Result<(), Failure> {
        let _ = config;
        Ok(())
    }
}

/// Makes `$plugin`, which implements [`Provider`](trait@crate::Provider), the plugin that this
/// crate is.
#[macro_export]
macro_rules! provider {
    ($plugin:ty) => {
        const _: () = $crate::__private::is_provider::<$plugin>();
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Exported = $crate::__private::Provider<$plugin>;
    $crate::bindings::provider::export!(Exported with_types_in $crate::bindings::provider);
        };
    };
}

pub const fn is_provider<T: Provider>() {}

/// The contract's side of a provider.
pub struct Exported<T>(PhantomData<T>);

impl<T: Provider> Guest for Exported<T> {
    fn receive(webhook: Webhook, settings: Settings) -> Result<Delivery, Rejection> {
        call::begin();
        // Nothing can be authenticated without settings, and the sender must not be told that its
        // body is wrong.
        let config = call::config(&settings).map_err(|problem| {
            log::error(&problem);
            Rejection::Unauthenticated(problem)
        })?;
        T::receive(webhook, config)
    }

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

    fn publish_review(
        event: Event,
        review: Review,
        settings: Settings,
    ) -> Result<Published, Failure> {
        call::begin();
        T::publish_review(event, review, call::config_or_failure(&settings)?)
    }

    fn probe(settings: Settings) -> Result<(), Failure> {
        call::begin();
        T::probe(call::config_or_failure(&settings)?)
    }
}
