use super::fill;

#[test]
fn known_names_are_filled_in_once_and_all_else_stays() {
    let values = [("a", "{b}".to_owned()), ("b", "2".to_owned())];
    assert_eq!(fill("{a} {b} {c} { {", &values), "{b} 2 {c} { {");
}
