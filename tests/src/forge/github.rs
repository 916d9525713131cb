use super::{Books, File, Forge, Inline, On, Status, Verdict, books};
use crate::{Request, Response};
use serde_json::{Value, json};

const DOCUMENTATION: &str = "https://docs.github.com/rest";
/// How many files are listed of a merge request or commit, and of a comparison.
const MOST_FILES: usize = 3000;
const MOST_COMPARED: usize = 300;

impl Forge {
    /// A GitHub Enterprise Server: its API is under `/api/v3`.
    pub async fn github() -> Self {
        Self::serving("company/backend-service", answer).await
    }
}

fn answer(request: &Request, books: &mut Books) -> Response {
    let answer = admit(request, books).and_then(|()| route(request, books));
    let answer = answer.unwrap_or_else(|refused| refused);
    answer
        .header("x-ratelimit-limit", "5000")
        .header("x-ratelimit-remaining", "4999")
        .header("x-ratelimit-resource", "core")
}

/// Who asks may ask.
fn admit(request: &Request, books: &Books) -> Result<(), Response> {
    if request.header("user-agent").is_none() {
        return Err(Response::new(
            403,
            "Request forbidden by administrative rules.",
        ));
    }
    match request.header("x-github-api-version") {
        None | Some("2022-11-28") => {}
        Some(_) => return Err(error(400, "That version is not supported.", &[])),
    }
    match request.header("authorization") {
        Some(given) if given == format!("Bearer {}", books.token) => Ok(()),
        Some(_) => Err(error(401, "Bad credentials", &[])),
        None if books.public && request.method == "GET" => Ok(()),
        None if books.public => Err(error(401, "Requires authentication", &[])),
        None => Err(not_found()),
    }
}

fn route(request: &Request, books: &mut Books) -> Result<Response, Response> {
    let path = request.uri.path();
    let below = path
        .strip_prefix("/api/v3/repos/")
        .and_then(|path| path.strip_prefix(&books.path))
        .ok_or_else(not_found)?;
    let parts: Vec<&str> = below.split('/').skip(1).collect();
    match (request.method.as_str(), &parts[..]) {
        ("GET", []) => Ok(Response::json(
            200,
            &json!({"id": 1, "full_name": books.path, "private": !books.public, "default_branch": "main"}),
        )),
        ("GET", ["pulls", number]) => {
            let head = &merge_request(books, number)?.head;
            let request = json!({"number": id(number)?, "state": "open", "head": {"sha": head}});
            Ok(Response::json(200, &request))
        }
        ("GET", ["pulls", number, "comments"]) => {
            let mut comments = books.listed_at_lines(id(number)?);
            if request
                .query()
                .get("direction")
                .is_some_and(|to| to == "desc")
            {
                comments.reverse();
            }
            Ok(paged(request, &comments))
        }
        ("GET", ["pulls", number, "reviews"]) => {
            let reviews = reviews(books, id(number)?);
            Ok(paged(request, &reviews))
        }
        ("PUT", ["pulls", _, "reviews", review, "dismissals"]) => {
            text(&request.json(), "message")?;
            match books.dismiss(review) {
                true => Ok(Response::json(
                    200,
                    &json!({"id": id(review)?, "state": "DISMISSED"}),
                )),
                false => Err(not_found()),
            }
        }
        ("GET", ["issues", number, "comments"]) => {
            let comments = books.listed(id(number)?);
            Ok(paged(request, &comments))
        }
        ("GET", ["pulls", number, "files"]) => {
            let files = &merge_request(books, number)?.files;
            Ok(listed(request, files, |files| json!(files)))
        }
        ("GET", ["compare", ends]) => compare(request, books, ends),
        ("GET", ["commits", sha]) => {
            let unknown = || error(422, &format!("No commit found for SHA: {sha}"), &[]);
            let files = books.commits.get(*sha).ok_or_else(unknown)?;
            let commit =
                |files: &[Value]| json!({"sha": sha, "commit": {"message": "one"}, "files": files});
            Ok(listed(request, files, commit))
        }
        ("GET", ["contents", path @ ..]) => content(request, books, &path.join("/")),
        ("POST", ["pulls", number, "reviews"]) => review(request, books, number),
        ("POST", ["pulls", number, "comments"]) => single(request, books, number),
        ("POST", ["issues", number, "comments"]) => {
            merge_request(books, number)?;
            let on = On::MergeRequest(number.parse().map_err(|_| not_found())?);
            comment(request, books, on)
        }
        ("PATCH", ["issues", "comments", id] | ["comments", id]) => {
            let body = text(&request.json(), "body")?;
            let number = id.parse().map_err(|_| not_found())?;
            match books.edit(number, &body) {
                true => Ok(Response::json(200, &json!({"id": number, "body": body}))),
                false => Err(not_found()),
            }
        }
        ("POST", ["commits", sha, "comments"]) => {
            known(books, sha)?;
            comment(request, books, On::Commit((*sha).to_owned()))
        }
        ("POST", ["statuses", sha]) => status(request, books, sha),
        _ => Err(not_found()),
    }
}

/// A page of files, in what `wrap` puts around them.
fn listed(request: &Request, files: &[File], wrap: impl Fn(&[Value]) -> Value) -> Response {
    let files = &files[..files.len().min(MOST_FILES)];
    let (files, page, last) = books::page(request, files, "per_page", 30, 100);
    let files: Vec<Value> = files.iter().map(file).collect();
    linked(Response::json(200, &wrap(&files)), page, last)
}

/// A page of what is listed as it is.
fn paged(request: &Request, items: &[Value]) -> Response {
    let (items, page, last) = books::page(request, items, "per_page", 30, 100);
    linked(Response::json(200, &json!(items)), page, last)
}

/// With the addresses of the other pages.
fn linked(response: Response, page: usize, last: usize) -> Response {
    let to =
        |page: usize, rel: &str| format!("<https://api.example.com/?page={page}>; rel=\"{rel}\"");
    match page < last {
        true => response.header(
            "link",
            format!("{}, {}", to(page + 1, "next"), to(last, "last")),
        ),
        false if page > 1 => response.header("link", to(1, "first")),
        false => response,
    }
}

/// Its pages are of commits; the files are all on the first.
fn compare(request: &Request, books: &Books, ends: &str) -> Result<Response, Response> {
    let (base, head) = ends.split_once("...").ok_or_else(not_found)?;
    let between = (books::decoded(base), books::decoded(head));
    let files = books.compares.get(&between).ok_or_else(not_found)?;
    let first = request.query().get("page").is_none_or(|page| page == "1");
    let files: Vec<Value> = match first {
        true => files.iter().take(MOST_COMPARED).map(file).collect(),
        false => Vec::new(),
    };
    let commits = [json!({"sha": between.1})];
    let comparison =
        json!({"status": "ahead", "total_commits": 1, "commits": commits, "files": files});
    Ok(Response::json(200, &comparison))
}

fn file(file: &File) -> Value {
    let (additions, deletions) = file.counts();
    let mut listed = json!({
        "sha": "bbcd538c8e72b8c175046e27cc8f907076331401", "filename": file.path, "status": file.status,
        "additions": additions, "deletions": deletions, "changes": additions + deletions,
    });
    if let Some(old) = &file.old_path {
        listed["previous_filename"] = json!(old);
    }
    if let Some(patch) = file.shown_patch() {
        listed["patch"] = json!(patch);
    }
    listed
}

/// As it is, where the request accepts that.
fn content(request: &Request, books: &Books, path: &str) -> Result<Response, Response> {
    let at = request.query().remove("ref").unwrap_or_default();
    let bytes = books.contents.get(&(at, books::decoded(path)));
    let bytes = bytes.ok_or_else(not_found)?.clone();
    match request.header("accept") {
        Some(accept) if accept.contains("raw") => Ok(Response::new(200, bytes)),
        _ => Ok(Response::json(
            200,
            &json!({"encoding": "base64", "content": ""}),
        )),
    }
}

fn reviews(books: &Books, number: u64) -> Vec<Value> {
    let of_it = |verdict: &&Verdict| verdict.merge_request == number;
    let listed = |verdict: &Verdict| {
        let state = match verdict.event.as_str() {
            _ if verdict.dismissed => "DISMISSED",
            "APPROVE" => "APPROVED",
            "REQUEST_CHANGES" => "CHANGES_REQUESTED",
            _ => "COMMENTED",
        };
        json!({"id": verdict.id, "state": state, "body": verdict.body})
    };
    let verdicts = books.verdicts.iter();
    verdicts.filter(of_it).map(listed).collect()
}

/// All of it or nothing.
fn review(request: &Request, books: &mut Books, number: &str) -> Result<Response, Response> {
    let merge_request = merge_request(books, number)?;
    let asked = request.json();
    let event = asked["event"].as_str().unwrap_or("PENDING").to_owned();
    let body = asked["body"].as_str().unwrap_or_default().to_owned();
    let comments = asked["comments"].as_array().cloned().unwrap_or_default();
    let refuse = |problem: &str| Err(error(422, "Unprocessable Entity", &[problem]));
    match event.as_str() {
        "APPROVE" if merge_request.own => return refuse("Can not approve your own pull request"),
        "REQUEST_CHANGES" if merge_request.own => {
            return refuse("Can not request changes on your own pull request");
        }
        "REQUEST_CHANGES" | "COMMENT" if body.is_empty() => return refuse("Body can't be blank"),
        "APPROVE" | "REQUEST_CHANGES" | "COMMENT" => {}
        _ => {
            return refuse(
                "Variable $event of type PullRequestReviewEvent was provided invalid value",
            );
        }
    }
    let commit = asked["commit_id"].as_str().map(str::to_owned);
    let mut placed = Vec::new();
    for comment in &comments {
        placed.push(place(books, number, comment, commit.clone())?);
    }
    let id = books.next_id();
    books.inline.extend(placed);
    books.verdicts.push(Verdict {
        id,
        merge_request: self::id(number)?,
        event,
        body,
        dismissed: false,
    });
    Ok(Response::json(
        200,
        &json!({"id": id, "state": "COMMENTED"}),
    ))
}

fn single(request: &Request, books: &mut Books, number: &str) -> Result<Response, Response> {
    let asked = request.json();
    let commit = text(&asked, "commit_id")?;
    let inline = place(books, number, &asked, Some(commit))?;
    let id = inline.id;
    books.inline.push(inline);
    Ok(Response::json(201, &json!({"id": id})))
}

/// The comment, if its line is in a hunk.
fn place(
    books: &mut Books,
    number: &str,
    comment: &Value,
    commit: Option<String>,
) -> Result<Inline, Response> {
    let path = text(comment, "path")?;
    let body = text(comment, "body")?;
    let line = comment["line"].as_u64();
    let merge_request = merge_request(books, number)?;
    let file = merge_request.files.iter().find(|file| file.path == path);
    if commit.is_some_and(|commit| commit != merge_request.head) {
        return Err(error(
            422,
            "Validation Failed",
            &["No commit found for SHA"],
        ));
    }
    let shown = file.is_some_and(|file| line.is_some_and(|line| file.shows(line)));
    if file.is_none() {
        return Err(error(
            422,
            "Unprocessable Entity",
            &["Path could not be resolved"],
        ));
    }
    if !shown || comment["side"] != "RIGHT" {
        return Err(error(
            422,
            "Unprocessable Entity",
            &["Line could not be resolved"],
        ));
    }
    let commit = merge_request.head.clone();
    Ok(Inline {
        id: books.next_id(),
        review: None,
        merge_request: number.parse().map_err(|_| not_found())?,
        commit: Some(commit),
        path,
        old_path: None,
        line,
        old_line: None,
        position: None,
        body,
    })
}

fn comment(request: &Request, books: &mut Books, on: On) -> Result<Response, Response> {
    let body = text(&request.json(), "body")?;
    let id = books.comment(on, &body);
    Ok(Response::json(201, &json!({"id": id, "body": body})))
}

fn status(request: &Request, books: &mut Books, sha: &str) -> Result<Response, Response> {
    known(books, sha)?;
    let asked = request.json();
    let state = text(&asked, "state")?;
    let description = asked["description"].as_str().unwrap_or_default();
    if !["error", "failure", "pending", "success"].contains(&&*state) {
        return Err(error(
            422,
            "Validation Failed",
            &["State is not included in the list"],
        ));
    }
    if description.chars().count() > 140 {
        let problem = "Description is too long (maximum is 140 characters)";
        return Err(error(422, "Validation Failed", &[problem]));
    }
    books.statuses.push(Status {
        commit: sha.to_owned(),
        state: state.clone(),
        context: asked["context"].as_str().unwrap_or("default").to_owned(),
        description: description.to_owned(),
        url: asked["target_url"].as_str().map(str::to_owned),
    });
    Ok(Response::json(
        201,
        &json!({"id": books.next_id(), "state": state}),
    ))
}

fn merge_request<'a>(books: &'a Books, number: &str) -> Result<&'a books::MergeRequest, Response> {
    let number = number.parse().map_err(|_| not_found())?;
    books.merge_requests.get(&number).ok_or_else(not_found)
}

fn id(text: &str) -> Result<u64, Response> {
    text.parse().map_err(|_| not_found())
}

fn known(books: &Books, sha: &str) -> Result<(), Response> {
    let unknown = || error(422, &format!("No commit found for SHA: {sha}"), &[]);
    books.has_commit(sha).then_some(()).ok_or_else(unknown)
}

/// A field that must be there.
fn text(asked: &Value, field: &str) -> Result<String, Response> {
    let given = asked[field].as_str().filter(|text| !text.is_empty());
    given.map(str::to_owned).ok_or_else(|| {
        let problem = format!("\"{field}\" wasn't supplied.");
        error(422, &format!("Invalid request.\n\n{problem}"), &[])
    })
}

fn not_found() -> Response {
    error(404, "Not Found", &[])
}

fn error(status: u16, message: &str, errors: &[&str]) -> Response {
    let mut body = json!({"message": message, "documentation_url": DOCUMENTATION, "status": status.to_string()});
    if !errors.is_empty() {
        body["errors"] = json!(errors);
    }
    Response::json(status, &body)
}
