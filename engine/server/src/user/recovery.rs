//! What whoever runs the machine does with accounts, beside a running server: the way back when
//! nobody can log in.

use super::{Status, User, password, store};
use crate::{
    api_key,
    http::client::Client,
    log::operation::{self, AuditEntry},
    session::{self, lockout},
};
use push_notify_core::clock::Micros;
use push_notify_db::Attached;
use sqlx::{AnyConnection, Connection as _};

/// In the log of operations, in place of a user's name.
const BY: &str = "push-notify user";

/// An account that can be logged in to again.
pub struct Recovered {
    pub user: User,
    /// To be changed before anything else.
    pub password: String,
}

/// What was ended of everybody's.
pub struct Ended {
    pub sessions: u64,
    pub api_keys: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    #[error("there is no user {name}; administrators are: {admins}")]
    Unknown { name: String, admins: String },
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Password(#[from] password::PasswordError),
}

/// Gives the user of this name a temporary password, and takes away whatever keeps them from
/// logging in. Sessions and keys end: who has taken an account over must not keep it.
pub async fn reset_password(
    database: &mut Attached,
    name: &str,
    now: Micros,
) -> Result<Recovered, RecoveryError> {
    let temporary = password::make_up();
    let hash = password::Hasher::default().hash(temporary.clone()).await?;
    let dialect = database.dialect();
    let mut transaction = database.connection().begin_with(dialect.begin()).await?;
    let Some(user) = store::find_named(&mut transaction, name).await? else {
        let admins = store::admin_names(&mut transaction).await?;
        return Err(RecoveryError::Unknown {
            name: name.to_owned(),
            admins: admins.join(", "),
        });
    };
    let user = User {
        status: Status::Active,
        must_change_password: true,
        ..user
    };
    store::update(&mut transaction, &user, now).await?;
    store::reset_password(&mut transaction, user.id, &hash, now).await?;
    session::store::revoke_all(&mut transaction, user.id, None, now).await?;
    api_key::store::revoke_all(&mut transaction, user.id, now).await?;
    lockout::store::clear_all(&mut transaction, &lockout::key(&user.username)).await?;
    lockout::store::forget_networks(&mut transaction, user.id).await?;
    record(
        &mut transaction,
        AuditEntry::new("user.reset", user.id, &user.username),
        now,
    )
    .await?;
    transaction.commit().await?;
    Ok(Recovered {
        user,
        password: temporary,
    })
}

/// Ends all sessions and API keys of everybody, as after a database came back from a backup.
pub async fn end_access(database: &mut Attached, now: Micros) -> Result<Ended, sqlx::Error> {
    let dialect = database.dialect();
    let mut transaction = database.connection().begin_with(dialect.begin()).await?;
    let ended = Ended {
        sessions: session::store::revoke_everybodys(&mut transaction, now).await?,
        api_keys: api_key::store::revoke_everybodys(&mut transaction, now).await?,
    };
    let audit = AuditEntry {
        action: "user.end_access",
        object_id: None,
        object_name: "*",
        detail: "",
    };
    record(&mut transaction, audit, now).await?;
    transaction.commit().await?;
    Ok(ended)
}

async fn record(
    connection: &mut AnyConnection,
    audit: AuditEntry<'_>,
    now: Micros,
) -> Result<(), sqlx::Error> {
    let by = operation::store::By {
        user_id: None,
        username: BY,
        api_key_id: None,
        client: &Client::default(),
        request_id: "",
    };
    operation::store::insert(connection, &by, &audit, now).await
}
