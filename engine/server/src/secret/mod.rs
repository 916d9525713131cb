//! Secrets at rest: what seals them, where the keys come from, and how one key takes the place of another.

mod key;
mod pasted;
mod rotate;
mod store;
mod unlock;
mod vault;

pub use key::{Added, Key, Keys, Origin, add, read};
pub(crate) use key::{path, replace};
pub use pasted::{BLANKS_AROUND, has_blanks_around};
pub use rotate::{Census, Error, Rotated, census, rotate};
pub use unlock::{check_stored, reload, unlock, watch};
pub use vault::{MASK, Place, Vault, VaultError};
