use super::*;
use std::collections::HashSet;

#[test]
fn every_text_is_a_sound_prompt_about_the_whole_change() {
    for builtin in all() {
        let compiled = Kind::Codeview.parse(&builtin.content);
        let variables = compiled.expect("it is a template").variables();
        for name in [
            "FileName",
            "Language",
            "RepoName",
            "Branch",
            "CommitMsg",
            "DiffContent",
        ] {
            let named = variables.iter().any(|variable| variable == name);
            assert!(named, "{} does not use {name}", builtin.key);
        }
        let known = |name: &String| Kind::Codeview.variables().contains(&name.as_str());
        assert!(
            variables.iter().all(known),
            "{}: {variables:?}",
            builtin.key
        );
    }
}

#[test]
fn each_says_some_things_to_look_for_and_none_says_what_another_says() {
    let mut points = HashSet::new();
    for text in TEXTS {
        for prompt in [text.zh, text.en] {
            let listed: Vec<&str> = prompt
                .lines()
                .filter(|line| line.starts_with("- "))
                .collect();
            assert!(
                (6..=12).contains(&listed.len()),
                "{}: {listed:#?}",
                text.key
            );
            for point in listed {
                assert!(points.insert(point), "{}: {point}", text.key);
            }
        }
        let count = |text: &str| text.lines().filter(|line| line.starts_with("- ")).count();
        assert_eq!(count(text.zh), count(text.en), "{}", text.key);
    }
}

#[test]
fn names_and_keys_are_unique_and_languages_are_keys() {
    let mut seen = HashSet::new();
    for builtin in all() {
        assert!(seen.insert(builtin.name.clone()), "{}", builtin.name);
        assert!(seen.insert(builtin.key.clone()), "{}", builtin.key);
        if let Some(language) = builtin.language {
            assert_eq!(language::canonical(language), language);
        }
    }
    assert_eq!(seen.len(), 64);
}
