use crate::{mail::Mailer, plugin, rotation, shared::Shared};
use push_notify_core::{
    clock::Clock,
    config::{self, Config},
    secret::{self, Vault},
};
use push_notify_db::{self, Attached, DbError};
use std::{path::Path, process::ExitCode, time::Duration};
use tokio::{runtime::Runtime, time::timeout};

/// Something is wrong with the configuration.
const WRONG: u8 = 1;
/// It is sound, but what it names cannot be reached or used. (2 is for arguments that cannot be.)
const UNREACHABLE: u8 = 3;
/// For each of the servers.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// Prints all that it finds.
pub(super) fn check(file: Option<&Path>, online: bool) -> anyhow::Result<ExitCode> {
    let report = config::check(file)?;
    for warning in &report.warnings {
        println!("warning: {warning}");
    }
    for problem in &report.problems {
        eprintln!("{problem}");
    }
    let Some(config) = &report.config else {
        return Ok(ExitCode::from(WRONG));
    };
    let useless = plugin::grant_faults(&config.plugins)?;
    let useless = useless
        .into_iter()
        .map(|(key, text)| report.problem(&key, text));
    // What nobody set is the default's, and this binary may have been built without all official
    // plugins.
    let useless: Vec<_> = useless.filter(|problem| problem.place.is_some()).collect();
    for problem in &useless {
        eprintln!("{problem}");
    }
    if !useless.is_empty() {
        return Ok(ExitCode::from(WRONG));
    }
    if let Err(error) = secret::read(&config.secrets, &config.server.data_dir) {
        eprintln!("{error:#}");
        return Ok(ExitCode::from(WRONG));
    }
    if online {
        let faults = Runtime::new()?.block_on(faults(config));
        for fault in &faults {
            eprintln!("{fault}");
        }
        if !faults.is_empty() {
            return Ok(ExitCode::from(UNREACHABLE));
        }
    }
    println!("the configuration is sound");
    Ok(ExitCode::SUCCESS)
}

/// What cannot be reached or used, a line each.
async fn faults(config: &Config) -> Vec<String> {
    let mut faults = Vec::new();
    let looks: [(&str, Result<_, _>); 3] = [
        (
            "database.url",
            timeout(CONNECT_TIMEOUT, database(config)).await,
        ),
        ("redis.url", timeout(CONNECT_TIMEOUT, redis(config)).await),
        (
            "mail.smtp_host",
            timeout(CONNECT_TIMEOUT, mail(config)).await,
        ),
    ];
    for (key, look) in looks {
        match look {
            Ok(Ok(said)) => println!("`{key}`: {said}"),
            Ok(Err(error)) => faults.push(format!("`{key}`: {error:#}")),
            Err(_) => faults.push(format!(
                "`{key}`: no answer within {} s",
                CONNECT_TIMEOUT.as_secs()
            )),
        }
    }
    faults
}

async fn database(config: &Config) -> anyhow::Result<String> {
    let data_dir = &config.server.data_dir;
    let mut database = match Attached::open_any(&config.database, data_dir).await {
        Ok(database) => database,
        Err(DbError::Missing { file, .. }) => {
            return Ok(format!("{file} is not there; the first start makes it"));
        }
        Err(error) => return Err(error.into()),
    };
    let schema = database.schema().await?;
    anyhow::ensure!(
        schema <= push_notify_db::NEWEST,
        "its schema has version {schema}, and this release knows {}: a later release has used it",
        push_notify_db::NEWEST
    );
    if schema < push_notify_db::NEWEST {
        return Ok(format!(
            "it answers; the next start brings its schema from version {schema} to {}",
            push_notify_db::NEWEST
        ));
    }
    if let Some(keys) = secret::read(&config.secrets, data_dir)? {
        let vault = Vault::new(&keys.current, &keys.previous);
        rotation::check_stored(database.connection(), &vault).await?;
    }
    database.close().await?;
    Ok("it answers, and its secrets can be opened".to_owned())
}

async fn redis(config: &Config) -> anyhow::Result<String> {
    if config.redis.url.is_empty() {
        return Ok("there is none".to_owned());
    }
    let shared = Shared::on_redis(&config.redis.url, "check", Clock::default()).await?;
    anyhow::ensure!(shared.answers().await == Some(true), "it does not answer");
    Ok("it answers".to_owned())
}

async fn mail(config: &Config) -> anyhow::Result<String> {
    match Mailer::new(&config.mail, &config.network.extra_roots)? {
        None => Ok("there is none".to_owned()),
        Some(mailer) => {
            mailer.check().await?;
            Ok("it answers, and lets us in".to_owned())
        }
    }
}
