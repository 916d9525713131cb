//! What the engine's templates make of what people wrote, by the way of a dialect.

use push_notify_sdk::markdown::dialect::{DISCORD, FEISHU, PLAIN, Style, WECOM_V2, render};
use push_notify_template::{
    escape_markdown,
    testing::{normal, read, strangers},
};

/// As readers see it.
fn seen(text: &str) -> String {
    normal(&text.replace('\u{200b}', ""))
}

fn written(value: &str, style: &'static Style) -> String {
    render(&escape_markdown(value), style, &|_| None).into_text()
}

#[test]
fn what_strangers_wrote_arrives_as_they_wrote_it() {
    for value in strangers() {
        let plain = written(&value, &PLAIN);
        assert_eq!(seen(&plain), seen(&value), "{value:?}");
        for style in [&DISCORD, &FEISHU, &WECOM_V2] {
            let page = written(&value, style);
            let reader = read(&page);
            assert_eq!(seen(&reader.text), seen(&value), "{page:?}");
            assert!(reader.markup.is_empty(), "{page:?}: {:?}", reader.markup);
            let leads_elsewhere = |link: &&String| !value.contains(link.as_str());
            assert_eq!(reader.links.iter().find(leads_elsewhere), None, "{page:?}");
        }
    }
}
