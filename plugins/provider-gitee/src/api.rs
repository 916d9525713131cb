//! Where the REST API of a repository is, and how it is asked. <https://gitee.com/api/v5/swagger>

use crate::Config;
use push_notify_sdk::{
    Failure, Secret, crypto,
    forge::{Home, Part, check},
    http::{self, Request},
};
use serde::Deserialize;

pub(crate) struct Api {
    repository: String,
    token: Option<Secret>,
}

impl Api {
    pub(crate) fn new(config: Config) -> Result<Self, Failure> {
        let api_url = config.api_url.as_deref().filter(|url| !url.is_empty());
        let home = Home::new(&config.url, api_url, "/api/v5")?;
        let (owner, name) = home.owner_and_name()?;
        let [owner, name] = [owner, name].map(crypto::percent_encode);
        Ok(Self {
            repository: format!("{}/repos/{owner}/{name}", home.api),
            token: config.access_token.filter(|token| !token.is_empty()),
        })
    }

    pub(crate) fn get(&self, path: &str) -> Request {
        self.ask(http::get, path)
    }

    pub(crate) fn page(&self, path: &str, part: Part) -> Request {
        let request = self.get(path).query("page", part.page);
        request.query("per_page", part.size)
    }

    pub(crate) fn post(&self, path: &str) -> Request {
        self.ask(http::post, path)
    }

    pub(crate) fn patch(&self, path: &str) -> Request {
        self.ask(http::patch, path)
    }

    /// What tells this repository from all others.
    pub(crate) fn name(&self) -> &str {
        &self.repository
    }

    /// The token to write with: reading may do without, writing never.
    pub(crate) fn writer(&self) -> Result<&Secret, Failure> {
        match &self.token {
            Some(token) => Ok(token),
            None => Err(Failure::misconfigured(
                "the repository has no access token, without which Gitee takes no review",
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
        let url = &self.repository;
        if answer.status == 404 {
            return Err(Failure::misconfigured(format!(
                "Gitee knows no {url}, or does not show it to this access token (HTTP 404)"
            )));
        }
        match check(answer)?.json::<Repository>() {
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::misconfigured(format!(
                "what answers at {url} is not Gitee's API: `api_url` can say where it is"
            ))),
        }
    }

    /// `path` is below the repository. The token is in a header, since addresses end up in logs.
    fn ask(&self, method: fn(String) -> Request, path: &str) -> Request {
        let request = method(format!("{}{path}", self.repository));
        match &self.token {
            Some(token) => request.header("authorization", format!("token {token}")),
            None => request,
        }
    }
}
