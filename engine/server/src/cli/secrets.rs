use super::report::OTHER_CONFIGURATION;
use crate::rotation;
use anyhow::Context as _;
use push_notify_core::{
    config::{self, Config},
    secret::{self, Added, Origin, Vault},
};
use push_notify_db::Attached;
use std::path::Path;
use tokio::runtime::Runtime;

/// Rows between two lines about how far it is.
const TELL_EVERY: u64 = 10_000;

pub(super) fn new_key(file: Option<&Path>) -> anyhow::Result<()> {
    let config = config::load(file)?;
    match secret::add(&config.secrets, &config.server.data_dir)? {
        Added::Kept(path) => println!(
            "{} begins with a new key; the former one below it opens what it sealed.\n\
             Next: send the server SIGHUP, or start it again; then run `push-notify secrets rotate`.",
            path.display()
        ),
        Added::Shown(key) => println!(
            "A new key: {}\n\
             On several nodes first add it to `secrets.previous_keys` of each, and start them again: so each can open what the \
             others seal.\n\
             Then, on each, make it `secrets.key`, put the former key into `secrets.previous_keys`, and start again.\n\
             Then run `push-notify secrets rotate`.",
            key.to_base64()
        ),
    }
    Ok(())
}

pub(super) fn rotate(file: Option<&Path>) -> anyhow::Result<()> {
    let config = config::load(file)?;
    let (vault, origin) = vault(&config)?;
    Runtime::new()?.block_on(async {
        let mut database = Attached::open(&config.database, &config.server.data_dir).await?;
        let mut told = 0;
        let progress = |rows| {
            if rows >= told + TELL_EVERY {
                told = rows;
                eprintln!("sealed {rows} rows again");
            }
        };
        let rotated = rotation::rotate(&mut database, &vault, progress).await?;
        database.close().await?;
        println!(
            "{} rows are sealed by the key {} now.",
            rotated.rows,
            vault.key_id()
        );
        if rotated.unreadable > 0 {
            anyhow::bail!(
                "{} rows hold secrets that none of the keys opens: they are as they were. `push-notify secrets status` shows \
                 which keys they need",
                rotated.unreadable
            );
        }
        let place = match origin {
            Origin::Configuration => "`secrets.previous_keys`".to_owned(),
            Origin::File(path) => format!("{}, below its first line", path.display()),
        };
        println!("No secret needs another key: former ones can be taken out of {place}.");
        println!("A backup from before still needs them.");
        Ok(())
    })
}

pub(super) fn status(file: Option<&Path>) -> anyhow::Result<()> {
    let config = config::load(file)?;
    let (vault, _) = vault(&config)?;
    let known = vault.key_ids();
    let census = Runtime::new()?.block_on(async {
        let mut database = Attached::open(&config.database, &config.server.data_dir).await?;
        let census = rotation::census(&mut database).await?;
        database.close().await?;
        anyhow::Ok(census)
    })?;
    for (key_id, count) in &census {
        let which = match known.iter().position(|known| known == key_id) {
            Some(0) => "the current key",
            Some(_) => "a former key",
            None => "a key that is not here",
        };
        println!("{key_id}  {count} secrets  {which}");
    }
    for key_id in known.iter().filter(|known| !census.contains_key(*known)) {
        println!("{key_id}  no secrets");
    }
    Ok(())
}

fn vault(config: &Config) -> anyhow::Result<(Vault, Origin)> {
    let keys = secret::read(&config.secrets, &config.server.data_dir)?.with_context(|| {
        format!(
            "there is no secret key: {} is not there, and `secrets.key` is empty\n{OTHER_CONFIGURATION}",
            secret::path(&config.server.data_dir).display()
        )
    })?;
    Ok((Vault::new(&keys.current, &keys.previous), keys.origin))
}
