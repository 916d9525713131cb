//! What is delivered, and what becomes of it where the far side takes nothing.

use super::KEY;
use crate::{
    Channel, Failure, Message, Receipt,
    http::Error,
    testing::{Host, class, response},
};
use serde_json::Value;

/// How a channel's far side answers, and what people see there.
pub trait ChannelRow: Channel {
    /// What the far side takes, in bytes of what is sent. None: it takes whatever the engine hands
    /// over.
    const LIMIT: Option<usize> = None;
    /// Whether a title has to be one line there.
    const ONE_LINE_TITLES: bool = true;

    /// A configuration, in which each secret is [`KEY`] or begins with it.
    fn config() -> Value;

    /// A far side in this state. None: there is no such thing. Over HTTP, [`Far::over_http`] does
    /// for most.
    fn far(far: Far) -> Option<Host>;

    /// What the engine does about it.
    fn class(far: Far) -> &'static str {
        far.class()
    }

    /// What was sent by the last request or mail.
    fn shown(host: &Host) -> Shown;
}

/// States of a far side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Far {
    /// It takes everything.
    Sound,
    /// It asks for less.
    Busy,
    Broken,
    Silent,
    Unreachable,
    /// The operator has not granted it.
    NotGranted,
    /// It does not take the secret.
    Locked,
    /// It does not take the message.
    Picky,
    /// It answers what means nothing.
    Garbled,
    /// It answers more than the engine takes.
    Endless,
}

/// What people see of a message.
#[derive(Debug)]
pub struct Shown {
    pub title: String,
    pub text: String,
    /// All of it, as sent.
    pub sent: Vec<u8>,
}

impl Far {
    pub const ALL: [Self; 10] = [
        Self::Sound,
        Self::Busy,
        Self::Broken,
        Self::Silent,
        Self::Unreachable,
        Self::NotGranted,
        Self::Locked,
        Self::Picky,
        Self::Garbled,
        Self::Endless,
    ];

    /// A far side that speaks HTTP with the usual statuses; `sound` is the body with which it takes
    /// a message.
    pub fn over_http(self, sound: &'static str) -> Host {
        Host::new()
            .now_ms(1_735_693_200_000)
            .http(move |_| match self {
                Self::Sound => Ok(response(200, sound)),
                Self::Busy => Ok(response(429, "slow down").with_header("retry-after", "7")),
                Self::Broken => Ok(response(503, "<html>")),
                Self::Silent => Err(Error::TimedOut),
                Self::Unreachable => Err(Error::Unreachable("no route".to_owned())),
                Self::NotGranted => Err(Error::Denied("grant it".to_owned())),
                Self::Locked => Ok(response(401, "no")),
                Self::Picky => Ok(response(422, "no")),
                Self::Garbled => Ok(response(200, format!("<html>{}", "x".repeat(1 << 20)))),
                Self::Endless => Err(Error::TooLarge),
            })
    }

    /// What the engine does about it, as `testing::class` writes it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Sound => "ok",
            Self::Busy => "retry 7000",
            Self::Broken | Self::Silent | Self::Unreachable | Self::Garbled => "retry",
            Self::NotGranted | Self::Locked => "misconfigured",
            Self::Picky | Self::Endless => "rejected",
        }
    }
}

/// What has no meaning where people read it, though it may have one elsewhere.
const STRANGE: [&str; 9] = [
    "{{.Secret}} ${HOME} %s %n",
    "'; DROP TABLE pushes; --",
    "\"quoted\" and 'quoted'",
    "{\"errcode\": 0}",
    "梨 🍐 é",
    "\u{202e}turned",
    "..",
    ".",
    "From the start",
];

fn message(title: &str, body: &str) -> Message {
    Message {
        id: "push-17".to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        repository: "orchard-works/pear-ledger".to_owned(),
        created_at_ms: 1_793_610_000_123,
        origin: "push.example.com".to_owned(),
        attempt: 1,
        ..Message::default()
    }
}

fn send<R: ChannelRow>(host: &Host, message: Message) -> Result<Receipt, Failure> {
    let config = serde_json::from_value(R::config()).expect("the row's configuration");
    host.run(|| R::send(config, message))
}

fn sound<R: ChannelRow>() -> Host {
    R::far(Far::Sound).expect("every far side takes something")
}

fn shown<R: ChannelRow>(title: &str, body: &str) -> Shown {
    let host = sound::<R>();
    let sent = send::<R>(&host, message(title, body));
    assert!(sent.is_ok(), "{sent:?}");
    R::shown(&host)
}

pub fn a_message_is_delivered_once<R: ChannelRow>() {
    let host = sound::<R>();
    let sent = send::<R>(&host, message("Title", "text"));
    assert!(sent.is_ok(), "{sent:?}");
    assert_eq!(host.requests().len() + host.mails().len(), 1);
    let shown = R::shown(&host);
    assert_eq!((&*shown.title, shown.text.trim()), ("Title", "text"));
}

pub fn a_text_arrives_as_it_was_written<R: ChannelRow>() {
    for strange in STRANGE {
        let shown = shown::<R>(strange, &format!("before\n\n{strange}\n\nafter"));
        assert!(shown.text.contains(strange), "{strange}: {}", shown.text);
        assert_eq!(shown.title, strange);
    }
}

/// A line break in a title is no way into what stands around it.
pub fn a_title_is_one_line<R: ChannelRow>() {
    for title in [
        "two\r\nlines",
        "two\nBcc: somebody@example.com",
        "two\rlines",
    ] {
        let shown = shown::<R>(title, "text");
        let is_one_line = !shown.title.contains(['\r', '\n']);
        assert!(is_one_line || !R::ONE_LINE_TITLES, "{:?}", shown.title);
        let sent = String::from_utf8_lossy(&shown.sent);
        assert!(!sent.contains("\nBcc:"), "{sent}");
    }
}

pub fn a_long_body_is_cut_to_what_the_far_side_takes_and_says_so<R: ChannelRow>() {
    for unit in ["x", "張", "🍐", "\"", "\\", "\u{1}", "line\n", "a\n\n"] {
        let body = unit.repeat((256 << 10) / unit.len());
        let host = sound::<R>();
        let receipt = send::<R>(&host, message("t", &body));
        let receipt = receipt.unwrap_or_else(|failure| panic!("{unit:?}: {failure:?}"));
        if let Some(limit) = R::LIMIT {
            let sent = R::shown(&host).sent.len();
            assert!(sent <= limit, "{unit:?}: {sent} bytes");
            let note = receipt.note.unwrap_or_default();
            assert!(note.contains("left out"), "{unit:?}: {note}");
        }
    }
}

fn each<R: ChannelRow>() -> impl Iterator<Item = (Far, Host, Result<Receipt, Failure>)> {
    let far = Far::ALL.into_iter();
    let far = far.filter_map(|far| Some((far, R::far(far)?)));
    far.map(|(far, host)| {
        let sent = send::<R>(&host, message("t", "b"));
        (far, host, sent)
    })
}

pub fn each_failure_is_of_its_class<R: ChannelRow>() {
    for (far, _, sent) in each::<R>() {
        assert_eq!(class(&sent), R::class(far), "{far:?}: {sent:?}");
    }
}

pub fn a_reason_stays_short_whatever_the_far_side_says<R: ChannelRow>() {
    for (far, _, sent) in each::<R>() {
        let length = format!("{sent:?}").len();
        assert!(length < 2000, "{far:?}: {length} bytes");
    }
}

pub fn no_reason_tells_a_secret<R: ChannelRow>() {
    for (far, host, sent) in each::<R>() {
        for told in [format!("{sent:?}"), format!("{:?}", host.lines())] {
            assert!(!told.contains(KEY), "{far:?}: {told}");
        }
    }
}

pub fn a_secret_is_in_no_text<R: ChannelRow>() {
    let shown = shown::<R>("t", "b");
    let sent = String::from_utf8_lossy(&shown.sent);
    assert!(!sent.contains(KEY), "{sent}");
}
