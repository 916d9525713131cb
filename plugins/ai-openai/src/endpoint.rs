use push_notify_sdk::{completion::Address, crypto};

const COMPLETIONS: &str = "/chat/completions";

/// Where a server answers. The administrator's address is used as given, but for one rule: when its
/// path does not end in `/chat/completions`, it is the base that this stands after.
pub(crate) struct Endpoint(Address);

impl Endpoint {
    pub(crate) fn new(api_url: &str) -> Self {
        let address = Address::parse(api_url);
        Self(address.without(COMPLETIONS).unwrap_or(address))
    }

    pub(crate) fn completions(&self) -> String {
        self.0.at(COMPLETIONS)
    }

    pub(crate) fn model(&self, model: &str) -> String {
        self.0
            .at(format_args!("/models/{}", crypto::percent_encode(model)))
    }

    pub(crate) fn is_openai(&self) -> bool {
        self.0.base().starts_with("https://api.openai.com/")
    }
}
