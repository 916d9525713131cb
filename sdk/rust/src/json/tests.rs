use super::{mended, read};

#[test]
fn what_was_cut_in_the_middle_of_a_character_is_read() {
    let cases: [(&[u8], &str); 16] = [
        (br#""cut \ud83d""#, "cut \u{fffd}"),
        (br#""cut \uD83D""#, "cut \u{fffd}"),
        (br#""\ude00 cut""#, "\u{fffd} cut"),
        (br#""\ud83d and \ude00""#, "\u{fffd} and \u{fffd}"),
        (br#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (br#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
        (br#""\ud83d\ude00\ude00""#, "\u{1f600}\u{fffd}"),
        (br#""\ud83d\n""#, "\u{fffd}\n"),
        (br#""\ud83d\\ude00""#, "\u{fffd}\\ude00"),
        (br#""\ud83d\u0041""#, "\u{fffd}A"),
        (br#""\\ud83d""#, "\\ud83d"),
        (br#""\\\ud83d""#, "\\\u{fffd}"),
        (br#""\ud83d\ude00""#, "\u{1f600}"),
        (b"\xef\xbb\xbf\"x\"", "x"),
        (b"\"caf\xe9 \\ud83d\"", "caf\u{fffd} \u{fffd}"),
        // The half of a pair that is written as bytes (CESU-8).
        (b"\"\xed\xa0\xbd!\"", "\u{fffd}\u{fffd}\u{fffd}!"),
    ];
    for (json, expected) in cases {
        let shown = String::from_utf8_lossy(json);
        assert_eq!(
            read::<String>(json).ok().as_deref(),
            Some(expected),
            "{shown}"
        );
    }
}

#[test]
fn names_of_fields_are_mended_too() {
    let read: serde_json::Value = read(br#"{"a\ud83d": 1, "b": ["\udfff"]}"#).unwrap();
    assert_eq!(read["a\u{fffd}"], 1);
    assert_eq!(read["b"][0], "\u{fffd}");
}

#[test]
fn what_is_no_json_is_still_none() {
    for json in [
        &b""[..],
        b"\xef\xbb\xbf",
        br#""\ud83d"#,
        br#""\ud83"#,
        br#""\ud83g""#,
        br#""\"#,
        br#""\u"#,
        b"{\"a\": \\ud83d}",
        b"\xff",
        b"[1,]",
    ] {
        assert!(read::<serde_json::Value>(json).is_err());
    }
}

#[test]
fn sound_text_is_not_copied() {
    for json in [&b""[..], br#""x""#, br#""\\\"\u0041\ud83d\ude00""#, b"\\"] {
        assert_eq!(mended(json), None);
    }
}

/// Whatever UTF-16 is escaped unit by unit.
#[test]
fn it_reads_as_utf_16_does() {
    const UNITS: [u16; 6] = [0x41, 0x5c, 0xd83d, 0xde00, 0xdbff, 0xfffd];
    for number in 0..UNITS.len().pow(5) {
        let units: Vec<u16> = (0..5)
            .map(|place| UNITS[number / UNITS.len().pow(place) % UNITS.len()])
            .collect();
        let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
        let read: String = read(format!("\"{escaped}\"").as_bytes()).unwrap();
        assert_eq!(read, String::from_utf16_lossy(&units), "{escaped}");
    }
}
