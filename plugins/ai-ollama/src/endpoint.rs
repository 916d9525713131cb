use push_notify_sdk::completion::Address;

/// What an administrator's address may end in: that of the API, of one thing in it, or of the
/// server's other API.
const ENDS: [&str; 5] = [
    "/api/chat",
    "/api/generate",
    "/api",
    "/v1/chat/completions",
    "/v1",
];

/// Where a server answers.
pub(crate) struct Endpoint(Address);

impl Endpoint {
    pub(crate) fn new(api_url: &str) -> Self {
        let address = Address::parse(api_url);
        let server = ENDS.iter().find_map(|end| address.without(end));
        Self(server.unwrap_or(address))
    }

    pub(crate) fn chat(&self) -> String {
        self.0.at("/api/chat")
    }

    pub(crate) fn tags(&self) -> String {
        self.0.at("/api/tags")
    }
}
