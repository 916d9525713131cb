use crate::{
    SCENES, digest_data, functions,
    reference::{FUNCTIONS, variables},
    sample_data,
    scene::{self, DIGEST},
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

#[test]
fn every_function_is_described_and_its_example_is_a_template() {
    let described: BTreeSet<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
    assert_eq!(described, functions::names().collect());
    for function in FUNCTIONS.iter().filter(|function| function.name != "call") {
        let checked = scene::check("commit_notify", "t", function.usage);
        assert!(checked.is_ok(), "{}: {:?}", function.usage, checked.err());
        assert!(function.usage.contains(function.name));
    }
}

#[test]
fn every_variable_of_every_scene_is_described() {
    for name in SCENES {
        let sample = match name {
            DIGEST => digest_data(Map::new()),
            _ => sample_data(),
        };
        let mut paths = BTreeSet::new();
        leaves("", &sample, &mut paths);
        let described: BTreeSet<String> = variables(name).into_iter().map(|v| v.path).collect();
        assert_eq!(described, paths, "{name}");
    }
}

fn leaves(above: &str, value: &Value, paths: &mut BTreeSet<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        paths.insert(format!("{above}{name}"));
        leaves(&format!("{above}{name}."), value, paths);
        if let Some(element) = value.get(0) {
            leaves(&format!("{above}{name}[]."), element, paths);
        }
    }
}
