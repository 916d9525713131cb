//! The server against the API contract as `tests/contract/` has it.

mod codes;
mod described;
mod frozen;
mod hostile;
mod served;
mod strict;
mod table;
mod world;
