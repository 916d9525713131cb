use super::{Books, File, Forge, Inline, On, Status, Verdict, books};
use crate::{Request, Response};
use serde_json::{Value, json};

impl Forge {
    /// A recent Gitea, which compares at its API.
    pub async fn gitea() -> Self {
        Self::serving("company/backend-service", |request, books| {
            answer(request, books, Compares::AtTheApi)
        })
        .await
    }

    /// Forgejo, or an older Gitea: it compares among its pages, which are not for tokens.
    pub async fn forgejo() -> Self {
        Self::serving("company/backend-service", |request, books| {
            answer(request, books, Compares::AmongThePages)
        })
        .await
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Compares {
    AtTheApi,
    AmongThePages,
}

fn answer(request: &Request, books: &mut Books, compares: Compares) -> Response {
    let path = request.uri.path().to_owned();
    let below = |root: &str| {
        let root = format!("{root}{}", books.path);
        path.strip_prefix(&root).map(str::to_owned)
    };
    let answer = match (below("/api/v1/repos/"), below("/")) {
        (Some(below), _) => {
            admit(request, books).and_then(|()| route(request, books, &below, compares))
        }
        (None, Some(page)) => compare_page(request, books, &page),
        (None, None) => Err(not_found()),
    };
    answer.unwrap_or_else(|refused| refused)
}

fn admit(request: &Request, books: &Books) -> Result<(), Response> {
    match request.header("authorization") {
        Some(given) if given == format!("token {}", books.token) => Ok(()),
        Some(_) => Err(error(401, "invalid username, password or token")),
        None if books.public && request.method == "GET" => Ok(()),
        None if books.public => Err(error(401, "token is required")),
        None => Err(not_found()),
    }
}

fn route(
    request: &Request,
    books: &mut Books,
    below: &str,
    compares: Compares,
) -> Result<Response, Response> {
    let parts: Vec<&str> = below.split('/').skip(1).collect();
    match (request.method.as_str(), &parts[..]) {
        ("GET", []) => Ok(Response::json(
            200,
            &json!({"id": 1, "full_name": books.path, "private": !books.public, "default_branch": "main"}),
        )),
        ("GET", ["pulls", last]) => match last.strip_suffix(".diff") {
            Some(number) => Ok(diff(&merge_request(books, number)?.files)),
            None => {
                let head = &merge_request(books, last)?.head;
                let request = json!({"state": "open", "head": {"sha": head}});
                Ok(Response::json(200, &request))
            }
        },
        ("GET", ["pulls", number, "reviews"]) => {
            let reviews = reviews(books, id(number)?);
            let (reviews, _, _) = books::page(request, &reviews, "limit", 30, 50);
            Ok(Response::json(200, &json!(reviews)))
        }
        ("GET", ["pulls", _, "reviews", review, "comments"]) => {
            let review = Some(id(review)?);
            let inline = books.inline.iter().filter(|one| one.review == review);
            let comments = inline.map(|one| json!({"id": one.id, "body": one.body}));
            Ok(Response::json(
                200,
                &json!(comments.collect::<Vec<Value>>()),
            ))
        }
        ("POST", ["pulls", _, "reviews", review, "dismissals"]) => match books.dismiss(review) {
            true => Ok(Response::json(
                200,
                &json!({"id": id(review)?, "dismissed": true}),
            )),
            false => Err(not_found()),
        },
        // All of them, on one page.
        ("GET", ["issues", number, "comments"]) => {
            let comments = books.listed(id(number)?);
            Ok(Response::json(200, &json!(comments)))
        }
        ("GET", ["pulls", number, "files"]) => {
            let files = &merge_request(books, number)?.files;
            let (page, at, last) = books::page(request, files, "limit", 30, 50);
            let listed: Vec<Value> = page.iter().map(file).collect();
            Ok(Response::json(200, &json!(listed))
                .header("x-total-count", files.len().to_string())
                .header("x-hasmore", (at < last).to_string()))
        }
        ("GET", ["compare", ends]) => compare(request, books, ends, compares),
        ("GET", ["git", "commits", last]) => {
            let sha = last.strip_suffix(".diff");
            let files = books
                .commits
                .get(sha.unwrap_or(last))
                .ok_or_else(not_found)?;
            Ok(match sha {
                Some(_) => diff(files),
                None => {
                    let files: Vec<Value> = files.iter().map(file).collect();
                    Response::json(200, &json!({"sha": last, "files": files}))
                }
            })
        }
        ("GET", ["raw", path @ ..]) => {
            let at = request.query().remove("ref").unwrap_or_default();
            let file = books.contents.get(&(at, books::decoded(&path.join("/"))));
            Ok(Response::new(200, file.ok_or_else(not_found)?.clone()))
        }
        ("POST", ["pulls", number, "reviews"]) => review(request, books, number),
        ("POST", ["issues", number, "comments"]) => {
            merge_request(books, number)?;
            let body = text(&request.json(), "body")?;
            let number = number.parse().map_err(|_| not_found())?;
            let id = books.comment(On::MergeRequest(number), &body);
            Ok(Response::json(201, &json!({"id": id, "body": body})))
        }
        ("PATCH", ["issues", "comments", id]) => {
            let body = text(&request.json(), "body")?;
            let id = id.parse().map_err(|_| not_found())?;
            match books.edit(id, &body) {
                true => Ok(Response::json(200, &json!({"id": id, "body": body}))),
                false => Err(not_found()),
            }
        }
        ("POST", ["statuses", sha]) => status(request, books, sha),
        _ => Err(not_found()),
    }
}

/// As git writes it.
fn diff(files: &[File]) -> Response {
    let text: String = files.iter().map(File::diff).collect();
    Response::new(200, text).header("content-type", "text/plain; charset=utf-8")
}

/// In a list: without a patch.
fn file(file: &File) -> Value {
    let (additions, deletions) = file.counts();
    let status = match file.status {
        File::REMOVED => "deleted",
        File::MODIFIED => "changed",
        other => other,
    };
    let mut listed = json!({
        "filename": file.path, "status": status, "additions": additions, "deletions": deletions,
        "changes": additions + deletions,
    });
    if let Some(old) = &file.old_path {
        listed["previous_filename"] = json!(old);
    }
    listed
}

fn compare(
    request: &Request,
    books: &Books,
    ends: &str,
    compares: Compares,
) -> Result<Response, Response> {
    let files = compared(books, ends)?;
    let output = request.query().remove("output");
    if compares == Compares::AtTheApi && output.as_deref() == Some("diff") {
        return Ok(diff(files));
    }
    let commits = [json!({"sha": ends.rsplit("...").next(), "files": []})];
    Ok(Response::json(
        200,
        &json!({"total_commits": 1, "commits": commits}),
    ))
}

/// To a browser that nobody signed in with.
fn compare_page(request: &Request, books: &Books, page: &str) -> Result<Response, Response> {
    let sought = || Response::new(404, "Not found.\n").header("content-type", "text/plain");
    let ends = page
        .strip_prefix("/compare/")
        .and_then(|ends| ends.strip_suffix(".diff"));
    let is_shown = books.public && request.method == "GET";
    let ends = ends.filter(|_| is_shown).ok_or_else(sought)?;
    compared(books, ends).map(diff).map_err(|_| sought())
}

fn compared<'a>(books: &'a Books, ends: &str) -> Result<&'a [File], Response> {
    let (base, head) = ends.split_once("...").ok_or_else(not_found)?;
    let between = (books::decoded(base), books::decoded(head));
    let files = books.compares.get(&between);
    files.map(Vec::as_slice).ok_or_else(not_found)
}

/// All of them are of the newest commit: nothing here moves it.
fn reviews(books: &Books, number: u64) -> Vec<Value> {
    let head = books.merge_requests.get(&number).map(|known| &known.head);
    let of_it = |verdict: &&Verdict| verdict.merge_request == number;
    let listed = |verdict: &Verdict| {
        json!({
            "id": verdict.id, "state": verdict.event, "body": verdict.body, "commit_id": head,
            "dismissed": verdict.dismissed,
        })
    };
    let verdicts = books.verdicts.iter();
    verdicts.filter(of_it).map(listed).collect()
}

/// Gitea takes any line; what it is particular about is whose pull request it is, and that a review
/// says something.
fn review(request: &Request, books: &mut Books, number: &str) -> Result<Response, Response> {
    let own = merge_request(books, number)?.own;
    let head = merge_request(books, number)?.head.clone();
    let asked = request.json();
    let event = asked["event"].as_str().unwrap_or("PENDING").to_owned();
    let body = asked["body"].as_str().unwrap_or_default().to_owned();
    let comments = asked["comments"].as_array().cloned().unwrap_or_default();
    let number = number.parse().map_err(|_| not_found())?;
    match event.as_str() {
        "APPROVED" if own => return Err(error(422, "approve your own pull is not allowed")),
        "REQUEST_CHANGES" if own => return Err(error(422, "reject your own pull is not allowed")),
        "REQUEST_CHANGES" if body.is_empty() => {
            return Err(error(422, "review event REQUEST_CHANGES requires a body"));
        }
        "COMMENT" if body.is_empty() && comments.is_empty() => {
            return Err(error(
                422,
                "review event COMMENT requires a body or a comment",
            ));
        }
        "APPROVED" | "REQUEST_CHANGES" | "COMMENT" => {}
        _ => return Err(error(422, "unknown review event")),
    }
    let review = books.next_id();
    for comment in &comments {
        let path = text(comment, "path")?;
        let body = text(comment, "body")?;
        let position = |name: &str| comment[name].as_u64().filter(|line| *line > 0);
        let id = books.next_id();
        books.inline.push(Inline {
            id,
            review: Some(review),
            merge_request: number,
            commit: Some(asked["commit_id"].as_str().unwrap_or(&head).to_owned()),
            path,
            old_path: None,
            line: position("new_position"),
            old_line: position("old_position"),
            position: None,
            body,
        });
    }
    let answer = Response::json(200, &json!({"id": review, "state": event, "body": body}));
    books.verdicts.push(Verdict {
        id: review,
        merge_request: number,
        event,
        body,
        dismissed: false,
    });
    Ok(answer)
}

fn status(request: &Request, books: &mut Books, sha: &str) -> Result<Response, Response> {
    if !books.has_commit(sha) {
        return Err(not_found());
    }
    let asked = request.json();
    let state = text(&asked, "state")?;
    if !["pending", "success", "error", "failure", "warning"].contains(&&*state) {
        return Err(error(422, "unknown state"));
    }
    books.statuses.push(Status {
        commit: sha.to_owned(),
        state: state.clone(),
        context: asked["context"].as_str().unwrap_or("default").to_owned(),
        description: asked["description"].as_str().unwrap_or_default().to_owned(),
        url: asked["target_url"].as_str().map(str::to_owned),
    });
    Ok(Response::json(
        201,
        &json!({"id": books.next_id(), "status": state}),
    ))
}

fn merge_request<'a>(books: &'a Books, number: &str) -> Result<&'a books::MergeRequest, Response> {
    let number = number.parse().map_err(|_| not_found())?;
    books.merge_requests.get(&number).ok_or_else(not_found)
}

fn id(text: &str) -> Result<u64, Response> {
    text.parse().map_err(|_| not_found())
}

/// A field that must be there.
fn text(asked: &Value, field: &str) -> Result<String, Response> {
    let given = asked[field].as_str().filter(|text| !text.is_empty());
    given
        .map(str::to_owned)
        .ok_or_else(|| error(422, &format!("[{field}]: Required")))
}

fn not_found() -> Response {
    let body = json!({"errors": null, "message": "The target couldn't be found.", "url": "https://git.example.com/api/swagger"});
    Response::json(404, &body)
}

fn error(status: u16, message: &str) -> Response {
    Response::json(
        status,
        &json!({"message": message, "url": "https://git.example.com/api/swagger"}),
    )
}
