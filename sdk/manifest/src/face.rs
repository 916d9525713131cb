//! How a plugin shows itself to people.

use crate::{Kind, Title};
use serde::{Deserialize, Serialize};

/// Where a console lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Sources: Git hosts, pipelines, monitors, anything that sends JSON.
    Git,
    Ci,
    Monitoring,
    Generic,
    /// Channels: groups and rooms, phones, mail, other programs, who is on call.
    Chat,
    Phone,
    Mail,
    Webhook,
    Incident,
    /// AI backends: a vendor's, or one's own.
    Cloud,
    Local,
}

impl Category {
    pub fn kind(self) -> Kind {
        match self {
            Self::Git | Self::Ci | Self::Monitoring | Self::Generic => Kind::Provider,
            Self::Chat | Self::Phone | Self::Mail | Self::Webhook | Self::Incident => Kind::Channel,
            Self::Cloud | Self::Local => Kind::Ai,
        }
    }
}

/// What a channel makes of a message's text, for previews and counters in forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextForm {
    pub dialect: Dialect,
    /// Most of a message's text. None: the far side takes what the engine sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default)]
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    Markdown,
    /// Slack's.
    Mrkdwn,
    Html,
    /// A card of the far side's own form.
    Card,
    Text,
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    #[default]
    Bytes,
    Characters,
    /// Code units of UTF-16, as JavaScript counts.
    Utf16,
}

const MAX_INSTRUCTIONS_BYTES: usize = 8 << 10;
const MAX_ICON_BYTES: usize = 8 << 10;

/// What an image needs none of: what runs, what is fetched, what is no drawing.
const FOREIGN: [&str; 9] = [
    "<script",
    "<foreignobject",
    "<!doctype",
    "<!entity",
    "<image",
    "<use",
    "href",
    "url(",
    "javascript:",
];

pub(crate) fn check_instructions(instructions: &Title) -> Result<(), String> {
    let is_long = |text: &String| text.len() > MAX_INSTRUCTIONS_BYTES;
    match [&instructions.en, &instructions.zh]
        .into_iter()
        .any(is_long)
    {
        true => Err(format!("has more than {MAX_INSTRUCTIONS_BYTES} bytes")),
        false => Ok(()),
    }
}

/// A small drawing and nothing else: it is shown beside those of other plugins.
pub(crate) fn check_icon(svg: &str) -> Result<(), String> {
    if svg.len() > MAX_ICON_BYTES {
        return Err(format!("has more than {MAX_ICON_BYTES} bytes"));
    }
    let text = svg.trim().to_lowercase();
    if !text.starts_with("<svg") || !text.ends_with("</svg>") {
        return Err("is not one <svg> element".to_owned());
    }
    if let Some(foreign) = FOREIGN.into_iter().find(|foreign| text.contains(foreign)) {
        return Err(format!("has `{foreign}`, which a drawing needs not"));
    }
    // An attribute that runs something: ` onload=`.
    let handler = text
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/'))
        .find(|word| word.starts_with("on") && word.contains('='));
    match handler {
        Some(handler) => Err(format!("has `{handler}`, which a drawing needs not")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_a_drawing_and_nothing_else() {
        let sound = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 1h14"/></svg>"#;
        assert_eq!(check_icon(sound), Ok(()));
        assert_eq!(check_icon(&format!("\n{sound}\n")), Ok(()));
        for wrong in [
            "",
            "icon.png",
            "<svg>",
            "<html></html>",
            "<svg><script>alert(1)</script></svg>",
            "<svg><SCRIPT/></svg>",
            r#"<svg onload="x()"></svg>"#,
            "<svg\nONLOAD='x()'></svg>",
            r#"<svg><a href="https://example.com"/></svg>"#,
            r##"<svg><use xlink:href="#a"/></svg>"##,
            r#"<svg style="background:url(https://example.com)"></svg>"#,
            "<svg><foreignObject/></svg>",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg></svg>",
        ] {
            assert!(check_icon(wrong).is_err(), "{wrong}");
        }
        assert!(check_icon(&format!("<svg>{}</svg>", " ".repeat(9000))).is_err());
    }
}
