use super::{Added, Key, Keys, Origin, add, make, read};
use crate::config::Secrets;
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

fn keys(dir: &Path) -> Keys {
    read(&Secrets::default(), dir).unwrap().unwrap()
}

#[test]
fn the_key_file_is_made_once_and_private() {
    let dir = tempfile::tempdir().unwrap();
    assert!(read(&Secrets::default(), dir.path()).unwrap().is_none());
    let key = make(dir.path()).unwrap();
    assert!(keys(dir.path()).current == key);
    assert!(make(dir.path()).unwrap() == key, "it is not overwritten");
    let path = dir.path().join("secret.key");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let error = read(&Secrets::default(), dir.path()).err().unwrap();
    assert!(error.to_string().contains("chmod 600"), "{error}");
}

#[test]
fn servers_that_start_at_once_on_one_folder_have_one_key() {
    let dir = tempfile::tempdir().unwrap();
    let made: Vec<Key> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| make(dir.path()).unwrap()))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(made.iter().all(|key| *key == keys(dir.path()).current));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_new_key_comes_first_and_the_former_ones_stay() {
    let dir = tempfile::tempdir().unwrap();
    let first = make(dir.path()).unwrap();
    let Added::Kept(path) = add(&Secrets::default(), dir.path()).unwrap() else {
        panic!("it is kept in the file");
    };
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
    let found = keys(dir.path());
    assert!(found.current != first);
    assert!(found.previous == [first]);
    assert_eq!(found.origin, Origin::File(path.clone()));

    fs::write(&path, "# none\n\n").unwrap();
    assert!(read(&Secrets::default(), dir.path()).is_err());
    fs::write(&path, "dG9vIHNob3J0\n").unwrap();
    let error = read(&Secrets::default(), dir.path()).err().unwrap();
    assert!(format!("{error:#}").contains("line 1"), "{error:#}");
}

#[test]
fn keys_of_the_configuration_come_before_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let (current, previous) = (Key::from([1; 32]), Key::from([2; 32]));
    let settings = Secrets {
        key: current.to_base64(),
        previous_keys: vec![previous.to_base64()],
        ..Secrets::default()
    };
    let found = read(&settings, dir.path()).unwrap().unwrap();
    assert!(found.current == current && found.previous == [previous]);
    assert_eq!(found.origin, Origin::Configuration);
    assert!(matches!(
        add(&settings, dir.path()).unwrap(),
        Added::Shown(_)
    ));
    let wrong = Secrets {
        previous_keys: vec!["short".to_owned()],
        ..settings
    };
    let error = read(&wrong, dir.path()).err().unwrap();
    assert!(format!("{error:#}").contains("previous_keys[0]"));
}
