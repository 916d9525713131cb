use crate::user::recovery::{self, Ended};
use push_notify_core::{clock::Clock, config};
use push_notify_db::Attached;
use std::path::Path;
use tokio::runtime::Runtime;

pub(super) fn reset_password(file: Option<&Path>, name: &str) -> anyhow::Result<()> {
    let config = config::load(file)?;
    let now = Clock::default().now_us();
    let recovered = Runtime::new()?.block_on(async {
        let mut database = Attached::open(&config.database, &config.server.data_dir).await?;
        let recovered = recovery::reset_password(&mut database, name, now).await?;
        database.close().await?;
        anyhow::Ok(recovered)
    })?;
    let name = &recovered.user.username;
    println!(
        "The password of {name} ({}) is now:\n\n  {}\n",
        recovered.user.role.name(),
        recovered.password
    );
    println!(
        "It is shown this once, and is good for one thing: to choose another (PUT /api/v1/auth/password)."
    );
    println!(
        "Nothing keeps {name} from logging in any more; sessions and API keys of {name} have ended."
    );
    Ok(())
}

pub(super) fn end_access(file: Option<&Path>) -> anyhow::Result<()> {
    let config = config::load(file)?;
    let now = Clock::default().now_us();
    let Ended { sessions, api_keys } = Runtime::new()?.block_on(async {
        let mut database = Attached::open(&config.database, &config.server.data_dir).await?;
        let ended = recovery::end_access(&mut database, now).await?;
        database.close().await?;
        anyhow::Ok(ended)
    })?;
    println!(
        "{sessions} sessions have ended, and {api_keys} API keys are revoked: everybody logs in again and makes new keys."
    );
    Ok(())
}
