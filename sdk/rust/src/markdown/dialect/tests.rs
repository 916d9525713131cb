mod cut;
mod markup;
mod strangers;

use super::{DISCORD, FEISHU, PLAIN, SLACK, Style, TELEGRAM, WECOM, WECOM_V2, render};

fn all() -> [(&'static str, &'static Style); 7] {
    [
        ("slack", &SLACK),
        ("telegram", &TELEGRAM),
        ("discord", &DISCORD),
        ("feishu", &FEISHU),
        ("wecom", &WECOM),
        ("wecom v2", &WECOM_V2),
        ("plain", &PLAIN),
    ]
}

fn written(markdown: &str, style: &'static Style) -> String {
    render(markdown, style, &|_| None).into_text()
}
