use crate::delivery::{HTML_COMMENT, LINK_DEFINITION, OWN_MARK, not_ours};

#[test]
fn only_what_ends_with_our_mark_is_ours() {
    for (before, behind) in [HTML_COMMENT, LINK_DEFINITION] {
        let mark = format!("{before}{OWN_MARK}summary:0123456789abcdef{behind}");
        for ours in [
            mark.clone(),
            format!("Sound.\n\n{mark}"),
            format!("Sound.\r\n{mark}\r\n "),
        ] {
            assert!(not_ours(&ours).is_err(), "{ours}");
        }
        for other in [
            String::new(),
            format!("{before}another{behind}"),
            format!("> Sound.\n> {mark}"),
            format!("> {mark}\n\nThanks!"),
            format!("{OWN_MARK}summary:0123456789abcdef"),
            format!("{before}{OWN_MARK} is how it starts"),
        ] {
            assert!(not_ours(&other).is_ok(), "{other}");
        }
    }
}
