use super::super::instance::State;
use exports::push_notify::plugin::{
    ai, changes, channel, mappings, merge_requests, provider, replies, reviews, updates,
};
use push_notify_manifest::{Capability, Kind, Manifest};
use wasmtime::component::{Instance, InstancePre};

// Arguments are borrowed, so that a body is copied once: into the guest.
wasmtime::component::bindgen!({
    path: "../../sdk/wit/v0.1",
    inline: "
        package push-notify:host;
        world plugin {
            include push-notify:plugin/platform@0.1.0;
            export push-notify:plugin/provider@0.1.0;
            export push-notify:plugin/changes@0.1.0;
            export push-notify:plugin/reviews@0.1.0;
            export push-notify:plugin/merge-requests@0.1.0;
            export push-notify:plugin/mappings@0.1.0;
            export push-notify:plugin/channel@0.1.0;
            export push-notify:plugin/updates@0.1.0;
            export push-notify:plugin/replies@0.1.0;
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

/// Where a component's functions are, looked up once. What is optional is there when the manifest
/// says so.
pub(in crate::wasm) enum Indices {
    Provider {
        provider: provider::GuestIndices,
        changes: Option<changes::GuestIndices>,
        reviews: Option<reviews::GuestIndices>,
        merge_requests: Option<merge_requests::GuestIndices>,
        mappings: Option<mappings::GuestIndices>,
    },
    Channel {
        channel: channel::GuestIndices,
        updates: Option<updates::GuestIndices>,
        replies: Option<replies::GuestIndices>,
    },
    Ai(ai::GuestIndices),
}

/// An instance's functions.
pub(in crate::wasm) enum Guest {
    Provider {
        provider: provider::Guest,
        changes: Option<changes::Guest>,
        reviews: Option<reviews::Guest>,
        merge_requests: Option<merge_requests::Guest>,
        mappings: Option<mappings::Guest>,
    },
    Channel {
        channel: channel::Guest,
        updates: Option<updates::Guest>,
        replies: Option<replies::Guest>,
    },
    Ai(ai::Guest),
}

/// An optional interface's functions, where it is there.
macro_rules! where_there {
    ($indices:expr, $store:ident, $instance:ident) => {
        match $indices {
            Some(indices) => Some(indices.load(&mut *$store, $instance)?),
            None => None,
        }
    };
}

impl Indices {
    pub(in crate::wasm) fn new(
        manifest: &Manifest,
        pre: &InstancePre<State>,
    ) -> wasmtime::Result<Self> {
        let has = |capability| manifest.capabilities.contains(&capability);
        Ok(match manifest.kind {
            Kind::Provider => Self::Provider {
                provider: provider::GuestIndices::new(pre)?,
                changes: has(Capability::Changes)
                    .then(|| changes::GuestIndices::new(pre))
                    .transpose()?,
                reviews: has(Capability::Reviews)
                    .then(|| reviews::GuestIndices::new(pre))
                    .transpose()?,
                merge_requests: has(Capability::MergeRequests)
                    .then(|| merge_requests::GuestIndices::new(pre))
                    .transpose()?,
                mappings: has(Capability::Mapping)
                    .then(|| mappings::GuestIndices::new(pre))
                    .transpose()?,
            },
            Kind::Channel => Self::Channel {
                channel: channel::GuestIndices::new(pre)?,
                updates: has(Capability::Update)
                    .then(|| updates::GuestIndices::new(pre))
                    .transpose()?,
                replies: has(Capability::Reply)
                    .then(|| replies::GuestIndices::new(pre))
                    .transpose()?,
            },
            Kind::Ai => Self::Ai(ai::GuestIndices::new(pre)?),
        })
    }

    pub(in crate::wasm) fn load(
        &self,
        store: &mut wasmtime::Store<State>,
        instance: &Instance,
    ) -> wasmtime::Result<Guest> {
        Ok(match self {
            Self::Provider {
                provider,
                changes,
                reviews,
                merge_requests,
                mappings,
            } => Guest::Provider {
                provider: provider.load(&mut *store, instance)?,
                changes: where_there!(changes, store, instance),
                reviews: where_there!(reviews, store, instance),
                merge_requests: where_there!(merge_requests, store, instance),
                mappings: where_there!(mappings, store, instance),
            },
            Self::Channel {
                channel,
                updates,
                replies,
            } => Guest::Channel {
                channel: channel.load(&mut *store, instance)?,
                updates: where_there!(updates, store, instance),
                replies: where_there!(replies, store, instance),
            },
            Self::Ai(indices) => Guest::Ai(indices.load(store, instance)?),
        })
    }
}

/// One of a guest's interfaces. That it is not there cannot happen: the registry hands plugins out
/// by kind, and who has not a capability is not called for it.
macro_rules! interface {
    ($name:ident, $guest:ty, $found:pat => $there:expr) => {
        pub(super) fn $name(&self) -> wasmtime::Result<&$guest> {
            let found = match self {
                $found => $there,
                _ => None,
            };
            found.ok_or_else(|| {
                wasmtime::format_err!("the plugin has no functions of {}", stringify!($name))
            })
        }
    };
}

impl Guest {
    interface!(provider, provider::Guest, Self::Provider { provider, .. } => Some(provider));
    interface!(changes, changes::Guest, Self::Provider { changes, .. } => changes.as_ref());
    interface!(reviews, reviews::Guest, Self::Provider { reviews, .. } => reviews.as_ref());
    interface!(
        merge_requests,
        merge_requests::Guest,
        Self::Provider { merge_requests, .. } => merge_requests.as_ref()
    );
    interface!(mappings, mappings::Guest, Self::Provider { mappings, .. } => mappings.as_ref());
    interface!(channel, channel::Guest, Self::Channel { channel, .. } => Some(channel));
    interface!(updates, updates::Guest, Self::Channel { updates, .. } => updates.as_ref());
    interface!(replies, replies::Guest, Self::Channel { replies, .. } => replies.as_ref());
    interface!(ai, ai::Guest, Self::Ai(ai) => Some(ai));
}
