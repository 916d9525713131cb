//! One conversation (RFC 5321, STARTTLS of RFC 3207, AUTH of RFC 4954).

use super::{Action, Mail, Security, Stage, server::Shared};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::io;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

pub(super) async fn serve(tcp: TcpStream, shared: &Shared) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let wire: Box<dyn Wire> = match shared.security {
        Security::Implicit => Box::new(shared.acceptor().accept(tcp).await?),
        Security::Starttls | Security::None => Box::new(tcp),
    };
    let mut session = Session {
        wire: BufReader::new(wire),
        shared,
        encrypted: shared.security == Security::Implicit,
        logged_in: false,
        from: None,
        to: Vec::new(),
    };
    session
        .answer(&Stage::Greeting, "220 stand-in ESMTP")
        .await?;
    while let Some(line) = session.line().await? {
        shared
            .heard
            .lock()
            .expect("no test panics with it")
            .push(line.clone());
        session = match session.command(&line).await? {
            Next::Go(session) => session,
            Next::End => break,
        };
    }
    Ok(())
}

struct Session<'a> {
    wire: BufReader<Box<dyn Wire>>,
    shared: &'a Shared,
    encrypted: bool,
    logged_in: bool,
    from: Option<String>,
    to: Vec<String>,
}

enum Next<'a> {
    Go(Session<'a>),
    End,
}

impl<'a> Session<'a> {
    async fn command(mut self, line: &str) -> io::Result<Next<'a>> {
        let verb = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" | "HELO" => self.hello().await?,
            "STARTTLS" => return self.starttls().await.map(Next::Go),
            "AUTH" => self.login(line).await?,
            "MAIL" if !self.logged_in && self.shared.security != Security::None => {
                self.say("530 5.7.0 Authentication required").await?;
            }
            "MAIL" => {
                if self.answer(&Stage::Sender, "250 2.1.0 Ok").await? {
                    self.from = Some(address(line));
                    self.to.clear();
                }
            }
            "RCPT" => {
                let to = address(line);
                if self
                    .answer(&Stage::Recipient(to.clone()), "250 2.1.5 Ok")
                    .await?
                {
                    self.to.push(to);
                }
            }
            "DATA" => self.data().await?,
            "RSET" => {
                self.from = None;
                self.to.clear();
                self.say("250 2.0.0 Ok").await?;
            }
            "NOOP" => self.say("250 2.0.0 Ok").await?,
            "QUIT" => {
                self.say("221 2.0.0 Bye").await?;
                return Ok(Next::End);
            }
            _ => self.say("502 5.5.2 Command not recognized").await?,
        }
        Ok(Next::Go(self))
    }

    async fn hello(&mut self) -> io::Result<()> {
        let mut lines = vec!["stand-in", "8BITMIME"];
        if self.shared.security == Security::Starttls && !self.encrypted {
            lines.push("STARTTLS");
        } else {
            lines.push("AUTH PLAIN LOGIN");
        }
        let last = lines.len() - 1;
        let reply: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(index, line)| format!("250{}{line}", if index == last { ' ' } else { '-' }))
            .collect();
        self.answer(&Stage::Hello, &reply.join("\r\n")).await?;
        Ok(())
    }

    async fn starttls(mut self) -> io::Result<Self> {
        if self.encrypted || self.shared.security != Security::Starttls {
            self.say("502 5.5.1 Not now").await?;
            return Ok(self);
        }
        if !self
            .answer(&Stage::Starttls, "220 2.0.0 Ready to start TLS")
            .await?
        {
            return Ok(self);
        }
        let encrypted = self
            .shared
            .acceptor()
            .accept(self.wire.into_inner())
            .await?;
        let wire: Box<dyn Wire> = Box::new(encrypted);
        Ok(Self {
            wire: BufReader::new(wire),
            encrypted: true,
            ..self
        })
    }

    async fn login(&mut self, line: &str) -> io::Result<()> {
        let mut words = line.split(' ').skip(1);
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        let initial = words.next().map(str::to_owned);
        let given = match mechanism.as_str() {
            "PLAIN" => {
                let response = match initial {
                    Some(response) => response,
                    None => self.ask("").await?,
                };
                let text = decode(&response);
                let mut parts = text.split('\0').skip(1).map(str::to_owned);
                (
                    parts.next().unwrap_or_default(),
                    parts.next().unwrap_or_default(),
                )
            }
            "LOGIN" => {
                let username = match initial {
                    Some(username) => username,
                    None => self.ask("VXNlcm5hbWU6").await?,
                };
                let password = self.ask("UGFzc3dvcmQ6").await?;
                (decode(&username), decode(&password))
            }
            _ => return self.say("504 5.5.4 Unrecognized authentication type").await,
        };
        if given != (self.shared.username.clone(), self.shared.password.clone()) {
            return self
                .say("535 5.7.8 Authentication credentials invalid")
                .await;
        }
        self.logged_in = self
            .answer(&Stage::Login, "235 2.7.0 Authentication successful")
            .await?;
        Ok(())
    }

    async fn ask(&mut self, challenge: &str) -> io::Result<String> {
        self.say(&format!("334 {challenge}")).await?;
        Ok(self.line().await?.unwrap_or_default())
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.to.is_empty() {
            return self.say("503 5.5.1 No valid recipients").await;
        }
        if !self
            .answer(&Stage::Data, "354 End data with <CR><LF>.<CR><LF>")
            .await?
        {
            return Ok(());
        }
        let mut raw = Vec::new();
        while let Some(line) = self.line_of_bytes().await? {
            match line.strip_prefix(b".") {
                Some(b"\r\n") => break,
                Some(unstuffed) => raw.extend(unstuffed),
                None => raw.extend(&line),
            }
        }
        let mail = Mail {
            from: self.from.take().unwrap_or_default(),
            to: std::mem::take(&mut self.to),
            raw,
            encrypted: self.encrypted,
            logged_in: self.logged_in,
        };
        self.shared
            .seen
            .lock()
            .expect("no test panics with it")
            .push(mail.raw.clone());
        if let Some(action) = self.shared.script.take(&Stage::Message) {
            if !self.act(action, "250 2.0.0 Ok: queued").await? {
                return Ok(());
            }
            self.shared
                .mails
                .lock()
                .expect("no test panics with it")
                .push(mail);
            return Ok(());
        }
        // Kept before it is said: whoever hears of it finds it.
        self.shared
            .mails
            .lock()
            .expect("no test panics with it")
            .push(mail);
        self.say("250 2.0.0 Ok: queued").await
    }

    /// Says what the script wants at this stage, else `usual`. Whether that was a yes.
    async fn answer(&mut self, stage: &Stage, usual: &str) -> io::Result<bool> {
        match self.shared.script.take(stage) {
            Some(action) => self.act(action, usual).await,
            None => {
                self.say(usual).await?;
                Ok(true)
            }
        }
    }

    async fn act(&mut self, action: Action, usual: &str) -> io::Result<bool> {
        match action {
            Action::Say(reply) => {
                self.say(&reply).await?;
                Ok(reply.starts_with(['2', '3']))
            }
            Action::Late(delay) => {
                tokio::time::sleep(delay).await;
                self.say(usual).await?;
                Ok(true)
            }
            Action::HangUp => Err(io::ErrorKind::ConnectionAborted.into()),
            Action::Never => std::future::pending().await,
        }
    }

    async fn say(&mut self, reply: &str) -> io::Result<()> {
        self.wire
            .write_all(format!("{reply}\r\n").as_bytes())
            .await?;
        self.wire.flush().await
    }

    /// None at the end.
    async fn line(&mut self) -> io::Result<Option<String>> {
        let line = self.line_of_bytes().await?;
        Ok(line.map(|line| String::from_utf8_lossy(&line).trim_end().to_owned()))
    }

    async fn line_of_bytes(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let length = self.wire.read_until(b'\n', &mut line).await?;
        Ok((length > 0).then_some(line))
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    let inside = line
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inside
        .map(|(address, _)| address.to_owned())
        .unwrap_or_default()
}

fn decode(text: &str) -> String {
    let bytes = STANDARD.decode(text.trim()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
