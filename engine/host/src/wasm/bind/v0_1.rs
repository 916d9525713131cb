use super::super::instance::State;
use exports::push_notify::plugin::{ai, channel, provider};
use push_notify_manifest::Kind;
use wasmtime::component::{Instance, InstancePre};

// Arguments are borrowed, so that a body is copied once: into the guest.
wasmtime::component::bindgen!({
    path: "../../sdk/wit/v0.1",
    inline: "
        package push-notify:host;
        world plugin {
            include push-notify:plugin/platform@0.1.0;
            export push-notify:plugin/provider@0.1.0;
            export push-notify:plugin/channel@0.1.0;
            export push-notify:plugin/ai@0.1.0;
        }
    ",
    world: "push-notify:host/plugin",
    ownership: Borrowing { duplicate_if_necessary: true },
    imports: {
        "push-notify:plugin/http.send": async,
        "push-notify:plugin/smtp.send": async,
        "push-notify:plugin/cache": async,
    },
    exports: { default: async },
});

/// Where a component's functions are, looked up once.
pub(in crate::wasm) enum Indices {
    Provider(provider::GuestIndices),
    Channel(channel::GuestIndices),
    Ai(ai::GuestIndices),
}

/// An instance's functions.
pub(in crate::wasm) enum Guest {
    Provider(provider::Guest),
    Channel(channel::Guest),
    Ai(ai::Guest),
}

impl Indices {
    pub(in crate::wasm) fn new(kind: Kind, pre: &InstancePre<State>) -> wasmtime::Result<Self> {
        Ok(match kind {
            Kind::Provider => Self::Provider(provider::GuestIndices::new(pre)?),
            Kind::Channel => Self::Channel(channel::GuestIndices::new(pre)?),
            Kind::Ai => Self::Ai(ai::GuestIndices::new(pre)?),
        })
    }

    pub(in crate::wasm) fn load(
        &self,
        store: &mut wasmtime::Store<State>,
        instance: &Instance,
    ) -> wasmtime::Result<Guest> {
        Ok(match self {
            Self::Provider(indices) => Guest::Provider(indices.load(store, instance)?),
            Self::Channel(indices) => Guest::Channel(indices.load(store, instance)?),
            Self::Ai(indices) => Guest::Ai(indices.load(store, instance)?),
        })
    }
}

impl Guest {
    pub(super) fn provider(&self) -> wasmtime::Result<&provider::Guest> {
        match self {
            Self::Provider(guest) => Ok(guest),
            _ => Err(wrong_kind(Kind::Provider)),
        }
    }

    pub(super) fn channel(&self) -> wasmtime::Result<&channel::Guest> {
        match self {
            Self::Channel(guest) => Ok(guest),
            _ => Err(wrong_kind(Kind::Channel)),
        }
    }

    pub(super) fn ai(&self) -> wasmtime::Result<&ai::Guest> {
        match self {
            Self::Ai(guest) => Ok(guest),
            _ => Err(wrong_kind(Kind::Ai)),
        }
    }
}

/// Cannot happen through the registry, which hands plugins out by kind.
fn wrong_kind(kind: Kind) -> wasmtime::Error {
    wasmtime::format_err!("the plugin is not of kind {kind}")
}
