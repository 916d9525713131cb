//! What the owner of a failing target reads.

use super::store::Failing;
use jiff::tz::TimeZone;
use push_notify_core::{calendar, i18n::Locale};
use push_notify_template::escape_markdown;
use std::borrow::Cow;

/// Of what the far side said, in characters.
const LONGEST_ERROR: usize = 500;

/// A title and paragraphs, as plain text.
pub(super) struct Message {
    pub title: String,
    pub paragraphs: Vec<String>,
}

impl Failing {
    pub(super) fn message(&self, locale: Locale, zone: &TimeZone) -> Message {
        let (id, name, channel) = (self.target_id, self.name.as_str(), self.channel.as_str());
        let since = calendar::told(self.since, zone);
        let error = self.error.as_deref().map(line);
        match locale {
            Locale::Chinese => Message {
                title: format!("推送目标“{name}”推送失败"),
                paragraphs: [
                    Some(format!(
                        "推送目标“{name}”（{channel}，ID {id}）自 {since} 起无法收到消息。"
                    )),
                    error.map(|error| format!("最近一次错误：{error}")),
                    Some(
                        "在恢复之前，发往它的消息会等待或记为失败；失败的消息可以重新发送。请检查该目标的配置以及对方服务。"
                            .to_owned(),
                    ),
                ]
                .into_iter()
                .flatten()
                .collect(),
            },
            Locale::English => Message {
                title: format!("The target \"{name}\" fails"),
                paragraphs: [
                    Some(format!(
                        "Messages have not reached the target \"{name}\" ({channel}, id {id}) since {since}."
                    )),
                    error.map(|error| format!("The last error: {error}")),
                    Some(
                        "Until it works again, messages for it wait or end as failed; those that failed can be sent again. \
                         Please check the target's configuration and the service behind it."
                            .to_owned(),
                    ),
                ]
                .into_iter()
                .flatten()
                .collect(),
            },
        }
    }
}

impl Message {
    pub(super) fn plain(&self) -> String {
        self.paragraphs.join("\n\n") + "\n"
    }

    /// Names and errors are words of others: nothing in them becomes a link or an image.
    pub(super) fn markdown(&self) -> String {
        let text = self.paragraphs.join("\n\n");
        let text = escape_markdown(&text);
        format!("### {}\n\n{text}\n", self.markdown_title())
    }

    fn markdown_title(&self) -> Cow<'_, str> {
        escape_markdown(&self.title)
    }
}

/// One line, not too long.
fn line(text: &str) -> String {
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(LONGEST_ERROR).collect()
}

#[cfg(test)]
mod tests;
