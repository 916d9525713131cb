//! ServerChan Turbo (<https://sct.ftqq.com>) and ServerChan 3 (<https://sc3.ft07.com>).

mod answer;
mod body;
#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, http};

#[derive(serde::Deserialize)]
pub struct Config {
    send_key: Secret,
    /// Of ServerChan 3, whose hosts are named after it. The key, which begins with it, cannot be
    /// read here.
    #[serde(default)]
    uid: Option<u64>,
    #[serde(flatten)]
    more: body::More,
}

pub struct Serverchan;

channel!(Serverchan);

impl Channel for Serverchan {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message, &config.more)?;
        let key = &config.send_key;
        let url = match config.uid {
            Some(uid) => format!("https://{uid}.push.ft07.com/send/{key}.send"),
            None => format!("https://sctapi.ftqq.com/{key}.send"),
        };
        let response = http::post(url)
            .body("application/json; charset=utf-8", body.json)
            .send()?;
        Ok(Receipt {
            id: answer::id(response)?,
            note: body.note,
            ..Receipt::default()
        })
    }
}
