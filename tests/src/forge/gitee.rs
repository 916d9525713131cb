use super::{Books, File, Forge, Inline, On, Verdict, books};
use crate::{Request, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

/// How many files are listed of a pull request.
const MOST_FILES: usize = 300;

type Answer = Result<Response, Response>;

impl Forge {
    /// A private Gitee: its API is under `/api/v5`.
    pub async fn gitee() -> Self {
        Self::serving("company/backend-service", answer).await
    }
}

fn answer(request: &Request, books: &mut Books) -> Response {
    let answer = admit(request, books).and_then(|()| route(request, books));
    answer.unwrap_or_else(|refused| refused)
}

/// Who asks may ask.
fn admit(request: &Request, books: &Books) -> Result<(), Response> {
    let header = request.header("authorization").and_then(|value| {
        let token = value.strip_prefix("token ");
        token.or_else(|| value.strip_prefix("Bearer "))
    });
    let given = header.map(str::to_owned);
    match given.or_else(|| request.query().remove("access_token")) {
        Some(given) if given == books.token => Ok(()),
        Some(_) => Err(message(
            401,
            "401 Unauthorized: Access token does not exist",
        )),
        None if books.public && request.method == "GET" => Ok(()),
        None if books.public => Err(message(401, "401 Unauthorized: Access token is required")),
        None => Err(message(404, "Not Found Project")),
    }
}

fn route(request: &Request, books: &mut Books) -> Answer {
    let below = request
        .uri
        .path()
        .strip_prefix("/api/v5/repos/")
        .and_then(|path| path.strip_prefix(&books.path))
        .ok_or_else(|| message(404, "Not Found Project"))?;
    let parts: Vec<&str> = below.split('/').skip(1).collect();
    match (request.method.as_str(), &parts[..]) {
        ("GET", []) => Ok(Response::json(
            200,
            &json!({"id": 1, "full_name": books.path, "private": !books.public, "default_branch": "main"}),
        )),
        ("GET", ["pulls", number]) => {
            let head = &merge_request(books, number)?.head;
            let request = json!({"state": "open", "head": {"sha": head}});
            Ok(Response::json(200, &request))
        }
        ("GET", ["pulls", number, "comments"]) => {
            let number = number.parse().map_err(|_| not_found())?;
            let mut comments = books.listed(number);
            comments.extend(books.listed_at_lines(number));
            comments.sort_by_key(|comment| comment["id"].as_u64());
            if request
                .query()
                .get("direction")
                .is_some_and(|to| to == "desc")
            {
                comments.reverse();
            }
            let (comments, _, _) = books::page(request, &comments, "per_page", 20, 100);
            Ok(Response::json(200, &json!(comments)))
        }
        ("GET", ["pulls", number, "files"]) => {
            let files = &merge_request(books, number)?.files;
            Ok(listed(request, files))
        }
        ("GET", ["compare", ends]) => {
            let (base, head) = ends.split_once("...").ok_or_else(not_found)?;
            let between = (books::decoded(base), books::decoded(head));
            let files = books.compares.get(&between).ok_or_else(not_found)?;
            Ok(with_files(files))
        }
        ("GET", ["commits", sha]) => {
            let files = books.commits.get(*sha).ok_or_else(not_found)?;
            Ok(with_files(files))
        }
        ("GET", ["contents", path @ ..]) => Ok(content(request, books, &path.join("/"))),
        ("POST", ["pulls", number, "comments"]) => comment(request, books, number),
        ("POST", ["commits", sha, "comments"]) if books.has_commit(sha) => {
            let body = text(&request.json(), "body")?;
            let id = books.comment(On::Commit((*sha).to_owned()), &body);
            Ok(Response::json(201, &json!({"id": id, "body": body})))
        }
        ("PATCH", ["pulls", "comments", id] | ["comments", id]) => {
            let body = text(&request.json(), "body")?;
            let id = id.parse().map_err(|_| not_found())?;
            match books.edit(id, &body) {
                true => Ok(Response::json(200, &json!({"id": id, "body": body}))),
                false => Err(not_found()),
            }
        }
        ("POST", ["pulls", number, "review"]) => {
            if merge_request(books, number)?.own {
                return Err(message(403, "没有权限"));
            }
            decided(books, number, "review")
        }
        ("PATCH", ["pulls", number, "assignees"]) => {
            merge_request(books, number)?;
            decided(books, number, "reset")
        }
        _ => Err(not_found()),
    }
}

/// Counts are text here, and the diff is in an object.
fn listed(request: &Request, files: &[File]) -> Response {
    let files = &files[..files.len().min(MOST_FILES)];
    let count = files.len();
    let (files, _, last) = books::page(request, files, "per_page", 20, 100);
    let file = |file: &File| {
        let (additions, deletions) = file.counts();
        let word = match file.status {
            File::REMOVED => "deleted",
            other => other,
        };
        json!({
            "sha": "bbcd538c8e72b8c175046e27cc8f907076331401", "filename": file.path, "status": word,
            "additions": additions.to_string(), "deletions": deletions.to_string(),
            "patch": {
                "diff": diff(file), "new_path": file.path, "old_path": file.old_path.as_ref().unwrap_or(&file.path),
                "a_mode": "100644", "b_mode": "100644", "new_file": file.status == File::ADDED,
                "renamed_file": file.status == File::RENAMED, "deleted_file": file.status == File::REMOVED,
                "too_large": file.too_large,
            },
        })
    };
    let files: Vec<Value> = files.iter().map(file).collect();
    Response::json(200, &json!(files))
        .header("total_count", count.to_string())
        .header("total_page", last.to_string())
}

/// A comparison, or a commit: counts are numbers here, and the diff is bare.
fn with_files(files: &[File]) -> Response {
    let file = |file: &File| {
        let (additions, deletions) = file.counts();
        json!({
            "sha": "bbcd538c8e72b8c175046e27cc8f907076331401", "filename": file.path, "status": file.status,
            "additions": additions, "deletions": deletions, "changes": additions + deletions, "patch": diff(file),
        })
    };
    let files: Vec<Value> = files.iter().map(file).collect();
    Response::json(200, &json!({"commits": [], "files": files}))
}

fn diff(file: &File) -> String {
    match file.shown_patch() {
        Some(patch) => format!("{patch}\n"),
        None if file.binary => format!("Binary files a/{0} and b/{0} differ\n", file.path),
        None => String::new(),
    }
}

/// What is not there is an empty folder.
fn content(request: &Request, books: &Books, path: &str) -> Response {
    let at = request.query().remove("ref").unwrap_or_default();
    let path = books::decoded(path);
    match books.contents.get(&(at, path.clone())) {
        Some(bytes) => {
            let content = BASE64.encode(bytes);
            let file = json!({
                "type": "file", "encoding": "base64", "size": bytes.len(), "path": path, "content": content,
            });
            Response::json(200, &file)
        }
        None => Response::json(200, &json!([])),
    }
}

/// With a path it is at a line, which is counted from the top of the file's diff.
fn comment(request: &Request, books: &mut Books, number: &str) -> Answer {
    let known = merge_request(books, number)?;
    let asked = request.json();
    let body = text(&asked, "body")?;
    let merge_request = number.parse().map_err(|_| not_found())?;
    let Some(path) = asked["path"].as_str() else {
        let id = books.comment(On::MergeRequest(merge_request), &body);
        return Ok(Response::json(201, &json!({"id": id, "body": body})));
    };
    let commit = text(&asked, "commit_id")?;
    let position = asked["position"].as_u64();
    let file = known.files.iter().find(|file| file.path == path);
    let is_shown = |file: &File| {
        let mut lines = file.lines().into_iter();
        lines.any(|line| Some(u64::from(line.position)) == position)
    };
    if commit != known.head || !file.is_some_and(is_shown) {
        return Err(message(400, "position is invalid"));
    }
    let id = books.next_id();
    books.inline.push(Inline {
        id,
        review: None,
        merge_request,
        commit: Some(commit),
        path: path.to_owned(),
        old_path: None,
        line: None,
        old_line: None,
        position,
        body: body.clone(),
    });
    Ok(Response::json(201, &json!({"id": id, "body": body})))
}

fn decided(books: &mut Books, number: &str, event: &str) -> Answer {
    let id = books.next_id();
    books.verdicts.push(Verdict {
        id,
        merge_request: number.parse().map_err(|_| not_found())?,
        event: event.to_owned(),
        body: String::new(),
        dismissed: false,
    });
    Ok(Response::json(201, &json!({})))
}

fn merge_request<'a>(books: &'a Books, number: &str) -> Result<&'a books::MergeRequest, Response> {
    let number = number.parse().map_err(|_| not_found())?;
    books.merge_requests.get(&number).ok_or_else(not_found)
}

/// A field that must be there.
fn text(asked: &Value, field: &str) -> Result<String, Response> {
    let given = asked[field].as_str().filter(|text| !text.is_empty());
    given
        .map(str::to_owned)
        .ok_or_else(|| message(400, &format!("{field} is missing")))
}

fn not_found() -> Response {
    message(404, "404 Not Found")
}

fn message(status: u16, text: &str) -> Response {
    Response::json(status, &json!({ "message": text }))
}
