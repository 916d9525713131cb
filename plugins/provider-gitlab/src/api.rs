//! Where the REST API of a project is, and how it is asked. <https://docs.gitlab.com/api/rest/>

use crate::Config;
use push_notify_sdk::{
    Failure, Secret, crypto,
    forge::{Home, Part, check},
    http::{self, Request},
};
use serde::Deserialize;

pub(crate) struct Api {
    home: Home,
    token: Option<Secret>,
}

impl Api {
    pub(crate) fn new(config: Config) -> Result<Self, Failure> {
        let api_url = config.api_url.as_deref().filter(|url| !url.is_empty());
        Ok(Self {
            home: Home::new(&config.url, api_url, "/api/v4")?,
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

    pub(crate) fn put(&self, path: &str) -> Request {
        self.ask(http::put, path)
    }

    /// What tells this project from all others.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.home.api, self.home.path)
    }

    /// The token to write with: reading may do without, writing never.
    pub(crate) fn writer(&self) -> Result<&Secret, Failure> {
        match &self.token {
            Some(token) => Ok(token),
            None => Err(Failure::misconfigured(
                "the repository has no access token, without which GitLab takes no review",
            )),
        }
    }

    /// Whether the project is there, and shown to this token.
    pub(crate) fn probe(&self) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Project {
            #[serde(rename = "id")]
            _id: u64,
        }
        let answer = self.get("").send()?;
        let Home { api, path } = &self.home;
        if answer.status == 404 {
            return Err(Failure::misconfigured(format!(
                "{api} knows no project {path}, or does not show it to this access token (HTTP 404)"
            )));
        }
        // Under another path than the API's, GitLab answers with a page.
        match check(answer)?.json::<Project>() {
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::misconfigured(format!(
                "what answers at {api} is not GitLab's API: `api_url` can say where it is"
            ))),
        }
    }

    /// `path` is below the project.
    fn ask(&self, method: fn(String) -> Request, path: &str) -> Request {
        let Home { api, path: project } = &self.home;
        let project = crypto::percent_encode(project);
        let request = method(format!("{api}/projects/{project}{path}"));
        match &self.token {
            Some(token) => request.header("private-token", token),
            None => request,
        }
    }
}
