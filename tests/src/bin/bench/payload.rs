//! Fictional deliveries of GitHub, signed up front: a push of five commits, about 10 KiB, in some
//! variants; and merge requests.

mod merge_request;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) const SECRET: &str = "test-secret-not-real";
const VARIANTS: usize = 256;
const API: &str = "https://api.github.example.com/repos/orchard/cider-press";
const WEB: &str = "https://github.example.com/orchard/cider-press";

pub(crate) struct Payload {
    /// As GitHub calls it.
    pub(crate) event: &'static str,
    pub(crate) body: Vec<u8>,
    /// The header's value.
    pub(crate) signature: String,
}

/// Signed pushes, each a little different.
pub(crate) fn payloads() -> Vec<Payload> {
    (0..VARIANTS).map(Payload::new).collect()
}

/// An id that no delivery of this run had before.
pub(crate) fn delivery_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!(
        "72d3162e-cc78-4e3c-8b0a-{:012x}",
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

impl Payload {
    /// A push.
    pub(crate) fn new(variant: usize) -> Self {
        Self::signed("push", &push(variant))
    }

    fn signed(event: &'static str, body: &Value) -> Self {
        let body = body.to_string().into_bytes();
        let signature = match Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) {
            Ok(mac) => hex::encode(mac.chain_update(&body).finalize().into_bytes()),
            // HMAC takes keys of every length; the servers would say so.
            Err(_) => String::new(),
        };
        Self {
            event,
            body,
            signature: format!("sha256={signature}"),
        }
    }

    /// As a Git host sends it, in lower case.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let pairs = [
            ("content-type", "application/json".to_owned()),
            ("user-agent", "GitHub-Hookshot/0000000".to_owned()),
            ("accept", "*/*".to_owned()),
            ("x-github-event", self.event.to_owned()),
            ("x-github-hook-id", "292430182".to_owned()),
            (
                "x-github-hook-installation-target-id",
                "79929171".to_owned(),
            ),
            (
                "x-github-hook-installation-target-type",
                "repository".to_owned(),
            ),
            ("x-github-delivery", delivery_id()),
            ("x-hub-signature-256", self.signature.clone()),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

fn push(variant: usize) -> Value {
    let commits: Vec<Value> = (0..5).map(|index| commit(variant, index)).collect();
    json!({
        "ref": "refs/heads/main",
        "before": sha(variant, 90),
        "after": sha(variant, 4),
        "repository": repository(variant),
        "pusher": { "name": "ada-example", "email": "ada@example.com" },
        "sender": account("ada-example", 4101),
        "created": false,
        "deleted": false,
        "forced": false,
        "base_ref": null,
        "compare": format!("{WEB}/compare/{}...{}", &sha(variant, 90)[..12], &sha(variant, 4)[..12]),
        "head_commit": commits[4].clone(),
        "commits": commits,
    })
}

fn commit(variant: usize, index: usize) -> Value {
    const MESSAGES: [&str; 5] = [
        "Keep the press from starting while the lid is open\n\nThe switch was read once at start-up. It is read before every stroke now, and a\nstroke that is under way ends when the lid opens.",
        "Weigh the apples twice\n\nThe scale needs half a second to settle; the first reading was up to 4 % off.",
        "Name bottles after their batch and not after the day: two batches a day got the same label",
        "Log the temperature of the must in degrees Celsius\n\nFixes #318. The sensor reports tenths of a kelvin, which nobody could read.",
        "Update the manual for the new filter",
    ];
    let id = sha(variant, index);
    let file = |folder: &str, name: &str| format!("{folder}/{name}_{}.rs", variant % 16);
    json!({
        "id": id,
        "tree_id": sha(variant, index + 40),
        "distinct": true,
        "message": format!("{} (batch {variant})", MESSAGES[index % 5]),
        "timestamp": format!("2026-03-0{}T1{index}:24:31+01:00", index + 1),
        "url": format!("{WEB}/commit/{id}"),
        "author": { "name": "Ada Example", "email": "ada@example.com", "date": "2026-03-01T10:24:31+01:00", "username": "ada-example" },
        "committer": { "name": "Ben Example", "email": "ben@example.com", "date": "2026-03-01T10:24:31+01:00", "username": "ben-example" },
        "added": [file("press/src/lid", "switch")],
        "removed": [],
        "modified": [file("press/src", "stroke"), file("press/src/scale", "reading"), "press/README.md"],
    })
}

fn repository(variant: usize) -> Value {
    // GitHub sends the address of everything that can be asked about a repository.
    const PARTS: [&str; 36] = [
        "forks",
        "keys{/key_id}",
        "collaborators{/collaborator}",
        "teams",
        "hooks",
        "issues/events{/number}",
        "events",
        "assignees{/user}",
        "branches{/branch}",
        "tags",
        "git/blobs{/sha}",
        "git/tags{/sha}",
        "git/refs{/sha}",
        "git/trees{/sha}",
        "statuses/{sha}",
        "languages",
        "stargazers",
        "contributors",
        "subscribers",
        "subscription",
        "commits{/sha}",
        "git/commits{/sha}",
        "comments{/number}",
        "issues/comments{/number}",
        "contents/{+path}",
        "compare/{base}...{head}",
        "merges",
        "{archive_format}{/ref}",
        "downloads",
        "issues{/number}",
        "pulls{/number}",
        "milestones{/number}",
        "notifications{?since,all,participating}",
        "labels{/name}",
        "releases{/id}",
        "deployments",
    ];
    let mut repository = Map::new();
    for part in PARTS {
        let name: String = part
            .split(['{', '/', '?'])
            .filter(|word| !word.is_empty())
            .take(2)
            .collect::<Vec<_>>()
            .join("_");
        repository.insert(
            format!("{}_url", name.trim_end_matches('}')),
            format!("{API}/{part}").into(),
        );
    }
    let rest = json!({
        "id": 186853002 + variant,
        "node_id": "MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=",
        "name": "cider-press",
        "full_name": "orchard/cider-press",
        "private": true,
        "owner": account("orchard", 4102),
        "html_url": WEB,
        "description": "Firmware of the press in the barn",
        "fork": false,
        "url": WEB,
        "clone_url": format!("{WEB}.git"),
        "git_url": "git://github.example.com/orchard/cider-press.git",
        "ssh_url": "git@github.example.com:orchard/cider-press.git",
        "created_at": 1557933565,
        "updated_at": "2026-03-05T10:00:00Z",
        "pushed_at": 1772704800,
        "homepage": null,
        "size": 2112,
        "stargazers_count": 21,
        "watchers_count": 21,
        "language": "Rust",
        "has_issues": true,
        "has_projects": true,
        "has_downloads": true,
        "has_wiki": false,
        "forks_count": 3,
        "archived": false,
        "disabled": false,
        "open_issues_count": 2,
        "license": null,
        "topics": ["apples", "firmware"],
        "visibility": "private",
        "default_branch": "main",
        "master_branch": "main",
    });
    if let Value::Object(rest) = rest {
        repository.extend(rest);
    }
    Value::Object(repository)
}

fn account(login: &str, id: u32) -> Value {
    let api = format!("https://api.github.example.com/users/{login}");
    json!({
        "login": login,
        "id": id,
        "node_id": "MDQ6VXNlcjQxMDE=",
        "avatar_url": format!("https://avatars.example.com/u/{id}?v=4"),
        "gravatar_id": "",
        "url": api,
        "html_url": format!("https://github.example.com/{login}"),
        "followers_url": format!("{api}/followers"),
        "following_url": format!("{api}/following{{/other_user}}"),
        "gists_url": format!("{api}/gists{{/gist_id}}"),
        "starred_url": format!("{api}/starred{{/owner}}{{/repo}}"),
        "organizations_url": format!("{api}/orgs"),
        "repos_url": format!("{api}/repos"),
        "type": "User",
        "site_admin": false,
    })
}

/// Looks like the id of a commit.
fn sha(variant: usize, index: usize) -> String {
    hex::encode(&Sha256::digest(format!("{variant} {index}"))[..20])
}
