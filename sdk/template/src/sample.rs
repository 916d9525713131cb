//! Made-up data for previews and dry runs.

use serde_json::{Map, Value, json};

/// One value for every variable that a template may use, as if from a push to a repository that
/// does not exist. Also `Tag` and `MergeRequest` are filled, which a real push leaves empty, so
/// that a dry run reaches all that uses them.
pub fn sample_data() -> Value {
    let mut data = json!({
        "RepoName": "backend-service",
        "RepoUrl": "https://git.example.com/company/backend-service",
        "CommitId": "3f2a9c1d5e7b8064a1c2d3e4f5061728394a5b6c",
        "CommitMsg": "feat: add the login page\n\nWith a form and its checks.",
        "Author": "Zhang San",
        "Branch": "main",
        "ChangedFiles": ["src/login.go", "src/auth.go", "docs/login.md"],
        "FileCount": 3,
        "CodeViewResult": "suggestions",
        "CodeViewIssues": ["src/login.go: the error is not checked", "src/auth.go: this function is too long"],
        "CodeViewSummary": "The login works; two things should be mended.",
        "CodeViewScore": 78,
        "CodeViewDecision": "COMMENT",
        "CodeViewLeftOut": ["1 file not reviewed (lock file): go.sum"],
        "ReviewTime": "2026-01-19 14:30 +08:00",
        "Language": "zh-CN",
        "Kind": "push",
        "Tag": "v1.2.0",
        "TotalCommits": 2,
        "MoreCommits": 0,
        "Commits": [
            {
                "Id": "3f2a9c1d5e7b8064a1c2d3e4f5061728394a5b6c",
                "ShortId": "3f2a9c1d",
                "Message": "feat: add the login page",
                "Author": "Zhang San",
                "Url": "https://git.example.com/company/backend-service/commit/3f2a9c1d5e7b8064a1c2d3e4f5061728394a5b6c"
            },
            {
                "Id": "90817263544536271809fedcba98765432100123",
                "ShortId": "90817263",
                "Message": "docs: describe the login",
                "Author": "Li Si",
                "Url": "https://git.example.com/company/backend-service/commit/90817263544536271809fedcba98765432100123"
            }
        ],
        "Url": "https://git.example.com/company/backend-service/compare/1a2b3c4d...3f2a9c1d",
        "Event": "push",
        "Created": false,
        "Deleted": false,
        "Forced": false,
        "MergeRequest": {
            "Number": 42,
            "Title": "Add the login page",
            "Action": "opened",
            "State": "open",
            "SourceBranch": "feature/login",
            "TargetBranch": "main",
            "Author": "Zhang San",
            "Url": "https://git.example.com/company/backend-service/merge_requests/42"
        }
    });
    if let (Value::Object(all), Value::Object(records)) = (&mut data, records()) {
        all.extend(records);
    }
    data
}

/// What events of all kinds have, and the records of some.
fn records() -> Value {
    json!({
        "Action": "opened",
        "Headline": "#42 Add the login page",
        "Text": "It has a form and its checks.",
        "State": "open",
        "Severity": "high",
        "Labels": [{ "Name": "service", "Value": "backend" }],
        "Fields": [{ "Name": "Region", "Value": "eu-1" }],
        "Comment": {
            "Text": "Looks good, but the error is not checked.",
            "Path": "src/login.go",
            "Line": 17,
            "Url": "https://git.example.com/company/backend-service/merge_requests/42#note_7"
        },
        "Issue": {
            "Number": "7",
            "Title": "The login page is slow",
            "Text": "It takes ten seconds.",
            "State": "open",
            "Author": "Li Si",
            "Labels": ["bug"],
            "Url": "https://git.example.com/company/backend-service/issues/7"
        },
        "Release": {
            "Tag": "v1.2.0",
            "Name": "Version 1.2",
            "Text": "The login page.",
            "Prerelease": false,
            "Url": "https://git.example.com/company/backend-service/releases/v1.2.0"
        },
        "Pipeline": {
            "Name": "build",
            "State": "failed",
            "Attempt": 1,
            "Seconds": 93,
            "JobCount": 3,
            "FailedJobs": ["test"],
            "Url": "https://git.example.com/company/backend-service/pipelines/815"
        },
        "Deployment": {
            "Environment": "production",
            "State": "succeeded",
            "Url": "https://git.example.com/company/backend-service/deployments/12"
        },
        "Alerts": {
            "Total": 2,
            "Firing": 1,
            "List": [
                {
                    "Name": "HighLoad",
                    "Firing": true,
                    "Severity": "critical",
                    "Summary": "The load of web-1 is above 20",
                    "StartsAt": "2026-01-19T06:25:00Z",
                    "EndsAt": null,
                    "Url": "https://alerts.example.com/graph?alert=HighLoad"
                },
                {
                    "Name": "HighLoad",
                    "Firing": false,
                    "Severity": "critical",
                    "Summary": "The load of web-2 is above 20",
                    "StartsAt": "2026-01-19T06:20:00Z",
                    "EndsAt": "2026-01-19T06:28:00Z",
                    "Url": "https://alerts.example.com/graph?alert=HighLoad"
                }
            ],
            "More": 0
        }
    })
}

/// What a push gives to a template, where somebody tries the template out: `given`, and made-up
/// values for the rest, none of which contradicts it. As with any push there is no tag and no merge
/// request unless they are given.
pub fn push_data(given: Map<String, Value>) -> Value {
    let mut data = sample_data();
    if let Value::Object(made_up) = &mut data {
        made_up.extend(given.clone());
    }
    let mut follows = |name: &str, value: Value| {
        if !given.contains_key(name) {
            data[name] = value;
        }
    };
    follows("Tag", Value::Null);
    for record in [
        "MergeRequest",
        "Action",
        "Headline",
        "Text",
        "State",
        "Severity",
        "Comment",
        "Issue",
        "Release",
        "Pipeline",
        "Deployment",
        "Alerts",
    ] {
        follows(record, Value::Null);
    }
    follows("Labels", json!([]));
    follows("Fields", json!([]));
    if let Some(address) = given.get("RepoUrl") {
        follows("Url", address.clone());
    }
    if let Some(Value::Array(files)) = given.get("ChangedFiles") {
        follows("FileCount", files.len().into());
    }
    let of_commit = ["CommitId", "CommitMsg", "Author"];
    let tells_of_a_commit = of_commit.iter().any(|name| given.contains_key(*name));
    if tells_of_a_commit && !given.contains_key("Commits") {
        let text = |name: &str| data[name].as_str().unwrap_or_default();
        let id = text("CommitId");
        data["Commits"] = json!([{
            "Id": id,
            "ShortId": id.get(..8).unwrap_or(id),
            "Message": text("CommitMsg").lines().next().unwrap_or_default(),
            "Author": data["Author"],
            "Url": data["Url"],
        }]);
    }
    if let (Value::Array(commits), false) = (&data["Commits"], given.contains_key("TotalCommits")) {
        data["TotalCommits"] = commits.len().into();
    }
    data
}

/// What an event of another kind gives to the templates of its scene, where somebody tries one out:
/// `given`, and made-up values for the rest, of which only those of the kind are there.
pub fn event_data(scene: &str, given: Map<String, Value>) -> Value {
    const RECORDS: [&str; 7] = [
        "MergeRequest",
        "Comment",
        "Issue",
        "Release",
        "Pipeline",
        "Deployment",
        "Alerts",
    ];
    let (kind, action, state, headline, records): (_, _, _, _, &[&str]) = match scene {
        "comment_notify" => (
            "comment",
            "created",
            "open",
            "#42 Add the login page",
            &["Comment", "MergeRequest"],
        ),
        "issue_notify" => (
            "issue",
            "opened",
            "open",
            "#7 The login page is slow",
            &["Issue"],
        ),
        "release_notify" => (
            "release",
            "published",
            "published",
            "Version 1.2",
            &["Release"],
        ),
        "pipeline_notify" => ("pipeline", "failed", "failed", "build", &["Pipeline"]),
        "alert_notify" => ("alert", "firing", "firing", "HighLoad", &["Alerts"]),
        _ => ("custom", "backed_up", "done", "The backup is done", &[]),
    };
    let mut data = sample_data();
    let sample = data.clone();
    for record in RECORDS {
        if !records.contains(&record) {
            data[record] = Value::Null;
        }
    }
    let url = records.first().map(|record| &sample[record]["Url"]);
    let url = url.filter(|url| url.is_string());
    data["Url"] = url.unwrap_or(&sample["RepoUrl"]).clone();
    data["Kind"] = kind.into();
    data["Event"] = kind.into();
    data["Action"] = action.into();
    data["State"] = state.into();
    data["Headline"] = headline.into();
    data["CommitMsg"] = headline.into();
    for none in [
        "Commits",
        "ChangedFiles",
        "CodeViewIssues",
        "CodeViewLeftOut",
    ] {
        data[none] = json!([]);
    }
    for none in ["Tag", "CodeViewScore"] {
        data[none] = Value::Null;
    }
    for none in [
        "CodeViewResult",
        "CodeViewSummary",
        "CodeViewDecision",
        "ReviewTime",
    ] {
        data[none] = "".into();
    }
    for none in ["TotalCommits", "MoreCommits", "FileCount"] {
        data[none] = 0.into();
    }
    if let Value::Object(made_up) = &mut data {
        made_up.extend(given);
    }
    data
}

/// What a digest gives to its template, where somebody tries it out: `given`, and made-up values
/// for the rest. An element of `Notifications` has a push's own title and the variables of its
/// message, but for the long ones.
pub fn digest_data(given: Map<String, Value>) -> Value {
    let notification = |title: &str, repo: &str, message: &str, author: &str| {
        json!({
            "Title": title,
            "RepoName": repo,
            "RepoUrl": format!("https://git.example.com/company/{repo}"),
            "CommitId": "3f2a9c1d5e7b8064a1c2d3e4f5061728394a5b6c",
            "CommitMsg": message,
            "Author": author,
            "Branch": "main",
            "FileCount": 3,
            "CodeViewResult": "suggestions",
            "CodeViewScore": 78,
            "CodeViewDecision": "COMMENT",
            "Kind": "push",
            "Tag": "v1.2.0",
            "TotalCommits": 2,
            "MoreCommits": 0,
            "Url": format!("https://git.example.com/company/{repo}/compare/1a2b3c4d...3f2a9c1d"),
            "Created": false,
            "Deleted": false,
            "Forced": false,
            "MergeRequest": sample_data()["MergeRequest"],
            "Action": "opened",
            "Headline": title,
            "State": "open",
            "Severity": null,
        })
    };
    let mut data = json!({
        "Language": "zh-CN",
        "Count": 12,
        "RepoCount": 2,
        "Repos": ["backend-service", "web-client"],
        "Notifications": [
            notification("New commits - backend-service", "backend-service", "feat: add the login page", "Zhang San"),
            notification("New commits - web-client", "web-client", "fix: keep the session", "Li Si"),
        ],
        "More": 10,
    });
    let listed = given.get("Notifications").and_then(Value::as_array);
    if let Some(listed) = listed.map(Vec::len) {
        data["Count"] = listed.into();
        data["More"] = 0.into();
    }
    if let Value::Object(made_up) = &mut data {
        made_up.extend(given);
    }
    data
}
