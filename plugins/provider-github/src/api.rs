//! Where the REST API of a repository is, and how it is asked. <https://docs.github.com/rest/using-the-rest-api>

use crate::Config;
use push_notify_sdk::{
    Failure, Secret,
    forge::{Home, check},
    http::{self, Request},
};
use serde::Deserialize;

pub(crate) struct Api {
    /// Of the repository.
    root: String,
    token: Option<Secret>,
}

/// Of GitHub Enterprise Server, below the host that serves the pages. GitHub itself has a host for its API.
const SUFFIX: &str = "/api/v3";
const GITHUB: &str = "https://api.github.com";
/// As repositories of github.com are cloned; the last one by SSH through the port of HTTPS.
const GITHUB_HOSTS: [&str; 3] = ["github.com", "www.github.com", "ssh.github.com"];
const VERSION: &str = "2022-11-28";

impl Api {
    pub(crate) fn new(config: Config) -> Result<Self, Failure> {
        let api_url = config.api_url.as_deref().filter(|url| !url.is_empty());
        let home = Home::new(&config.url, api_url, SUFFIX)?;
        let (owner, name) = home.owner_and_name()?;
        let origin = home.api.strip_suffix(SUFFIX);
        let host = origin.and_then(|origin| Some(origin.split_once("://")?.1));
        let api = match host {
            Some(host) if GITHUB_HOSTS.contains(&host) => GITHUB,
            _ => &home.api,
        };
        Ok(Self {
            root: format!("{api}/repos/{owner}/{name}"),
            token: config.access_token.filter(|token| !token.is_empty()),
        })
    }

    pub(crate) fn get(&self, path: &str) -> Request {
        self.ask(http::get, path)
    }

    /// For a file as it is.
    pub(crate) fn get_raw(&self, path: &str) -> Request {
        self.accepting(http::get, path, "application/vnd.github.raw+json")
    }

    pub(crate) fn post(&self, path: &str) -> Request {
        self.ask(http::post, path)
    }

    pub(crate) fn patch(&self, path: &str) -> Request {
        self.ask(http::patch, path)
    }

    pub(crate) fn put(&self, path: &str) -> Request {
        self.ask(http::put, path)
    }

    /// What tells this repository from all others.
    pub(crate) fn name(&self) -> &str {
        &self.root
    }

    /// The token to write with: GitHub shows public repositories to anybody, but nobody speaks without a name.
    pub(crate) fn writer(&self) -> Result<&Secret, Failure> {
        match &self.token {
            Some(token) => Ok(token),
            None => Err(Failure::misconfigured(
                "the repository has no access token, without which GitHub takes no review",
            )),
        }
    }

    /// Whether the repository is there, and shown to this token.
    pub(crate) fn probe(&self) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Repository {
            #[serde(rename = "id")]
            _id: u64,
        }
        let answer = self.get("").send()?;
        let root = &self.root;
        if answer.status == 404 {
            return Err(Failure::misconfigured(format!(
                "{root} is not there, or not shown to this access token (HTTP 404)"
            )));
        }
        match check(answer)?.json::<Repository>() {
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::misconfigured(format!(
                "what answers at {root} is not GitHub's API: `api_url` can say where it is"
            ))),
        }
    }

    /// `path` is below the repository.
    fn ask(&self, method: fn(String) -> Request, path: &str) -> Request {
        self.accepting(method, path, "application/vnd.github+json")
    }

    fn accepting(&self, method: fn(String) -> Request, path: &str, kind: &str) -> Request {
        let request = method(format!("{}{path}", self.root))
            .header("accept", kind)
            .header("x-github-api-version", VERSION);
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }
}
