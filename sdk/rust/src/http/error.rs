use super::Error;
use crate::Failure;

/// Denied: misconfigured. Invalid: rejected. Everything else: retry.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(text) => Self::Misconfigured(text),
            Error::Invalid(text) => Self::Rejected(text),
            Error::Unreachable(text) => Self::retry(text),
            Error::TimedOut => Self::retry("no answer in time"),
            Error::TooLarge => Self::retry("the answer is too large"),
        }
    }
}
