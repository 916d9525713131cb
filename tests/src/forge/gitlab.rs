use super::{Books, File, Forge, Inline, On, Status, Verdict, books};
use crate::{Request, Response};
use serde_json::{Value, json};

/// As many files of a merge request as an administrator can let GitLab keep.
const MOST_FILES: usize = 3000;
const BASE: &str = "ba5eba5eba5eba5eba5eba5eba5eba5eba5eba5e";
const NO_LINE: &str =
    "400 Bad request - Note {:line_code=>[\"can't be blank\", \"must be a valid line code\"]}";

type Answer = Result<Response, Response>;

impl Forge {
    /// A GitLab, whose API is under `/api/v4`, below any path. It takes a line of a note that
    /// begins with a slash as a command, which is among the verdicts then.
    pub async fn gitlab() -> Self {
        Self::serving("company/platform/backend-service", answer).await
    }
}

fn answer(request: &Request, books: &mut Books) -> Response {
    let answer = admit(request, books).and_then(|()| route(request, books));
    let answer = answer.unwrap_or_else(|refused| refused);
    answer
        .header("ratelimit-limit", "2000")
        .header("ratelimit-observed", "1")
        .header("ratelimit-remaining", "1999")
}

/// Who asks may ask.
fn admit(request: &Request, books: &Books) -> Result<(), Response> {
    let bearer = request
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    match request.header("private-token").or(bearer) {
        Some(given) if given == books.token => Ok(()),
        Some(_) => Err(message(401, "401 Unauthorized")),
        None if books.public && request.method == "GET" => Ok(()),
        None if books.public => Err(message(401, "401 Unauthorized")),
        None => Err(message(404, "404 Project Not Found")),
    }
}

fn route(request: &Request, books: &mut Books) -> Answer {
    let unknown = || message(404, "404 Project Not Found");
    let (_, below) = request
        .uri
        .path()
        .split_once("/api/v4/projects/")
        .ok_or_else(|| Response::json(404, &json!({"error": "404 Not Found"})))?;
    let parts: Vec<&str> = below.split('/').collect();
    let (project, parts) = parts.split_first().ok_or_else(unknown)?;
    if books::decoded(project) != books.path {
        return Err(unknown());
    }
    match (request.method.as_str(), parts) {
        ("GET", []) => Ok(Response::json(
            200,
            &json!({"id": 1, "path_with_namespace": books.path, "default_branch": "main"}),
        )),
        ("GET", ["repository", "compare"]) => compare(request, books),
        ("GET", ["repository", "commits", sha, "diff"]) => {
            let files = books.commits.get(*sha);
            let files = files.ok_or_else(|| message(404, "404 Commit Not Found"))?;
            Ok(listed(request, files))
        }
        ("POST", ["repository", "commits", sha, "comments"]) => {
            known(books, sha)?;
            let note = text(&request.json(), "note")?;
            books.comment(On::Commit((*sha).to_owned()), &note);
            let comment = json!({"note": note, "path": null, "line": null, "line_type": null});
            Ok(Response::json(201, &comment))
        }
        ("GET", ["repository", "files", path, "raw"]) => {
            let at = request.query().remove("ref").unwrap_or_default();
            let bytes = books.contents.get(&(at, books::decoded(path)));
            let bytes = bytes.ok_or_else(|| message(404, "404 File Not Found"))?;
            Ok(Response::new(200, bytes.clone()))
        }
        ("POST", ["statuses", sha]) => status(request, books, sha),
        (_, ["merge_requests", number, parts @ ..]) => {
            let number = number.parse().map_err(|_| unknown())?;
            merge_request(request, books, number, parts)
        }
        _ => Err(Response::json(404, &json!({"error": "404 Not Found"}))),
    }
}

fn merge_request(request: &Request, books: &mut Books, number: u64, parts: &[&str]) -> Answer {
    let unknown = || message(404, "404 Not found");
    let known = books.merge_requests.get(&number).ok_or_else(unknown)?;
    match (request.method.as_str(), parts) {
        ("GET", []) => Ok(Response::json(
            200,
            &json!({"iid": number, "sha": known.head, "diff_refs": refs(&known.head)}),
        )),
        ("GET", ["diffs"]) => {
            let shown = known.files.len().min(MOST_FILES);
            Ok(listed(request, &known.files[..shown]))
        }
        ("GET", ["versions"]) => {
            let count = known.files.len();
            let size = match count > MOST_FILES {
                true => format!("{MOST_FILES}+"),
                false => count.to_string(),
            };
            let version = json!({
                "id": 110, "head_commit_sha": known.head, "base_commit_sha": BASE, "start_commit_sha": BASE,
                "merge_request_id": 105, "state": "collected", "real_size": size,
            });
            Ok(Response::json(200, &json!([version])))
        }
        ("POST", ["discussions"]) => discussion(request, books, number),
        ("GET", ["notes"]) => {
            let mut notes = books.listed(number);
            notes.extend(books.listed_at_lines(number));
            notes.sort_by_key(|note| std::cmp::Reverse(note["id"].as_u64()));
            if request
                .query()
                .get("sort")
                .is_some_and(|sort| sort == "asc")
            {
                notes.reverse();
            }
            let (notes, _, _) = books::page(request, &notes, "per_page", 20, 100);
            Ok(Response::json(200, &json!(notes)))
        }
        ("POST", ["notes"]) => {
            let body = text(&request.json(), "body")?;
            obey(books, number, &body);
            let id = books.comment(On::MergeRequest(number), &body);
            Ok(Response::json(201, &json!({"id": id, "body": body})))
        }
        ("PUT", ["notes", id]) => {
            let body = text(&request.json(), "body")?;
            obey(books, number, &body);
            let missing = || message(404, "404 Note Not Found");
            let id = id.parse().map_err(|_| missing())?;
            match books.edit(id, &body) {
                true => Ok(Response::json(200, &json!({"id": id, "body": body}))),
                false => Err(missing()),
            }
        }
        ("POST", ["approve"]) => {
            let asked = request.json();
            let is_head = asked["sha"].as_str().is_none_or(|sha| sha == known.head);
            if known.own || is_approved(books, number) {
                return Err(message(401, "401 Unauthorized"));
            }
            if !is_head {
                return Err(message(409, "SHA does not match HEAD of source branch"));
            }
            Ok(decided(books, number, "approve"))
        }
        ("POST", ["unapprove"]) if is_approved(books, number) => {
            Ok(decided(books, number, "unapprove"))
        }
        _ => Err(unknown()),
    }
}

/// A page of files.
fn listed(request: &Request, files: &[File]) -> Response {
    let count = files.len();
    let (files, page, last) = books::page(request, files, "per_page", 20, 100);
    let next = match page < last {
        true => (page + 1).to_string(),
        false => String::new(),
    };
    let files: Vec<Value> = files.iter().map(file).collect();
    Response::json(200, &json!(files))
        .header("x-page", page.to_string())
        .header("x-next-page", next)
        .header("x-total", count.to_string())
        .header("x-total-pages", last.to_string())
}

fn compare(request: &Request, books: &Books) -> Answer {
    let mut query = request.query();
    let mut end = |name: &str| {
        let missing = || Response::json(400, &json!({"error": format!("{name} is missing")}));
        query.remove(name).ok_or_else(missing)
    };
    let between = (end("from")?, end("to")?);
    let files = books.compares.get(&between);
    let files = files.ok_or_else(|| message(404, "404 Ref Not Found"))?;
    let comparison = json!({
        "commit": {"id": between.1}, "commits": [{"id": between.1}], "compare_timeout": false,
        "compare_same_ref": false, "diffs": files.iter().map(file).collect::<Vec<Value>>(),
    });
    Ok(Response::json(200, &comparison))
}

fn file(file: &File) -> Value {
    let old_path = file.old_path.as_ref().unwrap_or(&file.path);
    let diff = match file.shown_patch() {
        Some(patch) => format!("{patch}\n"),
        None if file.binary => {
            format!("Binary files a/{old_path} and b/{} differ\n", file.path)
        }
        None => String::new(),
    };
    let mode = |is_there: bool| if is_there { "100644" } else { "0" };
    json!({
        "old_path": old_path, "new_path": file.path, "diff": diff,
        "a_mode": mode(file.status != File::ADDED), "b_mode": mode(file.status != File::REMOVED),
        "new_file": file.status == File::ADDED, "deleted_file": file.status == File::REMOVED,
        "renamed_file": file.status == File::RENAMED,
        "generated_file": file.generated, "collapsed": false, "too_large": file.too_large,
    })
}

/// A comment at a line: with the three commits of the diff, and the line's number in each file that
/// has it.
fn discussion(request: &Request, books: &mut Books, number: u64) -> Answer {
    let asked = request.json();
    let body = text(&asked, "body")?;
    let position = &asked["position"];
    for field in ["base_sha", "start_sha", "head_sha", "position_type"] {
        if position[field].as_str().is_none_or(str::is_empty) {
            return Err(message(500, "500 Internal Server Error"));
        }
    }
    let refused = || message(400, NO_LINE);
    let known = books.merge_requests.get(&number).ok_or_else(refused)?;
    let expected = refs(&known.head);
    let is_there = |field: &str| position[field] == expected[field];
    if !["base_sha", "start_sha", "head_sha"]
        .into_iter()
        .all(is_there)
    {
        return Err(refused());
    }
    let (path, old_path) = (text(position, "new_path")?, text(position, "old_path")?);
    let (line, old_line) = (position["new_line"].as_u64(), position["old_line"].as_u64());
    let is_meant = |file: &&File| {
        file.path == path && file.old_path.as_ref().unwrap_or(&file.path) == &old_path
    };
    let file = known.files.iter().find(is_meant).ok_or_else(refused)?;
    let is_shown = file
        .lines()
        .into_iter()
        .any(|shown| shown.new.map(u64::from) == line && shown.old.map(u64::from) == old_line);
    if !is_shown {
        return Err(refused());
    }
    obey(books, number, &body);
    let commit = text(position, "head_sha").ok();
    let id = books.next_id();
    let note = json!({"id": id, "type": "DiffNote", "body": body});
    books.inline.push(Inline {
        id,
        review: None,
        merge_request: number,
        commit,
        path,
        old_path: Some(old_path),
        line,
        old_line,
        position: None,
        body,
    });
    let discussion = json!({"id": format!("{id:040x}"), "individual_note": false, "notes": [note]});
    Ok(Response::json(201, &discussion))
}

/// Quick actions: whatever a note's author may do.
fn obey(books: &mut Books, number: u64, body: &str) {
    for line in body.lines() {
        let is_command = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
        if line.strip_prefix('/').is_some_and(is_command) {
            decided(books, number, line);
        }
    }
}

fn decided(books: &mut Books, number: u64, event: &str) -> Response {
    let id = books.next_id();
    books.verdicts.push(Verdict {
        id,
        merge_request: number,
        event: event.to_owned(),
        body: String::new(),
        dismissed: false,
    });
    Response::json(201, &json!({"iid": number}))
}

fn is_approved(books: &Books, number: u64) -> bool {
    let of_it = |verdict: &&Verdict| verdict.merge_request == number;
    let last = books.verdicts.iter().rev().find(of_it);
    last.is_some_and(|verdict| verdict.event == "approve")
}

fn status(request: &Request, books: &mut Books, sha: &str) -> Answer {
    known(books, sha)?;
    let asked = request.json();
    let state = text(&asked, "state")?;
    let event = match state.as_str() {
        "pending" => "enqueue",
        "running" => "run",
        "success" | "failed" | "canceled" => "",
        _ => {
            let error = json!({"error": "state does not have a valid value"});
            return Err(Response::json(400, &error));
        }
    };
    let context = asked["name"].as_str().unwrap_or("default").to_owned();
    let of_it = |status: &&Status| status.commit == sha && status.context == context;
    let last = books.statuses.iter().rev().find(of_it);
    if !event.is_empty() && last.is_some_and(|last| last.state == state) {
        let text = format!("Cannot transition status via :{event} from :{state}");
        return Err(message(400, &text));
    }
    books.statuses.push(Status {
        commit: sha.to_owned(),
        state: state.clone(),
        context,
        description: asked["description"].as_str().unwrap_or_default().to_owned(),
        url: asked["target_url"].as_str().map(str::to_owned),
    });
    Ok(Response::json(
        201,
        &json!({"id": books.next_id(), "sha": sha, "status": state}),
    ))
}

fn refs(head: &str) -> Value {
    json!({"base_sha": BASE, "start_sha": BASE, "head_sha": head})
}

fn known(books: &Books, sha: &str) -> Result<(), Response> {
    let unknown = || message(404, "404 Commit Not Found");
    books.has_commit(sha).then_some(()).ok_or_else(unknown)
}

/// A field that must be there.
fn text(asked: &Value, field: &str) -> Result<String, Response> {
    let given = asked[field].as_str().filter(|text| !text.is_empty());
    given
        .map(str::to_owned)
        .ok_or_else(|| Response::json(400, &json!({"error": format!("{field} is missing")})))
}

fn message(status: u16, text: &str) -> Response {
    Response::json(status, &json!({ "message": text }))
}
