//! A file at the commit that an event ends at.

use super::{Client, Dialect, check, head, path};
use crate::{Event, Failure, http::Error};

pub(super) fn content<D: Dialect>(
    client: &Client<D>,
    event: &Event,
    name: &str,
) -> Result<Option<String>, Failure> {
    let head = head(event)?;
    let Some(encoded) = path(name) else {
        return Ok(None);
    };
    match D::file(client, name, &encoded, head).send() {
        Err(Error::TooLarge) => Ok(None),
        Ok(answer) if answer.status == 404 || D::is_no_file(&answer) => Ok(None),
        answer => D::text(check(answer?)?),
    }
}
