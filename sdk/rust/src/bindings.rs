//! The contract as Rust: made from `wit/v0.1` when the crate is built. One world for what plugins
//! import and all types, and one for each interface that a plugin may export, which takes the types
//! of the first.

/// Imports and types.
pub mod host {
    wit_bindgen::generate!({
        inline: "
            package push-notify:sdk;
            world host {
                include push-notify:plugin/platform@0.1.0;
                import push-notify:plugin/types@0.1.0;
                import push-notify:plugin/provider-types@0.1.0;
                import push-notify:plugin/channel-types@0.1.0;
                import push-notify:plugin/ai-types@0.1.0;
            }
        ",
        path: "wit/v0.1",
        generate_all,
        generate_unused_types: true,
        runtime_path: "::push_notify_sdk::__private::rt",
        additional_derives: [PartialEq, Eq],
        additional_type_attributes: {
            "push-notify:plugin/types@0.1.0/settings": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/person": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/commit": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/repository": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/merge-request": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/comment": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/issue": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/release": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/alert": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/alert-group": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/label": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/field": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/event": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/retry": [#[derive(Default)]],
            "push-notify:plugin/types@0.1.0/partial": [#[derive(Default)]],
            "push-notify:plugin/provider-types@0.1.0/webhook": [#[derive(Default)]],
            "push-notify:plugin/provider-types@0.1.0/delivery": [#[derive(Default)]],
            "push-notify:plugin/provider-types@0.1.0/published": [#[derive(Default)]],
            "push-notify:plugin/channel-types@0.1.0/message": [#[derive(Default)]],
            "push-notify:plugin/channel-types@0.1.0/receipt": [#[derive(Default)]],
            "push-notify:plugin/ai-types@0.1.0/request": [#[derive(Default)]],
            "push-notify:plugin/ai-types@0.1.0/usage": [#[derive(Default)]],
        },
    });
}

macro_rules! export {
    ($kind:ident, $world:literal, $($types:tt)*) => {
        /// What the engine calls.
        pub mod $kind {
            wit_bindgen::generate!({
                inline: $world,
                path: "wit/v0.1",
                generate_all,
                pub_export_macro: true,
                runtime_path: "::push_notify_sdk::__private::rt",
                with: $($types)*,
            });
        }
    };
}

export!(provider, "package push-notify:sdk; world provider-plugin { export push-notify:plugin/provider@0.1.0; }", {
    "push-notify:plugin/types@0.1.0": crate::bindings::host::push_notify::plugin::types,
    "push-notify:plugin/provider-types@0.1.0": crate::bindings::host::push_notify::plugin::provider_types,
});
export!(changes, "package push-notify:sdk; world changes-plugin { export push-notify:plugin/changes@0.1.0; }", {
    "push-notify:plugin/types@0.1.0": crate::bindings::host::push_notify::plugin::types,
    "push-notify:plugin/provider-types@0.1.0": crate::bindings::host::push_notify::plugin::provider_types,
});
export!(reviews, "package push-notify:sdk; world reviews-plugin { export push-notify:plugin/reviews@0.1.0; }", {
    "push-notify:plugin/types@0.1.0": crate::bindings::host::push_notify::plugin::types,
    "push-notify:plugin/provider-types@0.1.0": crate::bindings::host::push_notify::plugin::provider_types,
});
export!(merge_requests, "package push-notify:sdk; world merge-requests-plugin { export push-notify:plugin/merge-requests@0.1.0; }", {
    "push-notify:plugin/types@0.1.0": crate::bindings::host::push_notify::plugin::types,
    "push-notify:plugin/provider-types@0.1.0": crate::bindings::host::push_notify::plugin::provider_types,
});
export!(mappings, "package push-notify:sdk; world mappings-plugin { export push-notify:plugin/mappings@0.1.0; }", {
    "push-notify:plugin/types@0.1.0": crate::bindings::host::push_notify::plugin::types,
    "push-notify:plugin/provider-types@0.1.0": crate::bindings::host::push_notify::plugin::provider_types,
});
export!(channel, "package push-notify:sdk; world channel-plugin { export push-notify:plugin/channel@0.1.0; }", {
    "push-notify:plugin/types@0.1.0": crate::bindings::host::push_notify::plugin::types,
    "push-notify:plugin/channel-types@0.1.0": crate::bindings::host::push_notify::plugin::channel_types,
});
export!(updates, "package push-notify:sdk; world updates-plugin { export push-notify:plugin/updates@0.1.0; }", {
    "push-notify:plugin/types@0.1.0": crate::bindings::host::push_notify::plugin::types,
    "push-notify:plugin/channel-types@0.1.0": crate::bindings::host::push_notify::plugin::channel_types,
});
export!(replies, "package push-notify:sdk; world replies-plugin { export push-notify:plugin/replies@0.1.0; }", {
    "push-notify:plugin/types@0.1.0": crate::bindings::host::push_notify::plugin::types,
    "push-notify:plugin/channel-types@0.1.0": crate::bindings::host::push_notify::plugin::channel_types,
});
export!(ai, "package push-notify:sdk; world ai-plugin { export push-notify:plugin/ai@0.1.0; }", {
    "push-notify:plugin/types@0.1.0": crate::bindings::host::push_notify::plugin::types,
    "push-notify:plugin/ai-types@0.1.0": crate::bindings::host::push_notify::plugin::ai_types,
});
