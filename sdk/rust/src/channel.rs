use crate::bindings::{
    channel::exports::push_notify::plugin::channel::Guest, host,
    replies::exports::push_notify::plugin::replies::Guest as RepliesGuest,
    updates::exports::push_notify::plugin::updates::Guest as UpdatesGuest,
};
use crate::{Failure, Followed, Message, Receipt, call};
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

/// Changes messages that are there: the capability `update`.
pub trait Updates: Channel {
    /// Puts `message` in the place of the one whose receipt had this handle.
    fn update(config: Self::Config, handle: String, message: Message) -> Result<Followed, Failure>;
}

/// Answers messages that are there: the capability `reply`.
pub trait Replies: Channel {
    /// Sends `message` as an answer to the one whose receipt had this handle.
    fn reply(config: Self::Config, handle: String, message: Message) -> Result<Followed, Failure>;
}

/// Makes `$plugin`, which implements [`Channel`](trait@crate::Channel), the plugin that this crate
/// is. What it can do beyond that, as `capabilities` in its manifest says, comes after a colon:
/// `channel!(MyChat: update, reply)`.
#[macro_export]
macro_rules! channel {
    ($plugin:ty $(: $($capability:ident),+ $(,)?)?) => {
        const _: () = $crate::__private::is_channel::<$plugin>();
        $crate::__export!(channel, Channel, $plugin);
        $($($crate::__channel_capability!($capability, $plugin);)+)?
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __channel_capability {
    (update, $plugin:ty) => {
        const _: () = $crate::__private::can_update::<$plugin>();
        $crate::__export!(updates, Channel, $plugin);
    };
    (reply, $plugin:ty) => {
        const _: () = $crate::__private::can_reply::<$plugin>();
        $crate::__export!(replies, Channel, $plugin);
    };
}

pub const fn is_channel<T: Channel>() {}
pub const fn can_update<T: Updates>() {}
pub const fn can_reply<T: Replies>() {}

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

impl<T: Updates> UpdatesGuest for Exported<T> {
    fn update(handle: String, message: Message, settings: Settings) -> Result<Followed, Failure> {
        call::begin();
        T::update(call::config_or_failure(&settings)?, handle, message)
    }
}

impl<T: Replies> RepliesGuest for Exported<T> {
    fn reply(handle: String, message: Message, settings: Settings) -> Result<Followed, Failure> {
        call::begin();
        T::reply(call::config_or_failure(&settings)?, handle, message)
    }
}
