use push_notify_sdk::crypto;

const COMPLETIONS: &str = "/chat/completions";

/// Where a server answers. The administrator's address is used as given, but for one rule: when its path does not end in
/// `/chat/completions`, it is the base that this stands after. A query stays where it belongs, a fragment is dropped.
pub(crate) struct Endpoint {
    pub(crate) completions: String,
    base: String,
    query: String,
}

impl Endpoint {
    pub(crate) fn new(api_url: &str) -> Self {
        let url = api_url.trim();
        let url = url.split('#').next().unwrap_or_default();
        let (path, query) = match url.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (url, String::new()),
        };
        let path = path.trim_end_matches('/');
        let base = path.strip_suffix(COMPLETIONS).unwrap_or(path);
        let base = base.trim_end_matches('/').to_owned();
        Self {
            completions: format!("{base}{COMPLETIONS}{query}"),
            base,
            query,
        }
    }

    pub(crate) fn model(&self, model: &str) -> String {
        let (base, query) = (&self.base, &self.query);
        format!("{base}/models/{}{query}", crypto::percent_encode(model))
    }

    pub(crate) fn is_openai(&self) -> bool {
        self.base.starts_with("https://api.openai.com/")
    }
}
