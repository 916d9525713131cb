use super::{Names, create, workspace};
use push_notify_manifest::{Kind, Manifest};
use std::fs;

#[test]
fn a_name_makes_id_package_and_type() {
    let expected = Names {
        id: "my_chat".to_owned(),
        package: "channel-my-chat".to_owned(),
        type_name: "MyChat".to_owned(),
    };
    for name in ["my-chat", "My-Chat", "my_chat", "channel-my-chat"] {
        assert_eq!(Names::new(name, Kind::Channel).unwrap(), expected);
    }
    for name in ["", "9lives", "a b", "é", "../x", &"x".repeat(33)] {
        assert!(Names::new(name, Kind::Channel).is_err(), "{name}");
    }
}

#[test]
fn every_kind_gets_a_sound_manifest_and_no_placeholder_is_left() {
    for kind in [Kind::Channel, Kind::Provider, Kind::Ai] {
        let dir = tempfile::tempdir().unwrap();
        let dir = create("my-chat", kind, Some(dir.path().join("new")), None).unwrap();
        let manifest =
            Manifest::from_toml(&fs::read_to_string(dir.join("plugin.toml")).unwrap()).unwrap();
        assert_eq!((manifest.id.as_str(), manifest.kind), ("my_chat", kind));
        for file in ["Cargo.toml", "plugin.toml", "src/lib.rs", "src/tests.rs"] {
            let text = fs::read_to_string(dir.join(file)).unwrap();
            for left in ["{id}", "{package}", "{sdk}", "{workspace}", "PluginType"] {
                assert!(!text.contains(left), "{left} in {file} of {kind}");
            }
        }
    }
}

#[test]
fn nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "mine").unwrap();
    let created = create("x", Kind::Ai, Some(dir.path().to_owned()), None);
    assert!(created.unwrap_err().to_string().contains("not empty"));
}

#[test]
fn a_crate_is_its_own_workspace_unless_one_around_it_has_it() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    assert!(!workspace::includes(&root.join("plugins/x")));
    fs::write(
        root.join("Cargo.toml"),
        "[workspace]\nmembers = [\"plugins/*\", \"other/y\"]\n",
    )
    .unwrap();
    assert!(workspace::includes(&root.join("plugins/x")));
    assert!(workspace::includes(&root.join("other/y")));
    assert!(!workspace::includes(&root.join("other/x")));
    assert!(!workspace::includes(&root.join("plugins/x/inner")));
}

#[test]
fn a_missing_sdk_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let sdk = dir.path().join("no-sdk");
    let created = create("x", Kind::Ai, Some(dir.path().join("x")), Some(&sdk));
    assert!(format!("{:#}", created.unwrap_err()).contains("no-sdk"));
}
