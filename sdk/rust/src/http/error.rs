use super::Error;
use crate::Failure;

/// Denied: misconfigured. Invalid and TooLarge: rejected. Everything else: retry.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(text) => Self::Misconfigured(text),
            Error::Invalid(text) => Self::Rejected(text),
            Error::Unreachable(text) => Self::retry(text),
            Error::TimedOut => Self::retry("no answer in time"),
            Error::TooLarge => {
                Self::Rejected("the answer is too large; it may have been delivered".to_owned())
            }
        }
    }
}
