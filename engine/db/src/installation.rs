//! What the servers on one database are called together.

use sqlx::AnyPool;

/// Made up by whoever asks first.
pub(super) async fn id(pool: &AnyPool) -> Result<String, sqlx::Error> {
    sqlx::query("INSERT INTO installation (one, id) VALUES (1, $1) ON CONFLICT (one) DO NOTHING")
        .bind(format!("{:016x}", rand::random::<u64>()))
        .execute(pool)
        .await?;
    sqlx::query_scalar("SELECT id FROM installation WHERE one = 1")
        .fetch_one(pool)
        .await
}
