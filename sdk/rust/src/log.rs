//! Lines for the engine's log, under the plugin's name and the event's trace. Secrets show as
//! placeholders.

use crate::engine;
use engine::log::Level;
use std::fmt::Display;

pub fn debug(message: impl Display) {
    write(Level::Debug, &message);
}

pub fn info(message: impl Display) {
    write(Level::Info, &message);
}

pub fn warn(message: impl Display) {
    write(Level::Warn, &message);
}

pub fn error(message: impl Display) {
    write(Level::Error, &message);
}

fn write(level: Level, message: &dyn Display) {
    engine::log::write(level, &message.to_string());
}
