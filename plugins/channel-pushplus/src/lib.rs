//! PushPlus: <https://www.pushplus.plus/doc/guide/api.html>.

mod answer;
mod body;
#[cfg(test)]
mod tests;

use push_notify_sdk::{Channel, Failure, Message, Receipt, channel, http};

const API: &str = "https://www.pushplus.plus/send";

pub struct Pushplus;

channel!(Pushplus);

impl Channel for Pushplus {
    type Config = body::Config;

    fn send(config: body::Config, message: Message) -> Result<Receipt, Failure> {
        let body = body::build(&message, &config)?;
        // The token's place is the body.
        let response = http::post(API)
            .body("application/json", body.json)
            .secrets_in_body()
            .send()?
            .check()?;
        Ok(Receipt {
            id: answer::id(&response.body)?,
            note: body.note,
            ..Receipt::default()
        })
    }
}
