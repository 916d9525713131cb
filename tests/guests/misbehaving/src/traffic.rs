//! What goes out: to places that it should not go to, and with a secret where none belongs.

use crate::Config;
use push_notify_sdk::{
    Failure, Message,
    crypto::{self, hex},
    http, log,
    smtp::{self, Envelope, Server, Tls},
};

pub(crate) fn get(config: &Config) -> Result<String, Failure> {
    let answer = http::get(&config.url).send()?;
    Ok(format!("{} {}", answer.status, answer.text()))
}

/// With the token wherever the URL says `{token}`.
pub(crate) fn get_filled(config: &Config) -> Result<String, Failure> {
    let url = config.url.replace("{token}", &config.token());
    let answer = http::get(url).send()?;
    Ok(answer.status.to_string())
}

pub(crate) fn get_with_headers(config: &Config) -> Result<String, Failure> {
    let mut request = http::get(&config.url);
    for number in 0..30_000 {
        request = request.header(&format!("x-{number}"), "");
    }
    Ok(request.send()?.status.to_string())
}

/// Goes on after every failure.
pub(crate) fn get_forever(config: &Config) -> String {
    loop {
        let _ = http::get(&config.url).send();
    }
}

/// What became of 100 requests.
pub(crate) fn get_many(config: &Config) -> String {
    let mut last = String::new();
    let mut good = 0;
    for _ in 0..100 {
        match http::get(&config.url).send() {
            Ok(_) => good += 1,
            Err(error) => last = format!("{error:?}"),
        }
    }
    format!("{good} {last}")
}

/// In the URL and a header, where it belongs; in the log, where it does not.
pub(crate) fn secret_everywhere(config: &Config) -> Result<String, Failure> {
    let token = config.token();
    log::error(format!("the token is {token}"));
    let answer = http::post(&config.url)
        .query("token", &token)
        .header("authorization", format!("Bearer {token}"))
        .body("text/plain", "nothing to hide")
        .send()?;
    Ok(format!("{:?} {}", answer.header("x-echo"), answer.text()))
}

/// In a body of the form that `config.username` names, or in credentials. Answers what is echoed.
pub(crate) fn secret_in_body(config: &Config) -> Result<String, Failure> {
    let token = config.token();
    let request = http::post(&config.url);
    let text = format!("it is {token}, twice {token}");
    let request = match config.username.as_deref() {
        Some("json") => request.json(&[&text]).secrets_in_body(),
        Some("form") => request.form(&[("key", &text)]).secrets_in_body(),
        Some("plain") => request.body("text/plain", text).secrets_in_body(),
        Some("basic") => request.basic("user", &token),
        Some("colon") => request.basic(format!("a:{token}"), "password"),
        _ => request.json(&[&text]),
    };
    Ok(request.send()?.text().into_owned())
}

pub(crate) fn secret_host(config: &Config) -> Result<String, Failure> {
    let answer = http::get(format!("http://{}.example.com/", config.token())).send()?;
    Ok(answer.text().into_owned())
}

pub(crate) fn crypto(config: &Config) -> String {
    let token = config.token();
    let signed = hex(crypto::hmac_sha256(&token, format!("message {token}")));
    let same = crypto::equal(&token, b"test-secret-not-real");
    let empty = crypto::equal(b"", b"");
    let digest = hex(crypto::sha256(&token)) == hex(crypto::sha256(b"test-secret-not-real"));
    format!("{signed} {same} {empty} {digest}")
}

pub(crate) fn mail(config: &Config, message: &Message) -> Result<String, Failure> {
    let server = Server {
        host: config.smtp_host.clone(),
        port: config.smtp_port,
        tls: match config.tls.as_str() {
            "starttls" => Tls::Starttls,
            "implicit" => Tls::Implicit,
            _ => Tls::None,
        },
        username: config.username.clone(),
        password: config.token.as_ref().map(ToString::to_string),
    };
    let envelope = Envelope {
        sender: "sender@example.com".to_owned(),
        recipients: config.to.clone(),
    };
    let text = format!(
        "From: sender@example.com\r\nSubject: {}\r\n\r\n{}\r\n",
        message.title, message.body
    );
    let outcomes = smtp::send(&server, &envelope, text.as_bytes())?;
    let codes: Vec<String> = outcomes
        .iter()
        .map(|outcome| format!("{}={}", outcome.recipient, outcome.reply.code))
        .collect();
    Ok(codes.join(" "))
}

/// What became of 12 mails.
pub(crate) fn mail_much(config: &Config, message: &Message) -> String {
    let sent = (0..12).map(|_| mail(config, message));
    let (good, bad): (Vec<_>, Vec<_>) = sent.partition(Result::is_ok);
    format!("{} {:?}", good.len(), bad.last())
}
