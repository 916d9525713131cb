//! `/api/v1/users`, and what somebody does with an account of their own.

mod account;
mod users;

pub use account::{activate, change_password, register, send_activation, show_activation};
pub use users::{create, delete, list, lock, reset_password, show, update};
