use push_notify_manifest::Kind;

/// Why the host cannot start, or why it refuses a plugin.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    #[error("not a WebAssembly component: {0}")]
    NotAComponent(String),
    #[error("no manifest inside: build it with `push-notify-plugin build`")]
    NoManifest,
    #[error("{0}")]
    Manifest(#[from] push_notify_manifest::Error),
    #[error("built for contract {0}; this engine speaks 0.1")]
    Contract(String),
    /// All of them, sorted.
    #[error("imports what the contract does not have: {}", .0.join(", "))]
    Imports(Vec<String>),
    #[error("does not export push-notify:plugin/{0}, as a plugin of this kind must")]
    Export(Kind),
    #[error("permission `{0}` is not a pattern")]
    Pattern(String),
    #[error("does not compile: {0}")]
    Compile(String),
    #[error("plugin host: {0}")]
    Setup(String),
}
