//! Secrets at rest: what seals them, and where the keys come from.

mod key;
mod pasted;
mod vault;

pub use key::{Added, Key, Keys, Origin, add, path, read, replace};
pub use pasted::{BLANKS_AROUND, has_blanks_around};
pub use vault::{MASK, Place, Vault, VaultError, key_id_of};
