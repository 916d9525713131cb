use super::{Config, Dialect, Home, Part, check, fetch};
use crate::{
    Failure, Secret,
    http::{self, Request, Response},
};
use serde::{Deserialize, de::IgnoredAny};
use std::{fmt, marker::PhantomData};

/// The REST API of one repository at its Git host.
pub struct Client<D> {
    home: Home,
    root: String,
    name: String,
    token: Option<Secret>,
    dialect: PhantomData<D>,
}

impl<D: Dialect> Client<D> {
    /// Fails where the repository's URL names none.
    pub fn new(config: &Config) -> Result<Self, Failure> {
        let api_url = config.api_url.as_deref().filter(|url| !url.is_empty());
        let home = Home::new(&config.url, api_url, D::API)?;
        let root = D::root(&home)?;
        let token = config.access_token.clone();
        Ok(Self {
            name: D::name(&home, &root),
            home,
            root,
            token: token.filter(|token| !token.is_empty()),
            dialect: PhantomData,
        })
    }

    /// `path` is below the repository, here and in the following.
    pub fn get(&self, path: &str) -> Request {
        self.ask(http::get, path)
    }

    /// For another form of an answer than the usual one.
    pub fn get_as(&self, kind: &str, path: &str) -> Request {
        self.accepting(http::get(self.at(path)), Some(kind))
    }

    /// For one page of a list.
    pub fn page(&self, path: &str, part: Part) -> Request {
        let request = self.get(path).query("page", part.page);
        request.query("per_page", part.size)
    }

    pub fn post(&self, path: &str) -> Request {
        self.ask(http::post, path)
    }

    pub fn patch(&self, path: &str) -> Request {
        self.ask(http::patch, path)
    }

    pub fn put(&self, path: &str) -> Request {
        self.ask(http::put, path)
    }

    pub fn delete(&self, path: &str) -> Request {
        self.ask(http::delete, path)
    }

    /// What the API does not have and another address of the host does.
    pub fn get_at(&self, url: impl fmt::Display) -> Request {
        self.accepting(http::get(url), D::ACCEPT)
    }

    /// A page of a list, or its start where all of it is too large for one answer, and which part
    /// it is. None when its first file alone is too large.
    pub fn list(&self, path: &str, part: Part) -> Result<Option<(Response, Part)>, Failure> {
        fetch(part, |part| self.page(path, part))
    }

    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The address of the repository at the API.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// What tells this repository from all others.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The token to write with: public repositories are shown to anybody, but nobody speaks without
    /// a name.
    pub fn writer(&self) -> Result<&Secret, Failure> {
        self.token.as_ref().ok_or_else(|| {
            Failure::misconfigured(format!(
                "the repository has no access token, without which {} takes nothing",
                D::HOST
            ))
        })
    }

    /// Whether the repository is there, and shown to this token.
    pub fn probe(&self) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Repository {
            #[serde(rename = "id", alias = "uuid")]
            _id: IgnoredAny,
        }
        let answer = self.get("").send()?;
        let Home { api, path } = &self.home;
        if answer.status == 404 {
            return Err(Failure::misconfigured(format!(
                "{path} is not there at {api}, or not shown to this access token (HTTP 404)"
            )));
        }
        // Under another address than the API's, a host answers with a page.
        match check(answer)?.json::<Repository>() {
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::misconfigured(format!(
                "what answers at {api} is not {}'s API: `api_url` can say where it is",
                D::HOST
            ))),
        }
    }

    fn ask(&self, method: fn(String) -> Request, path: &str) -> Request {
        self.accepting(method(self.at(path)), D::ACCEPT)
    }

    fn accepting(&self, request: Request, kind: Option<&str>) -> Request {
        let request = match kind {
            Some(kind) => request.header("accept", kind),
            None => request,
        };
        D::signed(request, self.token.as_ref())
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }
}
