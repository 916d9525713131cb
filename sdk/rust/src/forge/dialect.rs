use super::{
    Client, Config, Discussion, Home, Problems, Remark, Told, changes, content, each, file,
    merge_request::{self, PullRequest},
    publish, same_head, status, told,
};
use crate::{
    ChangePage, Changes, CommitStatus, Decision, Delivery, Event, Failure, MergeRequestStatus,
    MergeRequests, NewMergeRequest, Provider, Published, Rejection, Review, Reviews, RunState,
    Secret, Webhook,
    delivery::HTML_COMMENT,
    http::{Request, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// What one Git host says and wants in its own way. [`Client`] knows the rest, so that whoever has
/// a dialect is a [`Provider`] that tells changes, shows reviews and opens merge requests: a
/// further host is written by giving its dialect. What is left out is as GitHub and its kin have
/// it.
pub trait Dialect: Sized {
    /// [`Config`], or a struct that has one.
    type Config: DeserializeOwned + AsRef<Config>;

    /// As reasons name the host.
    const HOST: &'static str;
    /// Where the API is below a host that serves its pages, too, such as `/api/v4`.
    const API: &'static str;
    /// What the API is asked for, where it has several forms.
    const ACCEPT: Option<&'static str> = None;
    /// What stands before a merge request's number.
    const NUMBER_SIGN: char = '#';
    /// What a draft's title starts with, where that is what makes it a draft.
    const DRAFT: &'static str = "";
    /// What hides a mark in a text.
    const MARK: (&'static str, &'static str) = HTML_COMMENT;
    /// Longest comment, in characters, without its mark.
    const LONGEST_COMMENT: usize = usize::MAX;
    /// Longest description of a commit status, in characters.
    const LONGEST_STATUS: usize = usize::MAX;

    /// As [`Provider::receive`].
    fn receive(webhook: Webhook, config: Self::Config) -> Result<Delivery, Rejection>;

    /// The address of the repository at the API, below which all of its API is.
    fn root(home: &Home) -> Result<String, Failure> {
        home.repository()
    }

    /// What tells the repository from all others. Marks at the host are made with it, so that it
    /// stays the same from version to version.
    fn name(_home: &Home, root: &str) -> String {
        root.to_owned()
    }

    /// A request with the token, where there is one, and with what else the host wants of each. The
    /// token belongs into a header, since addresses end up in logs.
    fn signed(request: Request, token: Option<&Secret>) -> Request {
        match token {
            Some(token) => request.header("authorization", format!("token {token}")),
            None => request,
        }
    }

    /// The commit that a merge request ends at by now. None where the host does not tell.
    fn head(client: &Client<Self>, number: u64) -> Result<Option<String>, Failure> {
        #[derive(Deserialize)]
        struct PullRequest {
            head: Option<Head>,
        }
        #[derive(Deserialize)]
        struct Head {
            sha: Option<String>,
        }
        let request: Option<PullRequest> = told(client.get(&format!("/pulls/{number}")).send())?;
        Ok(request.and_then(|request| request.head?.sha))
    }

    /// The files of a merge request; `from` is a former part's `next`.
    fn merge_request(
        client: &Client<Self>,
        number: u64,
        from: Option<&str>,
    ) -> Result<ChangePage, Failure>;

    /// The files that differ between a commit or branch and a commit, in one part, or those of the
    /// newest commit.
    fn compare(
        client: &Client<Self>,
        event: &Event,
        from: &str,
        to: &str,
    ) -> Result<ChangePage, Failure>;

    /// The files of a commit; `from` is a former part's `next`.
    fn commit(client: &Client<Self>, sha: &str, from: Option<&str>) -> Result<ChangePage, Failure>;

    /// Asks for a file at a commit. `encoded` is its path as a part of an address.
    fn file(client: &Client<Self>, path: &str, encoded: &str, head: &str) -> Request;

    /// Whether an answer says that there is no file to be read, besides a 404.
    fn is_no_file(_answer: &Response) -> bool {
        false
    }

    /// The text in the answer that is a file.
    fn text(answer: Response) -> Result<Option<String>, Failure> {
        Ok(file(answer.body))
    }

    /// Posts a review's comments at their lines, and its verdict where that is a part of them.
    /// Answers the places of the comments that belong into the summary.
    fn at_lines(
        discussion: &Discussion<'_, Self>,
        problems: &mut Problems,
    ) -> Result<Vec<u32>, Failure>;

    /// Gives or takes back the host's own approval. None where that is a part of the review at the
    /// lines.
    fn verdict(_discussion: &Discussion<'_, Self>, _verdict: Decision) -> Option<Request> {
        None
    }

    /// The newest comments on a merge request as a whole.
    fn comments(client: &Client<Self>, number: u64) -> Result<Vec<Remark>, Failure>;

    /// The body of a request that makes a comment or changes its text.
    fn comment(text: &str) -> Value {
        json!({ "body": text })
    }

    /// Makes a comment on a merge request as a whole.
    fn new_comment(client: &Client<Self>, number: u64) -> Request;

    /// Puts another text in the place of such a comment.
    fn edit_comment(client: &Client<Self>, number: u64, id: &str) -> Request;

    /// Shows a review at a commit, which has no lines: all comments are in the one that sums up.
    fn on_commit(
        client: &Client<Self>,
        review: &Review,
        problems: &mut Problems,
    ) -> Result<Published, Failure> {
        publish::on_commit(client, review, problems)
    }

    /// Makes a comment on a commit.
    fn new_commit_comment(client: &Client<Self>, head: &str) -> Request {
        client.post(&format!("/commits/{head}/comments"))
    }

    /// Puts another text in the place of such a comment.
    fn edit_commit_comment(client: &Client<Self>, _head: &str, id: &str) -> Request {
        client.patch(&format!("/comments/{id}"))
    }

    /// Asks the host to open a merge request, in whose title [`Dialect::DRAFT`] is already.
    fn open(client: &Client<Self>, request: &NewMergeRequest) -> Request {
        let body = json!({
            "title": request.title, "body": request.text, "draft": request.draft,
            "head": request.source_branch, "base": request.target_branch,
        });
        client.post("/pulls").json(&body)
    }

    /// Asks for the open merge requests, of which one may be of the same branches.
    fn open_ones(client: &Client<Self>, request: &NewMergeRequest) -> Result<Request, Failure> {
        let (owner, _) = client.home().owner_and_name()?;
        let head = format!("{owner}:{}", request.source_branch);
        let list = client.get("/pulls").query("state", "open");
        Ok(list
            .query("head", head)
            .query("base", &request.target_branch))
    }

    /// What the answer to [`Dialect::open_ones`] tells of.
    fn told_each(answer: &Response) -> Result<Vec<Told>, Failure> {
        each::<PullRequest>(answer)
    }

    /// Asks for a merge request.
    fn ask_for(client: &Client<Self>, number: u64) -> Request {
        client.get(&format!("/pulls/{number}"))
    }

    /// The merge request that an answer is.
    fn told(answer: &Response) -> Result<Told, Failure> {
        answer.json::<PullRequest>().map(Told::from)
    }

    /// All pipelines and checks of its newest commit together, where the host does not tell them
    /// along with it.
    fn pipeline(_client: &Client<Self>, _told: &Told) -> Result<Option<RunState>, Failure> {
        Ok(None)
    }

    /// When it was merged, where the host does not tell that along with it.
    fn merged_at(_client: &Client<Self>, _told: &Told) -> Result<Option<String>, Failure> {
        Ok(None)
    }

    /// Sets the status of a commit.
    fn set_status(client: &Client<Self>, head: &str, status: &CommitStatus) -> Result<(), Failure> {
        status::set(client, head, status)
    }
}

impl<D: Dialect> Provider for D {
    type Config = D::Config;

    fn receive(webhook: Webhook, config: D::Config) -> Result<Delivery, Rejection> {
        <D as Dialect>::receive(webhook, config)
    }

    fn probe(config: D::Config) -> Result<(), Failure> {
        Client::<D>::new(config.as_ref())?.probe()
    }
}

impl<D: Dialect> Changes for D {
    fn changes(
        event: Event,
        from: Option<String>,
        config: D::Config,
    ) -> Result<ChangePage, Failure> {
        let client = Client::<D>::new(config.as_ref())?;
        let head = |number| {
            let now = D::head(&client, number)?;
            same_head(&event, now.as_deref())
        };
        changes::changes(&client, &event, from.as_deref(), head)
    }

    fn content(event: Event, path: String, config: D::Config) -> Result<Option<String>, Failure> {
        content::content(&Client::<D>::new(config.as_ref())?, &event, &path)
    }
}

impl<D: Dialect> Reviews for D {
    fn publish(event: Event, review: Review, config: D::Config) -> Result<Published, Failure> {
        publish::publish(&Client::<D>::new(config.as_ref())?, &event, &review)
    }
}

impl<D: Dialect> MergeRequests for D {
    fn open(request: NewMergeRequest, config: D::Config) -> Result<MergeRequestStatus, Failure> {
        merge_request::open(&Client::<D>::new(config.as_ref())?, request)
    }

    fn status(number: u64, config: D::Config) -> Result<Option<MergeRequestStatus>, Failure> {
        merge_request::status(&Client::<D>::new(config.as_ref())?, number)
    }
}
