//! rustfmt leaves comments as wide as they are, but for an option that is not stable. The rows of a
//! table cannot be broken.

use super::tree::all;

/// As wide as code, in characters.
const WIDTH: usize = 100;

#[test]
fn comments_are_no_wider_than_code() {
    let wide: Vec<String> = all()
        .iter()
        .flat_map(|file| {
            let lines = file.text.lines().zip(1..);
            let wide = lines.filter(|(line, _)| {
                let text = line.trim_start();
                let is_row = text.starts_with("//! |") || text.starts_with("/// |");
                text.starts_with("//") && !is_row && line.chars().count() > WIDTH
            });
            wide.map(|(_, number)| format!("{}:{number}", file.path))
        })
        .collect();
    let count = wide.len();
    assert!(wide.is_empty(), "{count} comments: {wide:#?}");
}
