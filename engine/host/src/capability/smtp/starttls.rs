//! From a plain connection to TLS (RFC 3207). Not lettre's own: it knows the word only in capitals,
//! and nothing that was said before TLS may be taken for something said over it.

use super::{
    message::{Error, Reply},
    stream::LONGEST_ANSWER,
};
use lettre::transport::smtp::extension::ClientId;
use std::{io, ops::RangeInclusive};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// Asks for TLS. What comes next on the connection is the handshake: answers are read byte by byte,
/// so that whatever somebody in between says beyond one meets the handshake, which fails.
pub(super) async fn ask<S>(connection: &mut S, me: &ClientId) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    expect(answer(connection).await?, 220..=220)?;
    say(connection, &format!("EHLO {me}\r\n")).await?;
    let hello = expect(answer(connection).await?, 250..=250)?;
    let mut offers = hello.text.lines().skip(1);
    if !offers.any(|offer| offer.trim().eq_ignore_ascii_case("STARTTLS")) {
        let problem = "the server does not offer STARTTLS: set tls to implicit (often port 465) or, for a server next door, \
                       to none";
        return Err(Error::settings(problem));
    }
    say(connection, "STARTTLS\r\n").await?;
    expect(answer(connection).await?, 220..=220).map(drop)
}

async fn say<S: AsyncWrite + Unpin>(connection: &mut S, line: &str) -> Result<(), Error> {
    let broken = |problem: io::Error| Error::Unreachable(problem.to_string());
    connection
        .write_all(line.as_bytes())
        .await
        .map_err(broken)?;
    connection.flush().await.map_err(broken)
}

/// The lines of an answer, without their codes (RFC 5321 section 4.2.1).
async fn answer<S: AsyncRead + Unpin>(connection: &mut S) -> Result<Reply, Error> {
    let mut heard = 0;
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\n") {
            heard += 1;
            if heard > LONGEST_ANSWER {
                return Err(unreachable("the server's answer has no end"));
            }
            let byte = connection.read_u8().await;
            line.push(byte.map_err(|problem| match problem.kind() {
                io::ErrorKind::UnexpectedEof => unreachable("the server hung up"),
                _ => Error::Unreachable(problem.to_string()),
            })?);
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let code = line.get(..3).and_then(|code| code.parse::<u16>().ok());
        let Some(code) = code.filter(|code| (200..600).contains(code)) else {
            return Err(unreachable("what answers is no mail server"));
        };
        lines.push(line.get(4..).unwrap_or_default().to_owned());
        if line.as_bytes().get(3) != Some(&b'-') {
            let text = lines.join("\n");
            return Ok(Reply { code, text });
        }
    }
}

fn expect(reply: Reply, codes: RangeInclusive<u16>) -> Result<Reply, Error> {
    let Reply { code, text } = &reply;
    match code {
        code if codes.contains(code) => Ok(reply),
        400.. => Err(Error::Refused(Reply {
            code: *code,
            text: text.replace('\n', " "),
        })),
        _ => Err(Error::Unreachable(format!(
            "the server's answers are out of step: {code} {}",
            text.replace('\n', " ")
        ))),
    }
}

fn unreachable(problem: &str) -> Error {
    Error::Unreachable(problem.to_owned())
}
