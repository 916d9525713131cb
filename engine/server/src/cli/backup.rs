use crate::backup::{self, ApiKeys, KeysAt, Options, Restored, Waiting, WaitingWork};
use push_notify_core::config;
use std::path::Path;
use tokio::runtime::Runtime;

pub(super) fn backup(
    file: Option<&Path>,
    to: &Path,
    with_key: bool,
    force: bool,
) -> anyhow::Result<()> {
    let config = config::load(file)?;
    let options = Options { with_key, force };
    let tell = |bytes, of| eprintln!("copied {} of about {}", mib(bytes), mib(of));
    let made = Runtime::new()?.block_on(backup::make(&config, to, options, tell))?;
    let manifest = &made.manifest;
    let rows: Vec<String> = manifest
        .rows
        .iter()
        .map(|(table, rows)| format!("{rows} {table}"))
        .collect();
    println!(
        "{}: {} of {}, {}",
        made.path.display(),
        mib(manifest.bytes),
        manifest.made_at,
        rows.join(", ")
    );
    let keys = manifest.key_ids.join(", ");
    if with_key {
        println!(
            "It has the secret key ({keys}) in it: who can read it can read every stored token and password."
        );
    } else {
        let place = backup::key_place(&config);
        println!(
            "The secret key is not in it. Keep {place} ({keys}) apart: without it the stored tokens and passwords cannot be read."
        );
    }
    Ok(())
}

pub(super) fn restore(
    file: Option<&Path>,
    from: &Path,
    send_waiting: bool,
    keep_api_keys: bool,
) -> anyhow::Result<()> {
    let config = config::load(file)?;
    let wish = match send_waiting {
        true => Waiting::Sent,
        false => Waiting::Held,
    };
    let api_keys = match keep_api_keys {
        true => ApiKeys::Kept,
        false => ApiKeys::Revoked,
    };
    let restored = Runtime::new()?.block_on(backup::restore(&config, from, wish, api_keys))?;
    println!(
        "{} is as it was at {}.",
        restored.database.display(),
        restored.manifest.made_at
    );
    if let Some(aside) = &restored.aside {
        println!(
            "What it replaced is {}: remove it when all is well.",
            aside.display()
        );
    }
    say_access(&restored, api_keys);
    say_waiting(&restored, wish);
    say_keys(&restored);
    Ok(())
}

/// What the backup brought back of who may do what.
fn say_access(restored: &Restored, api_keys: ApiKeys) {
    println!("Everybody has to log in again, with the password of that time.");
    match (restored.api_keys, api_keys) {
        (0, _) => {}
        (count, ApiKeys::Revoked) => println!(
            "{count} API keys are revoked, since some may have been after the backup: make new ones, or restore with \
             --keep-api-keys."
        ),
        (count, ApiKeys::Kept) => println!(
            "{count} API keys are good again, also those that were revoked after the backup: GET /api/v1/api-keys lists one's own."
        ),
    }
    match restored.came_back.as_deref() {
        None => println!(
            "There is no database to compare it with: look through GET /api/v1/users for whoever was locked or deleted after the backup."
        ),
        Some([]) => println!("Nothing else came back of who may do what."),
        Some(changes) => {
            println!("This came back with it, which may not be what you want:");
            for change in changes {
                println!("  {change}");
            }
            println!(
                "Lock, delete or reset whom it should not be (`push-notify user reset-password NAME`)."
            );
        }
    }
}

fn say_waiting(restored: &Restored, wish: Waiting) {
    let WaitingWork { pushes, reviews } = restored.waiting;
    match wish {
        _ if pushes + reviews == 0 => println!("Nothing waited in it."),
        Waiting::Sent => println!(
            "{pushes} pushes and {reviews} reviews waited in it and go on with the next start. What was delivered after the \
             backup goes out again."
        ),
        Waiting::Held => println!(
            "{pushes} pushes and {reviews} reviews waited in it. They are dead letters now, since they may have been delivered \
             after the backup: POST /api/v1/pushes/batch-retry and /reviews/ID/retry send them, or restore with --send-waiting."
        ),
    }
    if restored.manifest.live {
        println!(
            "A server ran when the backup was made: deliveries that it took later are not in it. Git hosts can send theirs again."
        );
    }
}

fn say_keys(restored: &Restored) {
    match &restored.keys {
        KeysAt::Here => {}
        KeysAt::Restored(None) => println!("secret.key was put back from the backup."),
        KeysAt::Restored(Some(aside)) => println!(
            "secret.key was put back from the backup; the one that was there is {}.",
            aside.display()
        ),
        KeysAt::Missing(key_id) => println!(
            "Its secrets need the key {key_id}, which is not here: put it into secret.key or `secrets.key` before you start."
        ),
    }
}

/// `12.5 MiB`
fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
