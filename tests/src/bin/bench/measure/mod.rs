//! What is measured: each function makes its rows of the table.

mod black_hole;
mod delivery;
mod idle;
mod ingest;
mod lists;
mod nodes;
mod plugin;
mod postgres;
mod review;
mod rules;
mod settled;

pub(crate) use black_hole::black_hole;
pub(crate) use delivery::delivery;
pub(crate) use idle::idle;
pub(crate) use ingest::ingest;
pub(crate) use lists::lists;
pub(crate) use nodes::nodes;
pub(crate) use plugin::plugin;
pub(crate) use review::review;
pub(crate) use rules::rules;
use settled::Ledger;
