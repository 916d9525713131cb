use super::*;

fn taken(names: &[&str]) -> HashSet<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn copies_are_numbered_from_the_second_on() {
    for (names, expected) in [
        (&[][..], "Go (copy)"),
        (&["Go", "Go (copy)"], "Go (copy 2)"),
        (&["Go (copy)", "Go (copy 2)", "Go (copy 4)"], "Go (copy 3)"),
    ] {
        assert_eq!(of_copy("Go", &taken(names)), expected);
    }
    assert_eq!(of_builtin("Go", &taken(&["Rust"])), "Go");
    assert_eq!(of_builtin("Go", &taken(&["Go"])), "Go (2)");
}

#[test]
fn a_long_name_is_cut_to_make_room() {
    let longest = "审".repeat(LONGEST);
    let copy = of_copy(&longest, &taken(&[&longest]));
    assert_eq!(copy.chars().count(), LONGEST);
    assert!(copy.ends_with("审 (copy)"), "{copy}");
    let second = of_copy(&longest, &taken(&[&copy]));
    assert_eq!(second.chars().count(), LONGEST);
    assert!(second.ends_with("审 (copy 2)"), "{second}");
}
