use push_notify_manifest::component::Refusal;

/// Why the host cannot start, or why it refuses a plugin.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("permission `{0}` is not a pattern")]
    Pattern(String),
    #[error("does not compile: {0}")]
    Compile(String),
    #[error("plugin host: {0}")]
    Setup(String),
}
