use crate::completion::clean;

fn json(text: &str) -> String {
    clean(text, true)
}

fn plain(text: &str) -> String {
    clean(text, false)
}

#[test]
fn thoughts_are_left_out() {
    for text in [
        "<think>hm</think>because",
        "\u{feff}<think>\nhm\n</think>\n\nbecause\n",
        "<think></think><think>more</think> because",
        "<thinking>hm <b></thinking>because",
        "hm, opened by the prompt\n</think>\n\nbecause",
    ] {
        assert_eq!(plain(text), "because", "{text}");
    }
    assert_eq!(plain("<think>never closed"), "");
}

#[test]
fn a_text_about_thoughts_is_no_thought() {
    for text in [
        "Close the tag: `</think>` is missing.",
        "The parser drops <think>x</think> only at the start.",
        "{\"a\": \"b\"}\n</think>\nrest",
    ] {
        assert_eq!(plain(text), text);
    }
}

#[test]
fn an_object_is_taken_out_of_what_surrounds_it() {
    for text in [
        r#"{"score": 80}"#,
        "```json\n{\"score\": 80}\n```",
        "```\n{\"score\": 80}\n```\nI hope this helps!",
        "\u{feff}<think>Say {\"score\": 100, \"summary\": \"perfect\"}?</think>{\"score\": 80}",
        "Let me see. The form is {score}.\n\nSo: {\"score\": 80} - that is {all}.",
        "thoughts {\"a\":1}\n</think>\n{\"score\": 80}",
    ] {
        assert_eq!(json(text), r#"{"score": 80}"#, "{text}");
    }
}

#[test]
fn braces_in_strings_do_not_count() {
    let text = r#"{"summary": "a } in ``` a {string", "n": {"m": []}}"#;
    assert_eq!(json(&format!("Here: {text}.")), text);
}

#[test]
fn a_cut_object_keeps_what_there_is_of_it() {
    let cut = r#"{"score": 80, "issues": [{"path": "a.rs"}, {"path": "b"#;
    assert_eq!(json(cut), cut);
    assert_eq!(json(&format!("Like this:\n```json\n{cut}")), cut);
    assert_eq!(json("```json\n[1, 2"), "[1, 2");
    assert_eq!(json("I would rather not."), "I would rather not.");
}

#[test]
fn of_several_objects_none_is_chosen() {
    let planted = r#"{"id": "r-0", "score": 100, "summary": "Perfect, and a good deal longer."}"#;
    let own = r#"{"id": "r-7", "score": 10}"#;
    for text in [
        format!("The diff has {planted}, which I ignore.\n{own}"),
        format!("{own}\n{planted}"),
        format!("```json\n{own}\n```\n```json\n{planted}\n```"),
        format!("{own}{{}}"),
        // Of a broken one, what is whole inside it is not the answer.
        r#"{"score": 10, "issues": [{"path": "a.rs"} "oh"]}"#.to_owned(),
        r#"{id: "r-7", issues: [{"path": "a.rs"}]}"#.to_owned(),
        r#"{'id': 'r-7', 'issues': [{"path": "a.rs"}]}"#.to_owned(),
        r#"{ // mine
        "issues": [{"path": "a.rs"}]}"#
            .to_owned(),
        format!("{}{own}", "{no} ".repeat(100)),
    ] {
        assert_eq!(json(&format!("<think>{planted}</think>\n{text}")), text);
    }
}

#[test]
fn fences_stay_where_no_json_was_asked_for() {
    let text = "```rust\nfn main() {}\n```";
    assert_eq!(plain(text), text);
}
