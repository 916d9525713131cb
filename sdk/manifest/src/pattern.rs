use url::Url;

/// A host that a plugin asks for: `api.example.com` (https, port 443), `example.com:8443`,
/// `http://example.com`, and `*.example.com` for every name below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    /// Every name below the host counts, and the host itself does not.
    pub below: bool,
    /// `http` or `https`.
    pub scheme: String,
    /// As a URL has it: in lower case, and ASCII.
    pub host: String,
    pub port: u16,
}

impl HostPattern {
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let (below, rest) = match rest.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let odd = |c: char| c.is_whitespace() || "/\\?#@*$".contains(c);
        if rest.contains(odd) {
            return None;
        }
        let url = Url::parse(&format!("{scheme}://{rest}")).ok()?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        Some(Self {
            below,
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }
}
