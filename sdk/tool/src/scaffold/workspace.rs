use std::path::Path;

/// Whether a workspace around `dir` has it as a member. A workspace that leaves it out would make
/// cargo refuse it; one that has it must be the only one.
pub(super) fn includes(dir: &Path) -> bool {
    for ancestor in dir.ancestors().skip(1) {
        let Ok(text) = std::fs::read_to_string(ancestor.join("Cargo.toml")) else {
            continue;
        };
        let Ok(table) = text.parse::<toml::Table>() else {
            continue;
        };
        if let Some(workspace) = table.get("workspace") {
            let members = workspace.get("members").and_then(toml::Value::as_array);
            let inner = dir.strip_prefix(ancestor).unwrap_or(dir);
            return members
                .into_iter()
                .flatten()
                .filter_map(toml::Value::as_str)
                .any(|member| matches(member, inner));
        }
    }
    false
}

/// `plugins/*` has all folders in `plugins`.
fn matches(member: &str, dir: &Path) -> bool {
    match member.strip_suffix('*') {
        Some(parent) => dir.parent() == Some(Path::new(parent)),
        None => dir == Path::new(member),
    }
}
