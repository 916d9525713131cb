//! What the command line takes.

use super::serve;
use crate::config::Role;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

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

#[derive(Subcommand)]
enum Command {
    /// Receive webhooks, serve the admin API and deliver messages
    Serve {
        /// Configuration file; it changes single keys of the defaults
        #[arg(long, env = "PUSH_NOTIFY_CONFIG", value_name = "FILE")]
        config: Option<PathBuf>,
        /// What this server does of several that share a PostgreSQL, instead of `server.roles`
        #[arg(long, value_name = "ROLES", value_delimiter = ',', value_enum)]
        roles: Vec<Role>,
    },
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print every key with its default and what it means
    Defaults,
    /// Check a configuration file and the environment, and name what is wrong
    Check {
        #[arg(long, env = "PUSH_NOTIFY_CONFIG", value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

/// Runs the command of this process's arguments.
pub fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve { config, roles } => serve::serve(config.as_deref(), &roles),
        Command::Config(ConfigCommand::Defaults) => {
            print!("{}", crate::config::DEFAULTS);
            Ok(())
        }
        Command::Config(ConfigCommand::Check { config }) => {
            crate::config::load(config.as_deref())?;
            println!("the configuration is sound");
            Ok(())
        }
    }
}
