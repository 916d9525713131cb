//! May somebody see or change what a path or a body names?

use super::{Sight, Standing, Thing, store};
use crate::{
    app::App,
    auth::access::Verb,
    http::ApiError,
    target::no_such,
    user::{Role, User},
};
use push_notify_core::{
    config::Visibility,
    i18n::Text,
    id::{RowId, SqlId, listed},
};

impl User {
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }

    /// Whose things this user sees. Whoever registered and waits to be confirmed sees what is
    /// theirs.
    pub fn sight(&self, app: &App) -> Sight {
        let sees_all =
            self.is_admin() || self.confirmed && app.config.auth.visibility == Visibility::All;
        match sees_all {
            true => Sight::All,
            false => Sight::Own(self.id),
        }
    }
}

/// Refuses unless the user may see or change the thing with these ids: 404 where they may not see
/// it, 403 where they may not change it. Whether there is such a thing is for the handler to see.
/// The ids are those of the path, plain numbers as `thing` says of which tables they are.
pub async fn permit(
    app: &App,
    user: &User,
    thing: Thing,
    ids: &[i64],
    to: Verb,
) -> Result<(), ApiError> {
    let sight = user.sight(app);
    if user.is_admin() || to == Verb::Read && sight == Sight::All {
        return Ok(());
    }
    let standing = store::standing(app.db.read(), thing, ids, user.id).await?;
    judge(thing, standing, sight, to)
}

fn judge(thing: Thing, standing: Option<Standing>, sight: Sight, to: Verb) -> Result<(), ApiError> {
    let Some(standing) = standing else {
        return Err(thing.not_found());
    };
    match to {
        Verb::Write if standing.changes => Ok(()),
        _ if sight != Sight::All && !standing.sees => Err(thing.not_found()),
        Verb::Write => Err(thing.not_yours()),
        Verb::Read => Ok(()),
    }
}

/// Whether the user may see this one.
pub async fn sees(app: &App, user: &User, thing: Thing, id: impl RowId) -> Result<bool, ApiError> {
    match permit(app, user, thing, &[id.get()], Verb::Read).await {
        Ok(()) => Ok(true),
        Err(error) if error.status.is_server_error() => Err(error),
        Err(_) => Ok(false),
    }
}

/// Refuses unless the user may change all of those that a field of the body names: 422 for those
/// that they may not see, as for those that there are not, 403 for the others.
pub async fn require_all(
    app: &App,
    user: &User,
    thing: Thing,
    ids: &[impl SqlId],
    field: &str,
) -> Result<(), ApiError> {
    if user.is_admin() {
        return Ok(());
    }
    let sight = user.sight(app);
    let standings = store::standings(app.db.read(), thing, ids, user.id).await?;
    let (mut unknown, mut kept) = (Vec::new(), Vec::new());
    for id in ids {
        match standings.get(id) {
            Some(standing) if standing.changes => {}
            Some(standing) if standing.sees || sight == Sight::All => kept.push(*id),
            _ => unknown.push(*id),
        }
    }
    if !unknown.is_empty() {
        let mut error = ApiError::invalid(vec![no_such(field, &unknown)]);
        let not_found = thing.not_found();
        error.code = not_found.code;
        error.message = not_found.message;
        return Err(error);
    }
    if kept.is_empty() {
        return Ok(());
    }
    let kept = listed(kept);
    let problem = Text::made(
        format!("包含您无权更改的ID：{kept}"),
        format!("holds ids of what you may not change: {kept}"),
    );
    Err(thing
        .not_yours()
        .with(vec![Text::of_field(field, &problem)]))
}

#[cfg(test)]
mod tests;
