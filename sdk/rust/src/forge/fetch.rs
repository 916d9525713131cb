use super::Part;
use crate::{
    Failure,
    http::{Error, Request, Response},
};

/// The page that `part` names, or its start where all of it is too large for one answer, and which
/// part it is. None when its first file alone is too large. `ask` makes the request.
pub fn fetch(
    mut part: Part,
    ask: impl Fn(Part) -> Request,
) -> Result<Option<(Response, Part)>, Failure> {
    loop {
        match ask(part).send() {
            Err(Error::TooLarge) => match part.smaller() {
                Some(smaller) => part = smaller,
                None => return Ok(None),
            },
            answer => return Ok(Some((answer?, part))),
        }
    }
}
