//! What the command line takes.

use super::{backup, check, report, secrets, serve, user};
use clap::{Args, Parser, Subcommand};
use push_notify_core::config::Role;
use std::{path::PathBuf, process::ExitCode};

#[derive(Parser)]
#[command(
    name = "push-notify",
    version,
    about = "Self-hosted notification engine for Git webhooks",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct ConfigFile {
    /// Configuration file; it changes single keys of the defaults. Without this, push-notify.toml
    /// in the current folder or /etc/push-notify/push-notify.toml, where there is one
    #[arg(long, env = "PUSH_NOTIFY_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Where a configuration is looked for that no argument names.
const USUAL_FILES: [&str; 2] = ["push-notify.toml", "/etc/push-notify/push-notify.toml"];

impl ConfigFile {
    fn path(&self) -> Option<PathBuf> {
        let usual = || {
            USUAL_FILES
                .map(PathBuf::from)
                .into_iter()
                .find(|file| file.is_file())
        };
        self.config.clone().or_else(usual)
    }
}

#[derive(Subcommand)]
enum Command {
    /// Receive webhooks, serve the admin API and deliver messages
    Serve {
        #[command(flatten)]
        from: ConfigFile,
        /// What this server does of several that share a PostgreSQL, instead of `server.roles`
        #[arg(long, value_name = "ROLES", value_delimiter = ',', value_enum)]
        roles: Vec<Role>,
    },
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Copy the SQLite database into one file, while the server runs
    Backup {
        /// File to write, or a folder to put one with the time in its name into
        #[arg(value_name = "FILE|DIR")]
        to: PathBuf,
        /// Put the secret key into the backup as well; who has it then has all secrets
        #[arg(long)]
        with_key: bool,
        /// Take the place of a file that is there
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        from: ConfigFile,
    },
    /// Put the database of a backup in place; the server must not run
    Restore {
        /// What `push-notify backup` wrote
        #[arg(value_name = "FILE")]
        backup: PathBuf,
        /// Send what waited when the backup was made; without this it becomes dead letters, since
        /// it may have been delivered since
        #[arg(long)]
        send_waiting: bool,
        /// Let the API keys in it be good again; without this all are revoked, since some may have
        /// been after the backup
        #[arg(long)]
        keep_api_keys: bool,
        #[command(flatten)]
        from: ConfigFile,
    },
    /// Help users to log in again, while servers run
    #[command(subcommand)]
    User(UserCommand),
    /// Change the key that secrets are encrypted with
    #[command(subcommand)]
    Secrets(SecretsCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print every key with its default and what it means
    Defaults,
    /// Check a configuration file and the environment, and name what is wrong. Ends with 0: sound,
    /// 1: something is wrong, 3: something cannot be reached
    Check {
        /// Try the database, Redis and the mail server too
        #[arg(long)]
        online: bool,
        #[command(flatten)]
        from: ConfigFile,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Give a user a temporary password, and take away what keeps them from logging in; sessions
    /// and API keys of theirs end
    ResetPassword {
        /// As they log in
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        from: ConfigFile,
    },
    /// End all sessions and revoke all API keys, of everybody: after a database came back from a
    /// backup
    EndAccess {
        #[command(flatten)]
        from: ConfigFile,
    },
}

#[derive(Subcommand)]
enum SecretsCommand {
    /// Make a new key; the former one stays, to open what it sealed
    NewKey {
        #[command(flatten)]
        from: ConfigFile,
    },
    /// Encrypt with the current key what former keys have encrypted, while servers run
    Rotate {
        #[command(flatten)]
        from: ConfigFile,
    },
    /// Count what each key has encrypted
    Status {
        #[command(flatten)]
        from: ConfigFile,
    },
}

/// Runs the command of this process's arguments, and says in plain words why it failed.
pub fn main() -> ExitCode {
    report::panics_in_plain_words();
    run(Cli::parse().command).unwrap_or_else(|error| {
        eprintln!("error: {}", report::told(&error));
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { from, roles } => serve::serve(from.path().as_deref(), &roles)?,
        Command::Config(ConfigCommand::Defaults) => {
            print!("{}", push_notify_core::config::DEFAULTS)
        }
        Command::Config(ConfigCommand::Check { online, from }) => {
            return check::check(from.path().as_deref(), online);
        }
        Command::Backup {
            to,
            with_key,
            force,
            from,
        } => backup::backup(from.path().as_deref(), &to, with_key, force)?,
        Command::Restore {
            backup,
            send_waiting,
            keep_api_keys,
            from,
        } => backup::restore(from.path().as_deref(), &backup, send_waiting, keep_api_keys)?,
        Command::User(command) => match command {
            UserCommand::ResetPassword { name, from } => {
                user::reset_password(from.path().as_deref(), &name)?;
            }
            UserCommand::EndAccess { from } => user::end_access(from.path().as_deref())?,
        },
        Command::Secrets(command) => match command {
            SecretsCommand::NewKey { from } => secrets::new_key(from.path().as_deref())?,
            SecretsCommand::Rotate { from } => secrets::rotate(from.path().as_deref())?,
            SecretsCommand::Status { from } => secrets::status(from.path().as_deref())?,
        },
    }
    Ok(ExitCode::SUCCESS)
}
