use super::{Place, Vault};

const PLACE: Place<'_> = Place {
    table: "targets",
    column: "secrets",
    row: 7,
};

#[test]
fn a_secret_opens_only_where_it_was_stored() {
    let vault = Vault::new(&[1; 32]);
    let stored = vault.seal(PLACE, b"not-a-real-secret");
    assert!(!stored.contains("secret"));
    assert_eq!(
        vault.open_text(PLACE, &stored).unwrap(),
        "not-a-real-secret"
    );
    assert!(vault.open_text(Place { row: 8, ..PLACE }, &stored).is_err());
    assert!(Vault::new(&[2; 32]).open_text(PLACE, &stored).is_err());
    assert!(vault.open_text(PLACE, "v1:00:AAAA").is_err());
}

#[test]
fn servers_that_start_at_once_on_one_folder_have_one_key() {
    let dir = tempfile::tempdir().unwrap();
    let stored: Vec<String> = std::thread::scope(|scope| {
        let open = || Vault::open("", dir.path()).unwrap().seal(PLACE, b"x");
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let vault = Vault::open("", dir.path()).unwrap();
    for stored in stored {
        assert_eq!(vault.open_bytes(PLACE, &stored).unwrap(), b"x");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn the_key_file_is_made_once_and_private() {
    let dir = tempfile::tempdir().unwrap();
    let stored = Vault::open("", dir.path()).unwrap().seal(PLACE, b"x");
    let again = Vault::open("", dir.path()).unwrap();
    assert_eq!(again.open_bytes(PLACE, &stored).unwrap(), b"x");
    let path = dir.path().join("secret.key");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    assert!(Vault::open("", dir.path()).is_err());
}
