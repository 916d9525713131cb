//! A message's Markdown as a chat writes it. What the chat lacks becomes something that it has:
//! tables are lines, headings are bold, images are links. What strangers wrote stays text.
//!
//! ```
//! use push_notify_sdk::markdown::dialect::{Limit, SLACK, Unit, cut_note, render};
//!
//! let page = render("**done** by [Mei](mention:0)", &SLACK, &|_| Some("<@U1>".to_owned()));
//! assert_eq!(page.text(), "*done* by <@U1>");
//! let cut = page.cut(Limit::new(3000, Unit::Chars), &|left_out| cut_note("en-US", left_out));
//! assert_eq!((&*cut.text, cut.left_out), ("*done* by <@U1>", 0));
//! ```

mod cut;
mod page;
mod style;
mod write;

mod discord;
mod feishu;
mod plain;
mod slack;
mod telegram;
mod wecom;

#[cfg(test)]
mod tests;

pub use cut::{Cut, Limit, Unit, cut_note, receipt_note};
pub use discord::DISCORD;
pub use feishu::FEISHU;
pub use page::Page;
pub use plain::PLAIN;
pub use slack::SLACK;
pub use style::Style;
pub use telegram::TELEGRAM;
pub use wecom::{WECOM, WECOM_V2};
pub use write::{line, link, render};
