use push_notify_sdk::{completion::Address, crypto};

const MESSAGES: &str = "/messages";
const VERSION: &str = "/v1";

/// Where a server answers. The administrator's address may be all of it, end in `/v1`, or be what
/// stands before that, which is how vendors that copy the API name theirs.
pub(crate) struct Endpoint {
    /// What `/messages` and `/models` stand after.
    base: Address,
}

impl Endpoint {
    pub(crate) fn new(api_url: &str) -> Self {
        let address = Address::parse(api_url);
        let base = match address.without(MESSAGES) {
            Some(base) => base,
            None if address.without(VERSION).is_some() => address,
            None => Address::parse(&address.at(VERSION)),
        };
        Self { base }
    }

    pub(crate) fn messages(&self) -> String {
        self.base.at(MESSAGES)
    }

    pub(crate) fn model(&self, model: &str) -> String {
        self.base
            .at(format_args!("/models/{}", crypto::percent_encode(model)))
    }
}
