//! Several servers on one PostgreSQL.

mod clocks;
mod number;
mod roles;
mod start;
