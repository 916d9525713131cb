//! What every channel keeps.

use super::server;
use crate::Email;
use mail_parser::MessageParser;
use push_notify_sdk::{
    smtp::{Error, Reply},
    testing::{
        Host,
        conformance::{ChannelRow, Far, KEY, Shown},
    },
};
use serde_json::{Value, json};

impl ChannelRow for Email {
    fn config() -> Value {
        json!({
            "smtp_host": "smtp.example.com", "smtp_port": 587, "from": "bot@example.com",
            "password": KEY, "to": ["mei@example.com"],
        })
    }

    /// The engine hands over codes and the start of a text, so that no server can answer more than
    /// that.
    fn far(far: Far) -> Option<Host> {
        let failing = |error: Error| Host::new().smtp(move |_, _, _| Err(error.clone()));
        let refusing = |code| {
            let text = "no".to_owned();
            failing(Error::Refused(Reply { code, text }))
        };
        Some(match far {
            Far::Sound => server(|_| (250, "2.0.0 Ok")),
            Far::Busy => server(|_| (450, "4.2.1 slow down")),
            Far::Broken => refusing(421),
            Far::Silent => failing(Error::TimedOut),
            Far::Unreachable => failing(Error::Unreachable("no route".to_owned())),
            Far::NotGranted => failing(Error::Denied("grant it".to_owned())),
            Far::Locked => refusing(535),
            Far::Picky => server(|_| (554, "5.7.1 no")),
            Far::Garbled => Host::new().smtp(|_, _, _| Ok(Vec::new())),
            Far::Endless => return None,
        })
    }

    fn class(far: Far) -> &'static str {
        match far {
            // It does not say for how long.
            Far::Busy => "retry",
            other => other.class(),
        }
    }

    fn shown(host: &Host) -> Shown {
        let sent = host.mails().pop().unwrap().message;
        let mail = MessageParser::default().parse(&sent).unwrap();
        // The text part begins with the title, and ends with why one has it.
        let text = mail.body_text(0).unwrap();
        let (text, _) = text.rsplit_once("\r\n-- \r\n").unwrap();
        let (_, text) = text.split_once('\n').unwrap();
        Shown {
            title: mail.subject().unwrap().to_owned(),
            text: text.to_owned(),
            sent,
        }
    }
}

push_notify_sdk::conformance!(channel Email);
