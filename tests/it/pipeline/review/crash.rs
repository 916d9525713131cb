//! Servers that end while reviews are under way: every review is made all the same, and none is
//! asked about, told of or shown more often than an end in the middle explains.

use super::team::{HEAD, add_model, issue, merge_request, reply, taken};
use push_notify_tests::{
    Api, Backend, Node, OpenAi, Receiver, Request, Response, Site, both,
    forge::{Fault, File, Forge},
    until,
};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection as _};
use std::{
    collections::HashSet,
    ops::Range,
    time::{Duration, Instant},
};

both!(
    reviews_under_way_at_a_kill_are_made_after_it,
    a_server_that_stops_hands_its_reviews_back_at_once,
    a_server_that_stops_shows_to_the_end_what_it_began_to_show,
);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";
const SECRET: &str = "webhook-secret-not-real";
/// All of them can be under way at the same time.
const REVIEWS: usize = 20;
const PER_TARGET: usize = 4;
const KILLS: usize = 2;

async fn reviews_under_way_at_a_kill_are_made_after_it(on: Backend) {
    let world = World::new(on, &settings(90)).await;
    let (mut node, admin) = world.start().await;
    let path = world.set_up(&admin, &["summary"]).await;
    let half = REVIEWS / 2;
    world.answer(half);
    world.never_answer(half);
    let ids = world.deliver(&admin, &path, 0..REVIEWS).await;
    world.model.wait_for(REVIEWS).await;
    // Among the others, some are just being stored, told of and shown.
    tokio::time::sleep(Duration::from_millis(rand::random_range(0..200))).await;
    node.kill().await;
    world.model.forget();

    // And once more: at least those that had no answer are asked about again.
    let asked = world.model.count();
    world.answer(half / 2);
    world.never_answer(REVIEWS);
    let (mut node, _) = world.start().await;
    world.model.wait_for(asked + half).await;
    node.kill().await;
    world.model.forget();

    world.answer(REVIEWS);
    let (mut node, admin) = world.start().await;
    world.all_shown(&admin, &ids).await;
    world.all_told(&admin, &ids).await;
    for number in 0..REVIEWS {
        let asked = world.questions_about(number);
        assert!(
            (1..=1 + KILLS).contains(&asked),
            "asked {asked} times about {number}"
        );
        let shown = world.host.comments_on(number as u64).len();
        assert!(
            (1..=1 + KILLS).contains(&shown),
            "{number} has {shown} summaries"
        );
    }
    let sent = world.receiver.count();
    println!(
        "{} questions, {sent} messages, {} summaries for {REVIEWS} reviews",
        world.model.count(),
        world.host.comments().len()
    );
    assert!(
        sent <= REVIEWS + KILLS * PER_TARGET,
        "{sent} messages, but only {PER_TARGET} can have been on their way at each kill"
    );
    node.kill().await;
}

async fn a_server_that_stops_hands_its_reviews_back_at_once(on: Backend) {
    const SOME: usize = 5;
    let world = World::new(on, &settings(90)).await;
    let (mut node, admin) = world.start().await;
    let path = world.set_up(&admin, &["summary"]).await;
    world.never_answer(SOME);
    let ids = world.deliver(&admin, &path, 0..SOME).await;
    world.model.wait_for(SOME).await;
    let began = Instant::now();
    assert!(node.terminate().await.success(), "{}", node.output());
    let took = began.elapsed();
    assert!(
        took < Duration::from_secs(10),
        "it waited for models: {took:?}"
    );
    // As if nobody had ever begun.
    let waiting = world
        .count("step = 'review' AND lease IS NULL AND attempts = 0")
        .await;
    assert_eq!(waiting, SOME as i64);

    world.answer(SOME);
    let (mut node, admin) = world.start().await;
    world.all_shown(&admin, &ids).await;
    world.all_told(&admin, &ids).await;
    assert_eq!(world.model.count(), 2 * SOME);
    assert_eq!(world.receiver.count(), SOME);
    assert_eq!(world.host.comments().len(), SOME);
    node.kill().await;
}

async fn a_server_that_stops_shows_to_the_end_what_it_began_to_show(on: Backend) {
    let world = World::new(on, &settings(90)).await;
    let (mut node, admin) = world.start().await;
    let path = world.set_up(&admin, &["summary", "status"]).await;
    let slow = Response::json(201, &json!({"id": 1})).after(Duration::from_secs(2));
    world.host.fault(Fault::new("POST", "/statuses/", slow));
    world.answer(1);
    let ids = world.deliver(&admin, &path, 0..1).await;
    // The summary is there by then.
    until("the status to be on its way", async || {
        let requests = world.host.requests();
        let about = |request: &Request| request.uri.path().contains("/statuses/");
        requests.iter().any(about).then_some(())
    })
    .await;
    assert!(node.terminate().await.success(), "{}", node.output());
    let (mut node, admin) = world.start().await;
    world.all_shown(&admin, &ids).await;
    let summaries = world.host.comments();
    assert_eq!(summaries.len(), 1, "{summaries:#?}");
    assert_eq!(summaries[0].edits, 0);
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_takes_over_what_a_killed_one_held_and_nothing_before() {
    const SOME: usize = 6;
    const LEASE_SECONDS: u64 = 5;
    let world = World::new(Backend::Postgres, &settings(LEASE_SECONDS)).await;
    // A lease is longer than any call of a plugin may be.
    let config = std::fs::read_to_string(&world.site.config).expect("the settings");
    let config = config.replace("[plugins]", "[plugins]\ntimeout_ms = 4000");
    std::fs::write(&world.site.config, config).expect("it is written");

    let (mut first, admin) = world.start().await;
    let path = world.set_up(&admin, &["summary"]).await;
    world.never_answer(SOME);
    let ids = world.deliver(&admin, &path, 0..SOME).await;
    world.model.wait_for(SOME).await;
    let (mut second, admin) = world.start().await;
    // All leases would have ended by the time of this answer, its own too.
    let answer = world.sound_answer();
    let slow = Duration::from_secs(LEASE_SECONDS + 2);
    world.model.then(answer.after(slow));
    let own = world.deliver(&admin, &path, SOME..SOME + 1).await;
    world.all_shown(&admin, &own).await;
    assert_eq!(world.model.count(), SOME + 1, "who lives keeps its reviews");

    world.answer(SOME);
    first.kill().await;
    world.all_shown(&admin, &ids).await;
    world.all_told(&admin, &[ids, own].concat()).await;
    assert_eq!(world.model.count(), 2 * SOME + 1);
    assert_eq!(world.receiver.count(), SOME + 1);
    assert_eq!(world.host.comments().len(), SOME + 1);
    second.kill().await;
}

fn settings(lease_seconds: u64) -> String {
    format!(
        r#"
        [auth]
        admin_password = "{PASSWORD}"
        [delivery]
        per_target = {PER_TARGET}
        lease_seconds = {lease_seconds}
        [review]
        concurrency = {REVIEWS}
        per_repo = {REVIEWS}
        repo_daily_tokens = 0
        "#
    )
}

/// What a server works with, and what does not end with it.
struct World {
    host: Forge,
    model: OpenAi,
    receiver: Receiver,
    site: Site,
}

impl World {
    async fn new(on: Backend, settings: &str) -> Self {
        let host = Forge::github().await;
        for number in 0..=REVIEWS {
            let file = File::added(&file_of(number), "let token = 1;\n");
            host.merge_request(number as u64, &head_of(number), vec![file]);
        }
        Self {
            host,
            model: OpenAi::start().await,
            receiver: Receiver::start().await,
            site: Site::new(on, BINARY, settings).await,
        }
    }

    async fn start(&self) -> (Node, Api) {
        let node = self.site.start().await;
        let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
        (node, admin)
    }

    /// A repository whose reviews are shown like that, and a target that hears of them. Returns the
    /// path of the webhook.
    async fn set_up(&self, admin: &Api, shown: &[&str]) -> String {
        let model_id = add_model(admin, &self.model, "reviewer").await;
        let repo = json!({
            "name": "backend", "type": "github", "url": self.host.repository_url(), "webhook_secret": SECRET,
            "access_token": self.host.token, "model_id": model_id,
            "review": {"language": "en-US", "publish": shown},
        });
        let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
        let target =
            json!({"name": "all", "type": "hook", "config": {"url": self.receiver.url("/hook")}});
        admin.post("/api/v1/targets", &target).await.expect(200);
        let url = repo.data()["webhook_url"].as_str().expect("a URL");
        let path = url.find("/webhook/").map(|at| &url[at..]);
        path.expect("a webhook path").to_owned()
    }

    /// Announces merge requests with these numbers, and returns the ids of their events, which are
    /// those of their reviews.
    async fn deliver(&self, admin: &Api, path: &str, numbers: Range<usize>) -> Vec<i64> {
        let mut ids = Vec::new();
        for number in numbers {
            let delivery = merge_request(number as u64, &head_of(number), "opened");
            let request = admin.anonymous().request(Method::POST, path);
            let answer = admin.send(delivery.onto(request, SECRET)).await;
            ids.push(taken(&answer).0);
        }
        ids
    }

    /// So many questions get an answer, at any time within the next moments.
    fn answer(&self, count: usize) {
        for _ in 0..count {
            let delay = Duration::from_millis(rand::random_range(0..300));
            self.model.then(self.sound_answer().after(delay));
        }
    }

    fn never_answer(&self, count: usize) {
        for _ in 0..count {
            self.model.then(Response::never());
        }
    }

    fn sound_answer(&self) -> Response {
        let said = reply("REQUEST_CHANGES", 62, json!([issue(1, "HIGH")]));
        OpenAi::says(&said.to_string())
    }

    /// How often a model was asked about the merge request with this number.
    fn questions_about(&self, number: usize) -> usize {
        let file = file_of(number);
        let about = |request: &&Request| request.json().to_string().contains(&file);
        self.model.requests().iter().filter(about).count()
    }

    /// Waits until all reviews are completed and shown.
    async fn all_shown(&self, admin: &Api, ids: &[i64]) {
        for id in ids {
            until(&format!("review {id} to be shown"), async || {
                let review = review(admin, *id).await;
                let state = review["status"].as_str();
                let there = state == Some("completed");
                let may_come = there || matches!(state, Some("pending" | "processing"));
                assert!(may_come, "{review:#}");
                (there && review["publication"] == "published").then_some(())
            })
            .await;
        }
    }

    /// Waits until each review has been told of, and panics when one was told of in two messages.
    async fn all_told(&self, admin: &Api, ids: &[i64]) {
        for id in ids {
            let review = review(admin, *id).await;
            let [push_id] = &review["pushes"].as_array().expect("pushes")[..] else {
                panic!("not one push: {review:#}");
            };
            until(&format!("push {push_id} to be delivered"), async || {
                let path = format!("/api/v1/pushes/{push_id}");
                let push = admin.get(&path).await.expect(200);
                (push.data()["state"] == "delivered").then_some(())
            })
            .await;
        }
        let mut messages = HashSet::new();
        for request in self.receiver.requests() {
            let id = request.header("idempotency-key").expect("an id").to_owned();
            messages.insert(id);
            let text = request.json()["text"].to_string();
            assert!(text.contains("Changes requested"), "{text}");
        }
        assert_eq!(messages.len(), ids.len());
    }

    /// How many reviews are such, as the database has them.
    async fn count(&self, condition: &str) -> i64 {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(self.site.database_url())
            .await
            .expect("the database");
        let sql = format!("SELECT COUNT(*) FROM reviews WHERE {condition}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&mut connection)
            .await
            .expect("a number")
    }
}

async fn review(admin: &Api, id: i64) -> Value {
    let review = admin.get(&format!("/api/v1/reviews/{id}")).await;
    review.expect(200).data().clone()
}

fn file_of(number: usize) -> String {
    format!("src/module_{number:03}.rs")
}

fn head_of(number: usize) -> String {
    format!("{}{number:04}", &HEAD[..36])
}
