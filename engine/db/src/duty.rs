//! Work that one server does at a time among those that share the database.

use crate::{Attached, Db, Dialect, node};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    Retention,
}

/// Held while the work goes on. It ends with this, or with the server.
pub struct OnDuty(#[expect(dead_code, reason = "the lock goes with it")] Option<Attached>);

impl Db {
    /// None: another server is at it.
    pub async fn take_duty(&self, duty: Duty) -> Result<Option<OnDuty>, sqlx::Error> {
        if self.dialect() == Dialect::Sqlite {
            // It has one server.
            return Ok(Some(OnDuty(None)));
        }
        let mut session = self.attached().await?;
        let taken = node::try_duty(session.connection(), duty as i64).await?;
        Ok(taken.then_some(OnDuty(Some(session))))
    }
}
