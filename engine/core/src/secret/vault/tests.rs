use super::{Place, Vault, VaultError};
use crate::secret::Key;

const PLACE: Place<'_> = Place {
    table: "targets",
    column: "secrets",
    row: 7,
};

fn key(byte: u8) -> Key {
    Key::from([byte; 32])
}

#[test]
fn a_secret_opens_only_where_it_was_stored() {
    let vault = Vault::new(&key(1), &[]);
    let stored = vault.seal(PLACE, b"not-a-real-secret");
    assert!(!stored.contains("secret"));
    assert_eq!(
        vault.open_text(PLACE, &stored).unwrap(),
        "not-a-real-secret"
    );
    assert!(vault.open_text(Place { row: 8, ..PLACE }, &stored).is_err());
    assert!(vault.open_text(PLACE, "v1:00:AAAA").is_err());
    assert!(vault.open_text(PLACE, "not sealed").is_err());
}

#[test]
fn a_previous_key_opens_and_does_not_seal() {
    let before = Vault::new(&key(1), &[]);
    let stored = before.seal(PLACE, b"x");
    let vault = Vault::new(&key(2), &[key(1), key(2)]);
    assert_eq!(vault.key_ids().len(), 2, "none is there twice");
    assert_eq!(vault.open_bytes(PLACE, &stored).unwrap(), b"x");
    let newer = vault.seal(PLACE, b"x");
    assert!(newer.contains(&vault.key_id()));
    assert!(!newer.contains(&before.key_id()));

    vault.replace_keys(&key(3), &[key(2)]);
    assert_eq!(vault.open_bytes(PLACE, &newer).unwrap(), b"x");
    let error = vault.open_bytes(PLACE, &stored).unwrap_err();
    assert!(matches!(&error, VaultError::UnknownKey(id) if *id == before.key_id()));
    assert!(error.to_string().contains(&before.key_id()), "{error}");
}
