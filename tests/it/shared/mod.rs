//! What the nodes of an installation share.

mod body;
mod nodes;
mod outage;
