//! Changes as git writes them: one text for all files, of hosts that have no list of patches.

mod entry;
mod header;
mod hunk;
mod path;
mod split;
mod text;

pub use split::split;
pub use text::text;
