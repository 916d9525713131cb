//! Where the REST API of a repository is, and how it is asked. <https://docs.gitea.com/development/api-usage>

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
    /// Of the repository, as browsers see it. None where an administrator named an API that stands by itself.
    pages: Option<String>,
    token: Option<Secret>,
}

const SUFFIX: &str = "/api/v1";

impl Api {
    pub(crate) fn new(config: Config) -> Result<Self, Failure> {
        let api_url = config.api_url.as_deref().filter(|url| !url.is_empty());
        let home = Home::new(&config.url, api_url, SUFFIX)?;
        let (owner, name) = home.owner_and_name()?;
        let site = home.api.strip_suffix(SUFFIX);
        Ok(Self {
            root: format!("{}/repos/{owner}/{name}", home.api),
            pages: site.map(|site| format!("{site}/{owner}/{name}")),
            token: config.access_token.filter(|token| !token.is_empty()),
        })
    }

    pub(crate) fn get(&self, path: &str) -> Request {
        self.ask(http::get, &self.root, path)
    }

    pub(crate) fn post(&self, path: &str) -> Request {
        self.ask(http::post, &self.root, path)
    }

    pub(crate) fn patch(&self, path: &str) -> Request {
        self.ask(http::patch, &self.root, path)
    }

    /// What the API does not have and the pages do.
    pub(crate) fn page(&self, path: &str) -> Option<Request> {
        let pages = self.pages.as_ref()?;
        Some(self.ask(http::get, pages, path))
    }

    /// What tells this repository from all others.
    pub(crate) fn name(&self) -> &str {
        &self.root
    }

    /// The token to write with: public repositories are shown to anybody, but nobody speaks without a name.
    pub(crate) fn writer(&self) -> Result<&Secret, Failure> {
        match &self.token {
            Some(token) => Ok(token),
            None => Err(Failure::misconfigured(
                "the repository has no access token, without which the host takes no review",
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
                "what answers at {root} is not Gitea's API: `api_url` can say where it is"
            ))),
        }
    }

    fn ask(&self, method: fn(String) -> Request, root: &str, path: &str) -> Request {
        let request = method(format!("{root}{path}"));
        match &self.token {
            Some(token) => request.header("authorization", format!("token {token}")),
            None => request,
        }
    }
}
