//! Changes as git writes them: one text for all files. These hosts have no list of patches.

mod entry;
mod header;
mod hunk;
mod path;
mod split;
mod text;

pub(crate) use split::split;
pub(crate) use text::text;
