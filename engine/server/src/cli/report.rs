//! What a person is told of an error. Backtraces are for those who develop.

use push_notify_db::DbError;
use std::{env, panic};

/// For those who look for what another configuration has.
pub(super) const OTHER_CONFIGURATION: &str =
    "If the server runs with another configuration, name it: --config FILE, or PUSH_NOTIFY_CONFIG";

/// The error and its causes in one line, none of them twice.
pub(super) fn told(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        // Some errors say their cause themselves.
        if !text.contains(&cause) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause);
        }
    }
    let is_missing = |cause: &(dyn std::error::Error + 'static)| {
        matches!(cause.downcast_ref(), Some(DbError::Missing { .. }))
    };
    if error.chain().any(is_missing) {
        text.push('\n');
        text.push_str(OTHER_CONFIGURATION);
    }
    text
}

/// A panic is a fault of ours and becomes a line of the log; with RUST_BACKTRACE set, what Rust
/// says of it as well.
pub(super) fn panics_in_plain_words() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let payload = panic.payload();
        let said = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(at = place, "internal error: {said}");
        if env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            usual(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::told;
    use anyhow::Context as _;
    use push_notify_db::DbError;

    #[test]
    fn causes_stand_in_one_line_and_none_twice() {
        let error = anyhow::anyhow!("no such file").context("cannot read it: no such file");
        assert_eq!(told(&error), "cannot read it: no such file");
        let error = anyhow::anyhow!("refused")
            .context("no answer")
            .context("redis");
        assert_eq!(told(&error), "redis: no answer: refused");
    }

    #[test]
    fn a_database_that_is_not_there_may_be_that_of_another_configuration() {
        let error = std::io::Error::from(std::io::ErrorKind::NotFound);
        let missing = DbError::Missing {
            file: "data/push-notify.db".to_owned(),
            error,
        };
        let told = told(&Err::<(), _>(missing).context("backup").unwrap_err());
        assert!(
            told.contains("there is no database data/push-notify.db"),
            "{told}"
        );
        assert!(told.contains("--config FILE"), "{told}");
    }
}
