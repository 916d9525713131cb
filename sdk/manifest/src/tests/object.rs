use crate::Manifest;
use serde_json::json;

#[test]
fn an_object_is_any_json_object_within_its_bounds() {
    let manifest = Manifest::from_toml(
        "id = \"any\"\nkind = \"provider\"\nversion = \"1.0.0\"\n[config.mapping]\ntype = \"object\"\n\
         required = true\nmax = 20\n[webhook]\nbusy = 503",
    )
    .unwrap();
    assert_eq!(Manifest::from_json(&manifest.to_json()).unwrap(), manifest);
    for (value, is_right) in [
        (json!({"a": {"b": [1, null]}}), true),
        (json!({}), false),
        (json!([]), false),
        (json!("a"), false),
        (json!({"a": "longer than is allowed"}), false),
        (json!(null), false),
    ] {
        let mut config = json!({ "mapping": value });
        let checked = manifest.check_config(config.as_object_mut().unwrap());
        assert_eq!(checked.is_ok(), is_right, "{value}");
    }
}
