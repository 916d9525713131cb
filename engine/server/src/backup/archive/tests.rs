use super::{Manifest, read, unpack, write};
use std::{collections::BTreeMap, fs};

fn manifest() -> Manifest {
    Manifest {
        format: super::FORMAT,
        version: "0.1.0".to_owned(),
        schema: 1,
        made_at: "2026-01-19T14:30:00Z".to_owned(),
        live: true,
        bytes: 0,
        sha256: String::new(),
        key_ids: vec![],
        with_key: true,
        rows: BTreeMap::new(),
    }
}

#[test]
fn what_was_written_comes_back_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::write(path("db"), vec![7; 100_000]).unwrap();
    fs::write(path("tar"), "").unwrap();
    fs::write(path("out"), "left over").unwrap();
    let written = write(&path("tar"), &path("db"), Some("key"), manifest(), 0).unwrap();
    assert_eq!(written.bytes, 100_000);
    let (found, keys) = read(&path("tar")).unwrap();
    assert_eq!(found, written);
    assert_eq!(keys.as_deref(), Some("key"));
    unpack(&path("tar"), &found, &path("out")).unwrap();
    assert_eq!(fs::read(path("out")).unwrap(), vec![7; 100_000]);

    let mut bytes = fs::read(path("tar")).unwrap();
    bytes[50_000] ^= 1;
    fs::write(path("tar"), &bytes).unwrap();
    let error = unpack(&path("tar"), &found, &path("out")).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");

    fs::write(path("tar"), &bytes[..60_000]).unwrap();
    let error = read(&path("tar")).unwrap_err();
    assert!(error.to_string().contains("not all of one"), "{error}");
}

#[test]
fn the_form_of_a_later_release_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    for name in ["db", "tar"] {
        fs::write(path(name), "").unwrap();
    }
    let later = Manifest {
        format: super::FORMAT + 1,
        version: "9.0.0".to_owned(),
        ..manifest()
    };
    write(&path("tar"), &path("db"), None, later, 0).unwrap();
    let error = read(&path("tar")).unwrap_err();
    assert!(error.to_string().contains("9.0.0"), "{error}");
}
