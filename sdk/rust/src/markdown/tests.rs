use super::{DEEPEST, shallow};
use std::borrow::Cow;

#[test]
fn what_people_write_stays_as_it_is() {
    for text in [
        "",
        "a\nb\r\n",
        "> quote\n> > quote in it\n",
        "- a\n  - b\n    1. c\n",
        ">>>>>>> merge conflict",
        ">>> print('doctest')",
        "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -",
        "* * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * *\n",
        "****************************************************************",
        "----------------------------------------------------------------",
        "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.21.22.23.24.25.26.27.28.29.30.31.32.33.34.",
        "a > b > c > d",
        "# > > >",
        "1 2 3",
        "字 > 字",
    ] {
        assert!(matches!(shallow(text), Cow::Borrowed(_)), "{text}");
    }
    let deepest = format!("{}a", "> ".repeat(DEEPEST));
    assert_eq!(shallow(&deepest), deepest);
}

#[test]
fn what_is_deeper_is_text() {
    for mark in [
        ">", "> ", "- ", "* ", "+ ", "1. ", "12) ", "   >", ">\t", "-\t",
    ] {
        let tail = mark.trim_end().len();
        for more in [1, 2, 1000] {
            let text = format!("before\n{}a\nafter > ", mark.repeat(DEEPEST + more));
            let shallow = shallow(&text);
            assert_eq!(shallow.len(), text.len() + 1, "{mark:?}");
            assert_eq!(shallow.replacen('\\', "", 1), text, "{mark:?}");
            let at = shallow.find('\\').expect("it is there") + 1;
            let expected = "before\n".len() + mark.len() * DEEPEST + tail;
            assert_eq!(at, expected, "{mark:?}");
        }
    }
    let mixed = "> - 1. * ".repeat(DEEPEST);
    assert_eq!(shallow(&mixed).matches('\\').count(), 1);
    let lines = format!("{}\n", ">".repeat(40)).repeat(3);
    assert_eq!(shallow(&lines).matches("\\>").count(), 3);
}
