//! Reviews at each Git host, whose deliveries name another host all the time: who sends one could
//! have written anything.

use super::team::{BEFORE, HEAD, Team, issue, reply, taken};
use push_notify_tests::{
    Backend, OpenAi, Payload, Proof, Receiver, Response,
    forge::{Fault, File, Forge, Inline, On},
    until,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// Runs each named `async fn(Proof)` at every host, once for each way to prove a delivery that a
/// host can be set to.
macro_rules! at_each {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            at_each!($name: github Github, gitlab GitlabToken, gitlab_signed GitlabSigningToken, gitee GiteeSign);
            at_each!($name: gitee_by_password GiteePassword, gitea Gitea);
        }
    )*};
    ($name:ident: $($host:ident $proof:ident),*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $host() {
            super::$name(push_notify_tests::Proof::$proof).await;
        }
    )*};
}

at_each!(
    a_merge_request_is_reviewed_and_shown_and_new_commits_update_it,
    a_push_after_a_force_push_is_reviewed_by_its_newest_commit,
    what_was_shown_before_a_failure_is_not_shown_again,
);

const NUMBER: u64 = 7;

async fn a_merge_request_is_reviewed_and_shown_and_new_commits_update_it(proof: Proof) {
    let place = Place::start(proof).await;
    let Place { team, .. } = &place;
    team.host.merge_request(NUMBER, HEAD, vec![session()]);
    place.find_fault();
    let (id, push_id) = place.merge_request(Change::Opened, HEAD).await;
    let review = team.published(id).await;
    assert_eq!(review["publication"], "published", "{review:#}");
    assert_eq!(review["publication_reason"], json!(null));
    assert_eq!(
        (&review["head_sha"], &review["number"]),
        (&json!(HEAD), &json!(NUMBER))
    );
    let told = team.told(push_id).await;
    for part in [
        "Changes requested",
        "src/login.go:41",
        "\\[HIGH/SECURITY\\]",
    ] {
        assert!(told.contains(part), "`{part}` is not in {told}");
    }
    place.assert_at_line_41(&team.host.inline());
    let summaries = team.host.comments_on(NUMBER);
    assert_eq!(summaries.len(), 1);
    assert!(
        summaries[0].body.contains("Changes requested (62/100)"),
        "{}",
        summaries[0].body
    );
    let [failure, success] = place.states();
    assert_eq!(place.status_of(HEAD), failure);

    let head = "dddddddddddddddddddddddddddddddddddddddd";
    team.host.merge_request(NUMBER, head, vec![session()]);
    let clean = reply("APPROVED", 98, json!([]));
    team.model.then(OpenAi::says(&clean.to_string()));
    let (id, push_id) = place.merge_request(Change::NewCommits, head).await;
    team.published(id).await;
    assert!(team.told(push_id).await.contains("Approved"));
    let summaries = team.host.comments_on(NUMBER);
    assert_eq!(summaries.len(), 1, "updated, not repeated");
    assert_eq!(summaries[0].edits, 1);
    assert!(
        summaries[0].body.contains("Approved"),
        "{}",
        summaries[0].body
    );
    assert_eq!(team.host.inline().len(), 1);
    assert_eq!(place.status_of(head), success);
    place.stop().await;
}

async fn a_push_after_a_force_push_is_reviewed_by_its_newest_commit(proof: Proof) {
    let place = Place::start(proof).await;
    let Place { team, .. } = &place;
    // What it was before is nowhere, so there is nothing to compare with.
    team.host.commit(HEAD, vec![session()]);
    place.find_fault();
    let (id, push_id) = place.push(HEAD).await;
    let review = team.published(id).await;
    assert_eq!(review["status"], "completed", "{review:#}");
    assert_eq!(review["coverage"]["newest_commit_only"], true);
    assert_eq!(review["coverage"]["reviewed"], 1);
    let told = team.told(push_id).await;
    for part in [
        "src/login.go:41",
        "The commit before is gone: only the newest commit is reviewed",
    ] {
        assert!(told.contains(part), "`{part}` is not in {told}");
    }
    let on_commit = On::Commit(HEAD.to_owned());
    let comments = team.host.comments();
    let there = comments.iter().filter(|comment| comment.on == on_commit);
    // Gitea has no comments on commits.
    let expected = usize::from(proof.host() != "gitea");
    assert_eq!(there.count(), expected, "{comments:#?}");
    let [failure, _] = place.states();
    assert_eq!(place.status_of(HEAD), failure);
    place.stop().await;
}

async fn what_was_shown_before_a_failure_is_not_shown_again(proof: Proof) {
    let place = Place::start(proof).await;
    let Place { team, .. } = &place;
    team.host.merge_request(NUMBER, HEAD, vec![session()]);
    place.find_fault();
    // The comment at the line is posted; the summary finds the host gone.
    let (summary, before) = match proof.host() {
        "gitlab" => ("/notes", 0),
        "gitee" => ("/pulls/7/comments", 1),
        _ => ("/issues/7/comments", 0),
    };
    let gone = Response::new(502, "Bad Gateway");
    team.host
        .fault(Fault::new("POST", summary, gone).after(before));
    let (id, push_id) = place.merge_request(Change::Opened, HEAD).await;
    let reason = until("the first try to fail", async || {
        let review = team.review(id).await;
        review["publication_reason"].as_str().map(str::to_owned)
    })
    .await;
    assert!(reason.contains("502"), "{reason}");
    assert_eq!(team.host.inline().len(), 1);
    assert!(team.host.comments().is_empty());
    // No notification waits for it.
    team.told(push_id).await;

    team.app.advance(Duration::from_secs(16));
    let review = team.published(id).await;
    assert_eq!(review["publication"], "published", "{review:#}");
    place.assert_at_line_41(&team.host.inline());
    let summaries = team.host.comments_on(NUMBER);
    assert_eq!(summaries.len(), 1);
    assert!(
        !summaries[0].body.contains("src/login.go:41"),
        "it is at its line: {}",
        summaries[0].body
    );
    place.stop().await;
}

/// A file whose line 41 was added. In the diff it is the second.
fn session() -> File {
    File::modified(
        "src/login.go",
        "@@ -40,2 +40,3 @@ func Login() {\n \tuser := find(name)\n+\tuser.token = \"x\"\n \treturn user\n",
    )
}

/// A team at one host, which takes deliveries that are proved in one way.
struct Place {
    proof: Proof,
    team: Team,
    /// The host that every URL in a delivery names. It can be reached, and nobody may ask it
    /// anything.
    elsewhere: Receiver,
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Opened,
    NewCommits,
}

impl Place {
    async fn start(proof: Proof) -> Self {
        let host = match proof.host() {
            "github" => Forge::github().await,
            "gitlab" => Forge::gitlab().await,
            "gitee" => Forge::gitee().await,
            _ => Forge::gitea().await,
        };
        let repo = json!({
            "type": proof.host(),
            "webhook_secret": proof.secret(),
            "config": proof.config(),
            "review": {"language": "en-US", "publish": ["inline", "summary", "status"]},
        });
        let mut team = Team::at(Backend::Sqlite, host, repo, |_| {}).await;
        team.app.secrets.push(proof.secret());
        Self {
            proof,
            team,
            elsewhere: Receiver::start().await,
        }
    }

    /// The model will.
    fn find_fault(&self) {
        let said = reply("REQUEST_CHANGES", 62, json!([issue(41, "HIGH")]));
        self.team.model.then(OpenAi::says(&said.to_string()));
    }

    /// Announces the merge request, and returns the event's id and that of its push.
    async fn merge_request(&self, change: Change, head: &str) -> (i64, i64) {
        let host = self.proof.host();
        let name = match (host, change) {
            ("gitlab" | "gitee", Change::Opened) => "merge_request.opened",
            ("gitlab" | "gitee", Change::NewCommits) => "merge_request.new_commits",
            (_, Change::Opened) => "pull_request.opened",
            ("github", Change::NewCommits) => "pull_request.synchronize",
            (_, Change::NewCommits) => "pull_request.synchronized",
        };
        let place = match host {
            "gitlab" => "/object_attributes/last_commit/id",
            _ => "/pull_request/head/sha",
        };
        let mut body = self.fixture(name, &[(place, head)]);
        for place in [
            "/number",
            "/iid",
            "/pull_request/number",
            "/object_attributes/iid",
        ] {
            if let Some(number) = body.pointer_mut(place) {
                *number = json!(NUMBER);
            }
        }
        self.deliver(name, &body).await
    }

    async fn push(&self, head: &str) -> (i64, i64) {
        let name = "push.branch";
        let body = self.fixture(name, &[("/before", BEFORE), ("/after", head)]);
        self.deliver(name, &body).await
    }

    /// The body of a fixture, about the commits that it shall have at these places, and from
    /// elsewhere.
    fn fixture(&self, name: &str, commits: &[(&str, &str)]) -> Value {
        let fixture = Payload::fixture(self.proof.host(), name);
        let body: Value = serde_json::from_slice(&fixture.body).expect("JSON");
        let mut text = body.to_string();
        for (place, commit) in commits {
            let known = body.pointer(place).and_then(Value::as_str);
            text = text.replace(known.expect("a commit"), commit);
        }
        for host in [
            "api.github.com",
            "github.com",
            "gitee.com",
            "git.example.com",
        ] {
            text = text.replace(&format!("https://{host}"), &self.elsewhere.url(""));
        }
        serde_json::from_str(&text).expect("JSON")
    }

    async fn deliver(&self, name: &str, body: &Value) -> (i64, i64) {
        let Team { app, repo, .. } = &self.team;
        assert!(body.to_string().contains(&self.elsewhere.url("/")));
        let payload = Payload::fixture(self.proof.host(), name).with("here", body.to_string());
        let request = app.anonymous().request(Method::POST, &repo.path);
        let secret = self.proof.secret();
        let now_ms = app.server.app().clock.now_ms();
        let id = format!("{name}-{now_ms}");
        let request = payload.onto(request, self.proof, Some(&secret), &id, now_ms);
        taken(&app.send(request).await)
    }

    /// Each host has its own way to say where.
    fn assert_at_line_41(&self, inline: &[Inline]) {
        let [comment] = inline else {
            panic!("there are {}: {inline:#?}", inline.len());
        };
        assert_eq!(
            (comment.merge_request, comment.path.as_str()),
            (NUMBER, "src/login.go")
        );
        assert_eq!(comment.commit.as_deref(), Some(HEAD));
        let place = match self.proof.host() {
            "gitee" => (None, Some(2)),
            _ => (Some(41), None),
        };
        assert_eq!((comment.line, comment.position), place);
        // An added line is in no other file.
        assert_eq!(comment.old_line, None);
        assert!(
            comment.body.starts_with("**[SECURITY:HIGH]**"),
            "{}",
            comment.body
        );
    }

    /// What a status is called here for a change with faults, and for one without.
    fn states(&self) -> [Option<String>; 2] {
        let states = match self.proof.host() {
            "gitee" => [None, None],
            "gitlab" => [Some("failed"), Some("success")],
            _ => [Some("failure"), Some("success")],
        };
        states.map(|state| state.map(str::to_owned))
    }

    fn status_of(&self, commit: &str) -> Option<String> {
        let statuses = self.team.host.statuses().into_iter().rev();
        let mut of_commit = statuses.filter(|status| status.commit == commit);
        of_commit.next().map(|status| status.state)
    }

    /// Panics when somebody asked the host that the deliveries named, or asked anything about the
    /// repository that they named.
    async fn stop(self) {
        assert_eq!(self.elsewhere.count(), 0);
        for request in self.team.host.requests() {
            assert!(!request.uri.path().contains("pear-ledger"), "{request:?}");
        }
        self.team.app.assert_nothing_leaked();
        self.team.app.stop().await;
    }
}
