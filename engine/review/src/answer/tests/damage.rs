//! Replies that are damaged or cut: what can be mended is, and of the others no issue is lost
//! without a word.

use super::{ID, Reply, read};
use crate::{
    Decision, Severity,
    merged::{Part, combine},
};

/// With an approval that only its issues belie.
const APPROVED: &str = r#"{"id":"r-7f3a","score":95,"decision":"APPROVED","summary":"Looks good, \"mostly\".","issues":[{"path":"src/pkg/__init__.py","line":2,"severity":"CRITICAL","category":"BUG","message":"eval of input, {unchecked}: a[\"x\"]","suggestion":null},{"path":"b.py","line":7,"severity":"HIGH","category":"STYLE","message":"C:\\users isn't portable","suggestion":"use / \\ \u4e2d"}]}"#;
const ISSUES: usize = 2;

/// What damage is made of.
const LETTERS: [&str; 25] = [
    "\"", "'", "\\", "{", "}", "[", "]", ",", ":", "\n", "\t", "/", "//", "#", "\u{0}", "“", "`",
    "\\u", "x", " ", "\",\"", "\":\"", "\"}", "},{", "]}",
];

fn approves(reply: Reply) -> bool {
    let part = Part {
        reply,
        tokens: 1,
        categories: &[],
    };
    let whole = combine(vec![part], &[], Severity::Low);
    whole.is_whole && whole.decision == Decision::Approved
}

/// Either all issues are there, or it says that some may not be; in no case is it an approval.
fn holds(text: &str) {
    let reply = read(text);
    assert!(
        reply.issues.len() == ISSUES || !reply.is_whole,
        "{text}\n{reply:#?}"
    );
    let is_json = reply.summary.contains("\"issues\"") || reply.summary.contains("\"path\"");
    assert!(!is_json, "{text}\n{reply:#?}");
    assert!(!approves(reply), "{text}");
}

#[test]
fn every_beginning_of_a_reply_keeps_all_issues_or_is_incomplete() {
    for (end, _) in APPROVED.char_indices() {
        let cut = &APPROVED[..end];
        holds(cut);
        assert!(!read(cut).is_whole, "{cut}");
        // As gateways and models end it.
        for more in ["\n```", "...", "\"", "\"}", "}", "}}", "\"\n}\n```"] {
            let text = format!("{cut}{more}");
            // Where somebody closes it, nobody can tell that there was more; but an approval names
            // its issues.
            match more.contains('}') {
                true => assert!(!approves(read(&text)), "{text}"),
                false => holds(&text),
            }
        }
    }
    assert!(read(APPROVED).is_whole);
    assert_eq!(read(APPROVED).issues.len(), ISSUES);
}

#[test]
fn no_letter_that_is_missing_too_many_or_wrong_loses_an_issue() {
    for (at, old) in APPROVED.char_indices() {
        let (before, after) = (&APPROVED[..at], &APPROVED[at + old.len_utf8()..]);
        holds(&format!("{before}{after}"));
        for letter in LETTERS {
            holds(&format!("{before}{letter}{after}"));
            holds(&format!("{before}{letter}{old}{after}"));
        }
    }
}

#[test]
fn no_heap_of_faults_approves() {
    // Always the same sequence (xorshift).
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..4_000 {
        let mut text: Vec<char> = APPROVED.chars().collect();
        for _ in 0..1 + random(4) {
            let at = random(text.len());
            let end = (at + random(6)).min(text.len());
            let letters = LETTERS[random(LETTERS.len())].chars();
            text.splice(at..end, letters);
        }
        let text: String = text.into_iter().collect();
        assert!(!approves(read(&text)), "{text}");
    }
}

/// A piece of a stream that did not arrive.
#[test]
fn no_gap_in_a_reply_approves() {
    let starts: Vec<usize> = APPROVED.char_indices().map(|(at, _)| at).collect();
    for (number, start) in starts.iter().enumerate() {
        for end in starts[number..].iter().step_by(7) {
            let reply = read(&format!("{}{}", &APPROVED[..*start], &APPROVED[*end..]));
            // What is gone as a whole entry, or as the list, nobody can miss.
            let is_left = reply.issues.len() == ISSUES;
            if is_left {
                assert!(!approves(reply), "{start}..{end}");
            }
        }
    }
}

#[test]
fn what_can_be_mended_in_one_way_is() {
    let sound = read(APPROVED);
    for (name, text) in [
        ("line feed", APPROVED.replace("eval of", "eval\nof")),
        ("tab", APPROVED.replace("eval of", "eval\tof")),
        ("carriage return", APPROVED.replace("eval of", "eval\r\nof")),
        ("escape of a digit", APPROVED.replace("eval of", "\\d of")),
        ("escape of a quote", APPROVED.replace("isn't", "isn\\'t")),
        ("path", APPROVED.replace("C:\\\\users", "C:\\users")),
        ("comma in a list", APPROVED.replace("]}", ",]}")),
        ("comma in an object", APPROVED.replace("null}", "null,}")),
        ("comma at the end", APPROVED.replace("]}", "],}")),
        ("commas", APPROVED.replace("},{", "},,{")),
        ("no comma between entries", APPROVED.replace("},{", "}\n{")),
        ("line comment", APPROVED.replace("},{", "}, // next one\n{")),
        (
            "comment",
            APPROVED.replace("},{", "}, /* \"issues\": [] */ {"),
        ),
        (
            "comment before a name",
            APPROVED.replace("\"score\"", "/* of 100 */ \"score\""),
        ),
        ("Python's comment", APPROVED.replace("},{", "}, # next\n{")),
        ("None", APPROVED.replace("null", "None")),
        ("undefined", APPROVED.replace("null", "undefined")),
        ("NaN", APPROVED.replace("null", "NaN")),
        ("half of a pair", APPROVED.replace("\\u4e2d", "\\ud83d")),
        (
            "the other half",
            APPROVED.replace("\\u4e2d", "\\ude00 \\ud83dx"),
        ),
        (
            "number as text",
            APPROVED.replace("\"line\":2", "\"line\":\"2\""),
        ),
        ("plus", APPROVED.replace("\"line\":2", "\"line\":+2")),
        ("fraction", APPROVED.replace("95", "95.0")),
        (
            "bare names",
            APPROVED
                .replace("\"line\":", "line:")
                .replace("\"score\":", "score :"),
        ),
        (
            "typographic quotes",
            APPROVED
                .replace("\"line\"", "“line”")
                .replace("\"b.py\"", "“b.py”"),
        ),
        (
            "single quotes",
            APPROVED
                .replace("\"line\"", "'line'")
                .replace("\"b.py\"", "'b.py'"),
        ),
        ("backquotes", APPROVED.replace("\"b.py\"", "`b.py`")),
        (
            "two strings",
            APPROVED.replace("\"b.py\"", "\"b.\" + \"py\""),
        ),
        (
            "marks of no width",
            APPROVED
                .replace("{", "{\u{feff}")
                .replace(":[", ":\u{200b}["),
        ),
        ("nul", APPROVED.replace("eval of", "eval\u{0} of")),
    ] {
        let reply = read(&text);
        assert!(reply.is_whole, "{name}: {text}");
        assert_eq!(reply.issues.len(), ISSUES, "{name}");
        assert_eq!(reply.score, sound.score, "{name}");
        assert_eq!(reply.decision, sound.decision, "{name}");
        assert_eq!(reply.summary, sound.summary, "{name}");
        let places = |reply: &Reply| {
            let place =
                |issue: &crate::answer::Finding| (issue.path.clone(), issue.line, issue.severity);
            reply.issues.iter().map(place).collect::<Vec<_>>()
        };
        assert_eq!(places(&reply), places(&sound), "{name}");
    }
}

#[test]
fn what_is_guessed_is_kept_and_told_to_be_incomplete() {
    for (name, text) in [
        (
            "quotes in a text",
            APPROVED.replace("eval of input", "eval \"input\" of"),
        ),
        (
            "quote in a text",
            APPROVED.replace("eval of input", "eval 2\" input"),
        ),
        ("closing quote", APPROVED.replace("b.py\",", "b.py,")),
        (
            "comma between members",
            APPROVED.replace("\"b.py\",", "\"b.py\" "),
        ),
        (
            "brace between entries",
            APPROVED.replace("null},{", "null,"),
        ),
        ("ellipsis", APPROVED.replace("}]}", "}, ...]}")),
        ("last brackets", APPROVED.replace("}]}", "}")),
        ("bracket", APPROVED.replace("}]}", "}}")),
        ("brace", APPROVED.replace("}]}", "]}")),
        (
            "backslash before the end",
            APPROVED.replace("b.py\"", "b\\\""),
        ),
        ("entry of another kind", APPROVED.replace("}]}", "},7]}")),
        (
            "entry that says nothing known",
            APPROVED.replace("}]}", "},{\"remark\":\"x\"}]}"),
        ),
        (
            "member after the end",
            format!("{APPROVED},\"issues\":[{{\"message\":\"m\"}}]}}"),
        ),
        (
            "entry after the end",
            format!("{APPROVED}\n{{\"path\":\"c.py\",\"line\":1,\"message\":\"m\"}}"),
        ),
    ] {
        let reply = read(&text);
        assert!(!reply.is_whole, "{name}: {text}\n{reply:#?}");
        assert!(!reply.issues.is_empty(), "{name}: {text}");
        assert_eq!(reply.decision, Some(Decision::Approved), "{name}");
        assert_eq!(reply.score, Some(95), "{name}");
    }
}

#[test]
fn two_objects_that_repeat_the_id_are_one_answer() {
    let clean =
        r#"{"id":"r-7f3a","score":100,"decision":"APPROVED","summary":"Perfect.","issues":[]}"#;
    for text in [
        format!("{clean}\n{APPROVED}"),
        format!("{APPROVED}\n{clean}"),
        format!("[{APPROVED}, {clean}]"),
        format!("Draft:\n```json\n{APPROVED}\n```\nFinal:\n```json\n{clean}\n```"),
        clean.replace(
            "\"issues\":[]",
            &format!("\"issues\":[],\"review\":{APPROVED}"),
        ),
        APPROVED.replace("}]}", "}],\"issues\":[],\"issues\":null}"),
    ] {
        let reply = read(&text);
        assert_eq!(reply.issues.len(), ISSUES, "{text}");
        assert_eq!(reply.score, Some(95), "{text}");
        assert!(reply.is_whole, "{text}");
    }
}

#[test]
fn an_answer_that_is_only_thought_of_is_incomplete() {
    let reply = read(&format!("<think>Perhaps {APPROVED}</think>\nI am done."));
    assert!(!reply.is_whole);
    // What was dropped while thinking is no issue.
    let clean = format!(r#"{{"id":"{ID}","decision":"APPROVED","summary":"Fine.","issues":[]}}"#);
    let reply = read(&format!("<think>Perhaps {APPROVED}</think>\n{clean}"));
    assert!(reply.is_whole && reply.issues.is_empty());
}
