//! Advisory locks of PostgreSQL, and the connections that hold them.

use super::{NODES, Number, keep::NodeSession};
use push_notify_core::clock::Clock;
use sqlx::{AnyConnection, Connection as _};
use tokio::time::Instant;

/// Keeps our locks apart from those of other programs on the same PostgreSQL: "push" in ASCII. The
/// last 16 bits are a number.
const LOCK_SPACE: i64 = 0x7075_7368 << 16;
/// Whose lock it is to start.
const TURN: i64 = LOCK_SPACE + NODES;
/// Then come the duties.
const FIRST_DUTY: i64 = NODES + 1;

/// A connection that holds a number.
pub(super) struct Session {
    connection: AnyConnection,
    pub number: i64,
}

/// A connection that keeps others from starting.
pub struct StartupLock(AnyConnection);

/// Waits until nobody else is starting.
pub async fn startup_lock(url: &str) -> Result<StartupLock, sqlx::Error> {
    let mut connection = AnyConnection::connect(url).await?;
    // Whoever takes longer hangs; then this start fails and says so.
    sqlx::raw_sql("SET lock_timeout = '120s'")
        .execute(&mut connection)
        .await?;
    sqlx::query("SELECT 1 FROM pg_advisory_lock($1)")
        .bind(TURN)
        .execute(&mut connection)
        .await?;
    Ok(StartupLock(connection))
}

impl StartupLock {
    pub async fn end(self) {
        // If this fails the connection is gone, and the lock with it.
        self.0.close().await.ok();
    }
}

/// Takes a number that nobody has or had, but for those whose work was taken over.
pub async fn take_number(url: &str, clock: &Clock) -> Result<(NodeSession, Number), sqlx::Error> {
    let seen = Instant::now();
    let session = Session::open(url, clock).await?;
    let number = Number::of_session(session.number, seen);
    Ok((NodeSession(session), number))
}

impl Session {
    pub(super) async fn open(url: &str, clock: &Clock) -> Result<Self, sqlx::Error> {
        let mut connection = connect(url).await?;
        let free: Vec<i64> = sqlx::query_scalar(
            "SELECT n FROM generate_series(0::bigint, $1) n
             WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE number = n) ORDER BY n",
        )
        .bind(NODES - 1)
        .fetch_all(&mut connection)
        .await?;
        for number in free {
            // Locked before it is known: what is known and not locked is dead.
            if try_lock(&mut connection, number).await? {
                if enrol(&mut connection, number, clock).await? {
                    return Ok(Self { connection, number });
                }
                unlock(&mut connection, number).await?;
            }
        }
        Err(sqlx::Error::Protocol(format!(
            "{NODES} servers use this database"
        )))
    }

    /// The same number again, on a new connection. None: somebody has it.
    pub(super) async fn reopen(url: &str, number: i64) -> Result<Option<Self>, sqlx::Error> {
        let mut connection = connect(url).await?;
        let taken = try_lock(&mut connection, number).await?;
        Ok(taken.then_some(Self { connection, number }))
    }

    /// Fails when the lock is gone with the connection.
    pub(super) async fn check(&mut self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1")
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    pub(super) async fn close(self) {
        self.connection.close().await.ok();
    }
}

/// The numbers that living servers hold.
pub async fn living(connection: &mut AnyConnection) -> Result<Vec<i64>, sqlx::Error> {
    let (class, first) = (LOCK_SPACE >> 32, LOCK_SPACE & 0xffff_ffff);
    sqlx::query_scalar(
        "SELECT objid::bigint - $2 FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid::bigint = $1
            AND objid::bigint >= $2 AND objid::bigint < $2 + $3
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    .bind(class)
    .bind(first)
    .bind(NODES)
    .fetch_all(connection)
    .await
}

/// PostgreSQL notices soon when our machine has vanished, and lets go of the number.
async fn connect(url: &str) -> Result<AnyConnection, sqlx::Error> {
    let mut connection = AnyConnection::connect(url).await?;
    sqlx::raw_sql(
        "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 2",
    )
    .execute(&mut connection)
    .await?;
    Ok(connection)
}

/// False: somebody was faster.
async fn enrol(
    connection: &mut AnyConnection,
    number: i64,
    clock: &Clock,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO nodes (number, since) VALUES ($1, $2) ON CONFLICT (number) DO NOTHING",
    )
    .bind(number)
    .bind(clock.now_us())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn try_lock(connection: &mut AnyConnection, number: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
        .bind(LOCK_SPACE + number)
        .fetch_one(connection)
        .await
}

async fn unlock(connection: &mut AnyConnection, number: i64) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(LOCK_SPACE + number)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes a duty, for as long as the session lives.
pub async fn try_duty(session: &mut AnyConnection, duty: i64) -> Result<bool, sqlx::Error> {
    try_lock(session, FIRST_DUTY + duty).await
}
