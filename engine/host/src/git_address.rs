#[cfg(test)]
mod tests;

use url::Url;

/// The address of a Git repository in a form that git takes: `https://host/path`,
/// `http://host/path`, `ssh://user@host/path` or `user@host:path`. Whatever can be read in two ways
/// is refused, so that a token goes to the host that was checked and no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitAddress {
    pub scheme: GitScheme,
    /// In lower case, international names in their ASCII form.
    pub host: String,
    /// Where it is not the scheme's own.
    pub port: Option<u16>,
    /// Without slashes around it, `.git`, query and fragment. As it was written.
    pub path: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GitScheme {
    Http,
    Https,
    Ssh,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GitAddressError {
    /// It is the address of no repository.
    Shape,
    /// It holds a password, or a user name where that is one.
    Credentials,
}

impl GitAddress {
    pub fn parse(text: &str) -> Result<Self, GitAddressError> {
        Self::parse_source(text).and_then(|address| match address.path.is_empty() {
            true => Err(GitAddressError::Shape),
            false => Ok(address),
        })
    }

    /// Of a source that may be no Git host: an address of the web may be that of a whole server.
    pub fn parse_source(text: &str) -> Result<Self, GitAddressError> {
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
        if text.contains(odd) {
            return Err(GitAddressError::Shape);
        }
        match text.split_once("://") {
            Some((scheme, rest)) => Self::of_url(scheme, rest),
            None => Self::of_short_form(text),
        }
    }

    fn of_url(scheme: &str, rest: &str) -> Result<Self, GitAddressError> {
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => GitScheme::Http,
            "https" => GitScheme::Https,
            "ssh" => GitScheme::Ssh,
            _ => return Err(GitAddressError::Shape),
        };
        // As a URL of the web, whose hosts are brought into one form.
        let web = if scheme == GitScheme::Http {
            "http"
        } else {
            "https"
        };
        let url = Url::parse(&format!("{web}://{rest}")).map_err(|_| GitAddressError::Shape)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // More slashes than two are skipped by some readers and taken for an empty host by others.
        if authority.is_empty() || authority.matches('@').count() > 1 {
            return Err(GitAddressError::Shape);
        }
        let named = !url.username().is_empty();
        if url.password().is_some() || (named && scheme != GitScheme::Ssh) {
            return Err(GitAddressError::Credentials);
        }
        let host = url.host_str().ok_or(GitAddressError::Shape)?.to_owned();
        let port = match scheme {
            // 443 is not the port of SSH, and would be left out as that of https.
            GitScheme::Ssh => port_of(authority).filter(|port| *port != 22),
            _ => url.port(),
        };
        let rest = rest.get(authority.len()..).unwrap_or_default();
        Self::checked(scheme, host, port, rest)
    }

    /// `user@host:path`
    fn of_short_form(text: &str) -> Result<Self, GitAddressError> {
        let (place, path) = text.split_once(':').ok_or(GitAddressError::Shape)?;
        let (user, host) = place.split_once('@').ok_or(GitAddressError::Shape)?;
        let of_user = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let of_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
        let sound = !user.is_empty() && user.chars().all(of_user) && host.chars().all(of_host);
        if !sound || path.contains('@') {
            return Err(GitAddressError::Shape);
        }
        let url = Url::parse(&format!("https://{host}")).map_err(|_| GitAddressError::Shape)?;
        let host = url.host_str().ok_or(GitAddressError::Shape)?.to_owned();
        Self::checked(GitScheme::Ssh, host, None, path)
    }

    fn checked(
        scheme: GitScheme,
        host: String,
        port: Option<u16>,
        path: &str,
    ) -> Result<Self, GitAddressError> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        if path.is_empty() && scheme == GitScheme::Ssh {
            return Err(GitAddressError::Shape);
        }
        Ok(Self {
            scheme,
            host,
            port,
            path: path.to_owned(),
        })
    }
}

fn port_of(authority: &str) -> Option<u16> {
    let place = authority.rsplit('@').next()?;
    let (_, port) = place.rsplit_once(':')?;
    port.parse().ok()
}
