use crate::bindings::{ai::exports::push_notify::plugin::ai::Guest, host};
use crate::{AiRequest, Completion, Failure, ModelInfo, call};
use host::push_notify::plugin::types::Settings;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// Speaks the API of an AI vendor.
pub trait Ai {
    /// What a model of this type carries: the fields that `plugin.toml` declares. A secret one is a
    /// [`Secret`](crate::Secret).
    type Config: DeserializeOwned;

    /// Asks the model. The failure says what happens next; see [`Failure`].
    fn complete(config: Self::Config, request: AiRequest) -> Result<Completion, Failure>;

    /// Asks the vendor about the model, at no cost where there is a way.
    fn probe(config: Self::Config) -> Result<ModelInfo, Failure>;
}

/// Makes `$plugin`, which implements [`Ai`](trait@crate::Ai), the plugin that this crate is.
#[macro_export]
macro_rules! ai {
    ($plugin:ty) => {
        const _: () = $crate::__private::is_ai::<$plugin>();
        $crate::__export!(ai, Ai, $plugin);
    };
}

pub const fn is_ai<T: Ai>() {}

/// The contract's side of an AI backend.
pub struct Exported<T>(PhantomData<T>);

impl<T: Ai> Guest for Exported<T> {
    fn complete(request: AiRequest, settings: Settings) -> Result<Completion, Failure> {
        call::begin();
        T::complete(call::config_or_failure(&settings)?, request)
    }

    fn probe(settings: Settings) -> Result<ModelInfo, Failure> {
        call::begin();
        T::probe(call::config_or_failure(&settings)?)
    }
}
