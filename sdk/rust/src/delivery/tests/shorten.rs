use crate::delivery::{LONGEST_TEXT, parse, shorten::shorten_to};
use serde_json::{Value, json};

fn shortened(text: &str, longest: usize) -> String {
    let mut json = text.as_bytes().to_vec();
    shorten_to(&mut json, longest);
    assert_eq!(json.len(), text.len());
    String::from_utf8(json).expect("characters stay whole")
}

#[test]
fn texts_are_cut_where_a_character_ends_and_everything_else_stays() {
    for (given, expected) in [
        (r#"{"a":"0123456789","b":1}"#, r#"{"a":"0123456789","b":1}"#),
        (r#"{"a":"0123456789x","b":1}"#, r#"{"a":"0123456…","b":1}"#),
        (
            r#"["0123456789abcdef","0123456789abcdef"]"#,
            r#"["0123456…","0123456…"]"#,
        ),
        (r#"{"a long name of a field":null}"#, r#"{"a long …":null}"#),
        (r#"["字字字字字字"]"#, r#"["字字…"]"#),
        (r#"["012345\u5b57\u5b57"]"#, r#"["012345…"]"#),
        (r#"["0\ud83d\ude00\ud83d\ude00"]"#, r#"["0…"]"#),
        (r#"["012345\"7890123"]"#, r#"["012345…"]"#),
        (r#"["\\\\\\\\\\\\\\\\"]"#, r#"["\\\\\\…"]"#),
        (
            r#"["0123456789", "\"", "\\"]  "#,
            r#"["0123456789", "\"", "\\"]"#,
        ),
        (
            r#"[1234567890123456789012345]"#,
            r#"[1234567890123456789012345]"#,
        ),
        // No JSON, before and after.
        (r#"{"a":"0123456789abcdef"#, r#"{"a":"0123456789abcdef"#),
        (r#"["0123456789abcdef\"#, r#"["0123456789abcdef\"#),
        (r#"["0123456789abcdef\u12"#, r#"["0123456789abcdef\u12"#),
        (
            r#"0123456789 " 0123456789 " ""#,
            r#"0123456789 " 012345…" ""#,
        ),
    ] {
        assert_eq!(
            shortened(given, 10).trim_end(),
            expected.trim_end(),
            "{given}"
        );
    }
}

#[test]
fn whatever_is_json_is_json_afterwards() {
    let pieces = [
        "a",
        "字",
        "😀",
        "\\n",
        "\\u0041",
        "\\ud83d\\ude00",
        "\\\"",
        "\\\\",
        " ",
    ];
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed = seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (seed >> 33) as usize % below
    };
    for _ in 0..2_000 {
        let text = |random: &mut dyn FnMut(usize) -> usize| {
            let length = random(30);
            let pieces = (0..length).map(|_| pieces[random(pieces.len())]);
            format!("\"{}\"", pieces.collect::<String>())
        };
        let entries: Vec<String> = (0..random(5)).map(|_| text(&mut random)).collect();
        let given = format!("[{}]", entries.join(" , "));
        let before: Vec<String> = serde_json::from_str(&given).expect("JSON");
        for longest in [3, 8, 16, 40] {
            let after: Vec<String> =
                serde_json::from_str(&shortened(&given, longest)).expect(&given);
            assert_eq!(after.len(), before.len());
            for (before, after) in before.iter().zip(&after) {
                let start = after.strip_suffix('…').unwrap_or(after);
                assert!(
                    before.starts_with(start) && after.len() <= longest,
                    "{before} {after}"
                );
            }
        }
    }
}

#[test]
fn a_payload_is_read_as_often_as_one_likes() {
    let long = "x".repeat(25 << 20);
    let mut json = json!({"ref": long, "after": "1"}).to_string().into_bytes();
    for _ in 0..2 {
        let payload: Value = parse(&mut json, "Git").expect("JSON");
        assert_eq!(payload["after"], "1");
        let read = payload["ref"].as_str().expect("a text");
        assert!(
            read.ends_with("x…") && read.len() <= LONGEST_TEXT,
            "{}",
            read.len()
        );
    }
}
