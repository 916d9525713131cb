use lettre::address::Address;
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tls {
    Starttls,
    Implicit,
    None,
}

impl Tls {
    /// As settings and the contract have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        }
    }
}

/// A mail server, and the login there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub username: Option<String>,
    pub password: Option<String>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Whom a mail is from and for, as the servers are told.
#[derive(Debug)]
pub struct Envelope {
    pub sender: String,
    pub recipients: Vec<String>,
}

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub code: u16,
    pub text: String,
}

/// What a server said to a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub recipient: String,
    pub reply: Reply,
}

/// Why a mail reached nobody.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// The server is off limits.
    Denied(String),
    /// The mail or an address is none.
    Invalid(String),
    Unreachable(String),
    TimedOut,
    Refused(Reply),
}

/// An envelope whose addresses are known to be addresses.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) sender: Option<Address>,
    /// As the guest wrote it, and as it goes over the wire.
    pub(super) recipients: Vec<(String, Address)>,
}

impl Error {
    /// As a server says it that wants another login: the settings are wrong, not the moment.
    pub(super) fn settings(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::Refused(Reply { code: 530, text })
    }
}

const MOST_RECIPIENTS: usize = 1000;

impl Route {
    pub(super) fn new(envelope: Envelope) -> Result<Self, Error> {
        let sender = match envelope.sender.as_str() {
            "" => None,
            sender => Some(parse(sender)?),
        };
        if envelope.recipients.is_empty() {
            return Err(Error::Invalid("the mail has no recipient".to_owned()));
        }
        if envelope.recipients.len() > MOST_RECIPIENTS {
            return Err(Error::Invalid(format!(
                "the mail has more than {MOST_RECIPIENTS} recipients"
            )));
        }
        let recipients = envelope
            .recipients
            .into_iter()
            .map(|recipient| parse(&recipient).map(|address| (recipient, address)))
            .collect::<Result<_, _>>()?;
        Ok(Self { sender, recipients })
    }
}

/// An address; its domain in the ASCII form that DNS knows.
fn parse(text: &str) -> Result<Address, Error> {
    let wrong = || Error::Invalid(format!("`{}` is not an address", text.escape_debug()));
    // A line break would start a command of the guest's own.
    if text.len() > 320 || text.contains(char::is_control) || text.contains(['<', '>']) {
        return Err(wrong());
    }
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let address = Address::new(local, domain).map_err(|_| wrong())?;
    ascii_domain(address).ok_or_else(wrong)
}

/// The address with its domain in the ASCII form that DNS knows. None: it has none.
pub fn ascii_domain(address: Address) -> Option<Address> {
    if address.domain().is_ascii() {
        return Some(address);
    }
    match url::Host::parse(address.domain()) {
        Ok(url::Host::Domain(domain)) => Address::new(address.user(), domain).ok(),
        _ => None,
    }
}

/// The message as it goes to lettre, which ends it with a line break of its own.
pub(super) fn body(message: &[u8]) -> Result<&[u8], Error> {
    // A lone CR or LF lets some servers see the end of a mail, and the next one's commands, where
    // others see text.
    let lone = memchr::memchr2_iter(b'\r', b'\n', message).any(|at| match message[at] {
        b'\r' => message.get(at + 1) != Some(&b'\n'),
        _ => at == 0 || message[at - 1] != b'\r',
    });
    if lone {
        let problem = "the message has a line that does not end with CRLF";
        return Err(Error::Invalid(problem.to_owned()));
    }
    Ok(message.strip_suffix(b"\r\n").unwrap_or(message))
}
