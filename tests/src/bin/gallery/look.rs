//! How a far side shows what it got, about.

use crate::channels::Sent;
use mail_parser::MessageParser;
use pulldown_cmark::{Event, Options, Parser, html};
use serde_json::Value;

/// A message on a page.
#[derive(Default)]
pub(crate) struct Look {
    /// A bar in the colour of the state.
    pub(crate) colour: Option<String>,
    pub(crate) title: String,
    /// HTML.
    pub(crate) text: String,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) buttons: Vec<(String, String)>,
    /// A whole document in place of all that.
    pub(crate) document: Option<String>,
    /// What was sent.
    pub(crate) raw: String,
}

pub(crate) fn of(channel: &str, sent: &Sent) -> Look {
    let body = match sent {
        Sent::Mail(bytes) => return mail(bytes),
        Sent::Body(body) => body,
    };
    let raw = serde_json::to_string_pretty(body).unwrap_or_default();
    let look = match channel {
        "dingtalk" => Look {
            text: markdown(&at(body, "/markdown/text"), false),
            ..Look::default()
        },
        "wecom" => Look {
            text: markdown(&at(body, "/markdown/content"), true),
            ..Look::default()
        },
        "feishu" => feishu(&body["card"]),
        "slack" => slack(body),
        "telegram" => telegram(body),
        "discord" => discord(&body["embeds"][0]),
        "teams" => teams(&body["attachments"][0]["content"]),
        "mattermost" => mattermost(body),
        "matrix" => Look {
            text: at(body, "/formatted_body"),
            ..Look::default()
        },
        "pagerduty" => pagerduty(body),
        "webhook" => Look {
            text: plain(&raw),
            ..Look::default()
        },
        "serverchan" => Look {
            title: at(body, "/title"),
            text: markdown(&at(body, "/desp"), false),
            ..Look::default()
        },
        "pushplus" => Look {
            title: at(body, "/title"),
            text: markdown(&at(body, "/content"), false),
            ..Look::default()
        },
        "bark" => Look {
            title: at(body, "/title"),
            text: plain(&at(body, "/body")),
            buttons: link("tap", &at(body, "/url")),
            ..Look::default()
        },
        "ntfy" => Look {
            title: at(body, "/title"),
            text: markdown(&at(body, "/message"), false),
            buttons: link("tap", &at(body, "/click")),
            ..Look::default()
        },
        _ => Look {
            title: at(body, "/title"),
            text: markdown(&at(body, "/message"), false),
            buttons: link("tap", &at(body, "/extras/client::notification/click/url")),
            ..Look::default()
        },
    };
    Look { raw, ..look }
}

fn mail(bytes: &[u8]) -> Look {
    let Some(mail) = MessageParser::default().parse(bytes) else {
        return Look::default();
    };
    Look {
        title: mail.subject().unwrap_or_default().to_owned(),
        text: plain(&mail.body_text(0).unwrap_or_default()),
        document: mail.body_html(0).map(|html| html.into_owned()),
        ..Look::default()
    }
}

fn feishu(card: &Value) -> Look {
    let mut look = Look {
        colour: Some(at(card, "/header/template").replace("default", "#8f959e")),
        title: at(card, "/header/title/content"),
        ..Look::default()
    };
    for tag in list(&card["header"]["text_tag_list"]) {
        look.title += &format!("  [{}]", at(tag, "/text/content"));
    }
    for element in list(&card["body"]["elements"]) {
        let url = at(element, "/behaviors/0/default_url");
        match url.as_str() {
            "" => look.text += &markdown(&at(element, "/content"), true),
            _ => look.buttons.push((at(element, "/text/content"), url)),
        }
    }
    look
}

fn slack(body: &Value) -> Look {
    let attachment = &body["attachments"][0];
    let mut look = Look {
        colour: Some(at(attachment, "/color")),
        title: at(body, "/blocks/0/text/text"),
        ..Look::default()
    };
    for block in list(&attachment["blocks"]) {
        let small = at(block, "/elements/0/text");
        look.text += &match small.as_str() {
            "" => format!("<div>{}</div>", mrkdwn(&at(block, "/text/text"))),
            small => format!("<p><small>{}</small></p>", mrkdwn(small)),
        };
    }
    look
}

fn telegram(body: &Value) -> Look {
    let rows = list(&body["reply_markup"]["inline_keyboard"]).iter();
    let buttons = rows.flat_map(list);
    Look {
        text: lines(&at(body, "/text")),
        buttons: buttons
            .map(|button| (at(button, "/text"), at(button, "/url")))
            .collect(),
        ..Look::default()
    }
}

fn discord(embed: &Value) -> Look {
    let colour = embed["color"].as_u64().unwrap_or_default();
    Look {
        colour: Some(format!("#{colour:06x}")),
        title: at(embed, "/title"),
        text: markdown(&at(embed, "/description"), true),
        ..Look::default()
    }
}

fn teams(card: &Value) -> Look {
    let mut look = Look::default();
    for element in list(&card["body"]) {
        match at(element, "/type").as_str() {
            "RichTextBlock" => {
                look.title = at(element, "/inlines/0/text");
                look.colour = Some(match at(element, "/inlines/0/color").as_str() {
                    "attention" => "#c4314b".to_owned(),
                    "good" => "#13a10e".to_owned(),
                    "warning" => "#eaa300".to_owned(),
                    _ => "#6264a7".to_owned(),
                });
            }
            "FactSet" => {
                let facts = list(&element["facts"]);
                look.facts.extend(
                    facts
                        .iter()
                        .map(|fact| (at(fact, "/title"), at(fact, "/value"))),
                );
            }
            _ => look.text += &markdown(&at(element, "/text"), true),
        }
    }
    let actions = list(&card["actions"]).iter();
    look.buttons = actions
        .map(|action| (at(action, "/title"), at(action, "/url")))
        .collect();
    look
}

fn mattermost(body: &Value) -> Look {
    let attachment = &body["attachments"][0];
    let fields = list(&attachment["fields"]).iter();
    Look {
        colour: attachment["color"].as_str().map(str::to_owned),
        text: markdown(&at(body, "/text"), true),
        facts: fields
            .map(|field| (at(field, "/title"), at(field, "/value")))
            .collect(),
        ..Look::default()
    }
}

fn pagerduty(body: &Value) -> Look {
    let details = body["payload"]["custom_details"]
        .as_object()
        .into_iter()
        .flatten();
    let mut facts = vec![
        ("event".to_owned(), at(body, "/event_action")),
        ("severity".to_owned(), at(body, "/payload/severity")),
    ];
    facts.extend(
        details
            .filter(|(name, _)| *name != "text")
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())),
    );
    facts.retain(|(_, value)| !value.is_empty());
    let links = list(&body["links"]).iter();
    Look {
        title: at(body, "/payload/summary"),
        text: plain(&at(body, "/payload/custom_details/text")),
        facts,
        buttons: links
            .map(|link| (at(link, "/text"), at(link, "/href")))
            .collect(),
        ..Look::default()
    }
}

fn at(value: &Value, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn link(label: &str, url: &str) -> Vec<(String, String)> {
    match url {
        "" => Vec::new(),
        url => vec![(label.to_owned(), url.to_owned())],
    }
}

/// `breaks`: the far side keeps line breaks.
fn markdown(text: &str, breaks: bool) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::SoftBreak if breaks => Event::HardBreak,
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

fn lines(html: &str) -> String {
    format!("<div class=\"lines\">{html}</div>")
}

fn plain(text: &str) -> String {
    format!("<pre>{}</pre>", escaped(text))
}

/// Slack's own markup: `*bold*`, `<address|text>`, `` `code` `` and `>` before what is quoted.
fn mrkdwn(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut bold = false;
    while let Some(place) = rest.find(['<', '*']) {
        let (before, from) = rest.split_at(place);
        out += before;
        rest = &from[1..];
        if from.starts_with('*') {
            bold = !bold;
            out += if bold { "<b>" } else { "</b>" };
        } else if let Some((link, behind)) = rest.split_once('>') {
            let (url, label) = link.split_once('|').unwrap_or((link, link));
            out += &format!("<a href=\"{url}\">{label}</a>");
            rest = behind;
        }
    }
    lines(&(out + rest))
}

pub(crate) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}
