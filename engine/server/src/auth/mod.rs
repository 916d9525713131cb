//! Who is asking, and what they may do: the classes of access that the route table names, and the
//! guard in front of the handlers.

pub mod access;
mod body;
mod user;

pub use user::{
    API_KEY, AuthAttempt, Credential, CurrentUser, Onlooker, change, guard, is_scraper,
};
