use crate::{Failure, crypto};

/// Where a repository is: at which API, under which path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Without a slash at its end.
    pub api: String,
    /// `owner/name`, with all groups; without `.git`.
    pub path: String,
}

impl Home {
    /// From the repository's own URL, in any form that git takes. The API is at `api_url` when an
    /// administrator named one, else under `suffix` (such as `/api/v4`) of the host, by https where
    /// the URL says ssh. A host that serves its pages under a path is only known by its `api_url`.
    pub fn new(url: &str, api_url: Option<&str>, suffix: &str) -> Result<Self, Failure> {
        let (origin, path) = split(url).ok_or_else(|| {
            Failure::misconfigured("the repository's URL names no repository of a Git host")
        })?;
        let Some(api) = api_url.map(|api| api.trim().trim_end_matches('/')) else {
            return Ok(Self {
                api: format!("{origin}{suffix}"),
                path,
            });
        };
        let root = api.strip_suffix(suffix).unwrap_or(api);
        let root = split(root).map(|(_, root)| format!("{root}/"));
        let below = root.and_then(|root| path.strip_prefix(&root).map(str::to_owned));
        Ok(Self {
            api: api.to_owned(),
            path: below.unwrap_or(path),
        })
    }

    /// The address of the repository at an API that knows it by owner and name.
    pub fn repository(&self) -> Result<String, Failure> {
        self.repository_below(&format!("{}/repos", self.api))
    }

    /// The same where all repositories are at another address.
    pub fn repository_below(&self, all: &str) -> Result<String, Failure> {
        let (owner, name) = self.owner_and_name()?;
        let [owner, name] = [owner, name].map(crypto::percent_encode);
        Ok(format!("{all}/{owner}/{name}"))
    }

    /// Owner and name, at a host that has no groups.
    pub fn owner_and_name(&self) -> Result<(&str, &str), Failure> {
        let parts = self.path.rsplit_once('/');
        parts
            .filter(|(owner, _)| !owner.contains('/'))
            .ok_or_else(|| {
                Failure::misconfigured("the repository's URL does not end in owner/name")
            })
    }
}

/// The origin by which the API is called, and the path without slashes around it.
fn split(url: &str) -> Option<(String, String)> {
    let url = url.trim();
    let (origin, path) = match url.split_once("://") {
        Some((scheme, rest)) => {
            let (place, path) = rest.split_once('/')?;
            let place = without_user(place)?;
            match scheme {
                "http" | "https" => (format!("{scheme}://{place}"), path),
                // The port is that of ssh.
                "ssh" => (format!("https://{}", host(place)), path),
                _ => return None,
            }
        }
        None => {
            let (place, path) = url.split_once(':')?;
            let place = without_user(place).filter(|_| !path.contains('@'))?;
            (format!("https://{place}"), path)
        }
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (!path.is_empty()).then(|| (origin, path.to_owned()))
}

/// None with a second `@`: where the host begins could be read in two ways.
fn without_user(place: &str) -> Option<&str> {
    let host = place.split_once('@').map_or(place, |(_, host)| host);
    (!host.contains('@')).then_some(host)
}

fn host(place: &str) -> &str {
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    match place.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host,
        _ => place,
    }
}
