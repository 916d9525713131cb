use crate::bindings::{channel::exports::push_notify::plugin::channel::Guest, host};
use crate::{Failure, Message, Receipt, call};
use host::push_notify::plugin::types::Settings;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// Delivers messages to targets of one type.
pub trait Channel {
    /// What a target of this type carries: the fields that `plugin.toml` declares. A secret one is
    /// a [`Secret`](crate::Secret).
    type Config: DeserializeOwned;

    /// Delivers one message. The failure says what happens next; see [`Failure`].
    fn send(config: Self::Config, message: Message) -> Result<Receipt, Failure>;

    /// Whether the configuration would work, without a message that anybody sees. Without one,
    /// readable settings are enough.
    fn probe(config: Self::Config) -> Result<(), Failure> {
        let _ = config;
        Ok(())
    }
}

/// Makes `$plugin`, which implements [`Channel`](trait@crate::Channel), the plugin that this crate
/// is.
#[macro_export]
macro_rules! channel {
    ($plugin:ty) => {
        const _: () = $crate::__private::is_channel::<$plugin>();
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Exported = $crate::__private::Channel<$plugin>;
    $crate::bindings::channel::export!(Exported with_types_in $crate::bindings::channel);
        };
    };
}

pub const fn is_channel<T: Channel>() {}

/// The contract's side of a channel.
pub struct Exported<T>(PhantomData<T>);

impl<T: Channel> Guest for Exported<T> {
    fn send(message: Message, settings: Settings) -> Result<Receipt, Failure> {
        call::begin();
        T::send(call::config_or_failure(&settings)?, message)
    }

    fn probe(settings: Settings) -> Result<(), Failure> {
        call::begin();
        T::probe(call::config_or_failure(&settings)?)
    }
}
