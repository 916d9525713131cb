//! The commands of an operator, and what the server does so that nobody has to.

mod backup;
mod check;
mod load;
mod private;
mod retention;
mod rotate;
mod schema;
mod start;
mod user;
