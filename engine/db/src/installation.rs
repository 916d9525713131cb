//! What the servers on one database are called together.

use push_notify_core::random;
use sqlx::AnyPool;

/// Made up by whoever asks first.
pub(super) async fn id(pool: &AnyPool) -> Result<String, sqlx::Error> {
    sqlx::query("INSERT INTO installation (one, id) VALUES (1, $1) ON CONFLICT (one) DO NOTHING")
        .bind(random::hex::<8>())
        .execute(pool)
        .await?;
    sqlx::query_scalar("SELECT id FROM installation WHERE one = 1")
        .fetch_one(pool)
        .await
}
