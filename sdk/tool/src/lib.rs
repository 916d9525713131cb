//! Creates, builds, tests and inspects Push Notify plugins. The `push-notify-plugin` command is a
//! thin shell around this.

pub mod cli;

pub mod build;
pub mod component;
pub mod inspect;
pub mod scaffold;
pub mod test;
pub mod toolchain;

mod process;
mod progress;
