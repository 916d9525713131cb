//! Why a delivery is no event.

use super::excerpt;
use crate::{Rejection, Secret};

/// Where the sender proves nothing.
pub fn unauthenticated(reason: &str) -> Rejection {
    Rejection::Unauthenticated(reason.to_owned())
}

/// The secret to prove a delivery with. A repository without one receives nothing.
pub fn secret(secret: Option<&Secret>) -> Result<&Secret, Rejection> {
    secret
        .filter(|secret| !secret.is_empty())
        .ok_or_else(|| unauthenticated("the repository has no webhook secret"))
}

/// Where a field that nothing can do without is absent or empty.
pub fn missing(field: &str) -> Rejection {
    Rejection::Malformed(format!("{field} is missing"))
}

/// Where the host announces what nobody is told of: `what`, such as `event`, of this name.
pub fn of_no_interest(what: &str, name: &str) -> Rejection {
    let name = excerpt(name);
    Rejection::Ignored(format!("{what} {name} is of no interest"))
}
