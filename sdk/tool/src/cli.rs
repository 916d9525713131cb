//! What the command understands.

use crate::toolchain::Route;
use crate::{build, inspect, scaffold, test};
use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use push_notify_manifest::Kind;
use std::path::PathBuf;

/// Creates, builds, tests and inspects Push Notify plugins.
///
/// A plugin is one `.wasm` file: a WebAssembly component with its manifest inside. Put it where the
/// engine's `plugins.dir` points to, and grant what it asks for under `[plugins.<id>]`; `inspect`
/// prints the lines.
#[derive(Debug, Parser)]
#[command(name = "push-notify-plugin", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    New(New),
    Build(Build),
    Test(Test),
    Inspect(Inspect),
}

/// Create a plugin crate that builds at once.
#[derive(Debug, Args)]
pub struct New {
    /// What the plugin speaks to, such as `pushover`. Makes its id (`pushover`) and its crate's
    /// name (`channel-pushover`).
    pub name: String,
    #[arg(long, value_enum)]
    pub kind: KindName,
    /// Where to put it [default: a new folder with the crate's name].
    #[arg(long, value_name = "DIR")]
    pub path: Option<PathBuf>,
    /// Depend on the SDK in this folder instead of the published one.
    #[arg(long, value_name = "DIR")]
    pub sdk: Option<PathBuf>,
}

/// Build plugins: compile, make a component, embed plugin.toml, check that both agree, write one
/// .wasm file each, named by its id.
///
/// Compiling for wasm32-unknown-unknown needs that target's standard library. It is taken from the
/// toolchain; or added with rustup; or built once, into a cache, from a rustc that has its
/// library's source beside it (the component `rust-src`, or Debian's `rustc-web` and
/// `rust-web-src`).
#[derive(Debug, Args)]
pub struct Build {
    /// Folders with a Cargo.toml and a plugin.toml, or a workspace of such folders.
    #[arg(value_name = "DIR", default_value = ".")]
    pub dirs: Vec<PathBuf>,
    #[command(flatten)]
    pub options: BuildOptions,
}

/// Run a plugin's native tests, then build it and check the component.
#[derive(Debug, Args)]
pub struct Test {
    /// A folder with a Cargo.toml and a plugin.toml, or a workspace of such folders.
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub options: BuildOptions,
}

/// Print what a plugin is, asks for and takes, and the configuration that lets it.
#[derive(Debug, Args)]
pub struct Inspect {
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// A JSON array with an object for each file.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Default, Args)]
pub struct BuildOptions {
    /// Where the components go [default: `plugins` in the target folder].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The target folder, shared by all plugins of the run [default: that of the first one's
    /// workspace].
    #[arg(long, value_name = "DIR", env = "CARGO_TARGET_DIR")]
    pub target_dir: Option<PathBuf>,
    /// Install what is missing with apt-get, when run by root.
    #[arg(long)]
    pub install: bool,
    /// Compile quickly, without optimisation and with names in backtraces.
    #[arg(long)]
    pub debug: bool,
    /// Insist on Cargo.lock.
    #[arg(long)]
    pub locked: bool,
    /// Leave out cargo's own progress.
    #[arg(long, short)]
    pub quiet: bool,
    /// Which way to compile for wasm32-unknown-unknown.
    #[arg(long, value_enum, default_value_t, env = "PUSH_NOTIFY_WASM_ROUTE")]
    pub route: Route,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindName {
    /// Delivers messages.
    Channel,
    /// Speaks the dialect of a Git host.
    Provider,
    /// Speaks the API of an AI vendor.
    Ai,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Channel => Self::Channel,
            KindName::Provider => Self::Provider,
            KindName::Ai => Self::Ai,
        }
    }
}

impl Cli {
    pub fn run(self) -> Result<()> {
        match self.command {
            Command::New(new) => {
                let dir =
                    scaffold::create(&new.name, new.kind.into(), new.path, new.sdk.as_deref())?;
                let dir = dir.display();
                println!("created {dir}\nnext: push-notify-plugin test {dir}");
                Ok(())
            }
            Command::Build(build) => build::run(&build.dirs, &build.options).map(drop),
            Command::Test(test) => test::run(&test.dir, &test.options),
            Command::Inspect(inspect) => inspect::run(&inspect.files, inspect.json),
        }
    }
}
