//! What holds of the tree itself: where things may be, and who may know whom.

mod comments;
mod graph;
mod ids;
mod invariants;
mod paths;
mod plugins;
mod rooms;
mod tree;
