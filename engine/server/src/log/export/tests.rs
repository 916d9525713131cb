use super::*;
use crate::log::system::SystemEntry;

fn entry(id: i64, message: &str) -> SystemEntry {
    SystemEntry {
        id: LogId::new(id),
        level: "INFO".to_owned(),
        module: "pipeline".to_owned(),
        message: message.to_owned(),
        request_id: None,
        client_ip: Some("192.0.2.7".to_owned()),
        detail: Some(r#"{"push.id":7}"#.to_owned()),
        created_at: "2026-01-19T14:30:00Z".to_owned(),
    }
}

#[test]
fn a_csv_file_has_a_mark_a_head_and_quoted_cells() {
    let rows = [entry(1, "said \"no\",\nthen 中文"), entry(2, "plain")];
    let text = csv_chunk(&rows, true).unwrap();
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "\u{feff}id,level,module,message,request_id,client_ip,detail,created_at\r\n\
         1,INFO,pipeline,\"said \"\"no\"\",\nthen 中文\",,192.0.2.7,\"{\"\"push.id\"\":7}\",2026-01-19T14:30:00Z\r\n\
         2,INFO,pipeline,plain,,192.0.2.7,\"{\"\"push.id\"\":7}\",2026-01-19T14:30:00Z\r\n"
    );
    let more = csv_chunk(&rows[1..], false).unwrap();
    assert!(more.starts_with(b"2,INFO"));
}

#[test]
fn a_cell_is_never_a_formula() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"] {
        assert_eq!(neutral(text.into()), format!("'{text}"));
    }
    for (text, shown) in [
        ("a;=1", "a;'=1"),
        ("a;b\t \" +1;x;@y", "a;b\t \" '+1;x;'@y"),
        ("=1;-1", "'=1;'-1"),
        ("a\r\n=1", "a\r\n'=1"),
        ("\t=1", "'\t'=1"),
        (";;-中", ";;'-中"),
    ] {
        assert_eq!(neutral(text.into()), shown);
    }
    for text in ["", "a=1", "1-1", "'=1", "中", "a;b=1", "a; '=1", "a,=1"] {
        assert_eq!(neutral(text.into()), text);
    }
}

#[test]
fn a_json_file_is_one_array_however_it_is_cut() {
    let rows = [entry(1, "a"), entry(2, "b")];
    let parse = |chunks: &[Vec<u8>]| -> Vec<serde_json::Value> {
        serde_json::from_slice(&chunks.concat()).unwrap()
    };
    let whole = parse(&[json_chunk(&rows, true, true).unwrap()]);
    let cut = parse(&[
        json_chunk(&rows[..1], true, false).unwrap(),
        json_chunk(&rows[1..], false, false).unwrap(),
        json_chunk::<SystemEntry>(&[], false, true).unwrap(),
    ]);
    assert_eq!(whole, cut);
    assert_eq!(whole[1]["message"], "b");
    assert_eq!(whole[0]["detail"]["push.id"], 7);
    assert!(parse(&[json_chunk::<SystemEntry>(&[], true, true).unwrap()]).is_empty());
}
