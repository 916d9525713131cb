use crate::{Api, Delivery, Receiver, until};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinSet, time::sleep};

/// Webhooks, sent as Git hosts send them: each has its own commit, and one that is not taken is
/// sent again, under the same delivery id, to any of the servers.
pub struct Load {
    shared: Arc<Shared>,
    senders: JoinSet<()>,
}

/// The repository that the load is of.
#[derive(Clone)]
pub struct Origin {
    pub path: String,
    pub secret: &'static str,
}

#[derive(Default)]
struct Shared {
    doors: Mutex<Vec<Api>>,
    stop: AtomicBool,
    next: AtomicUsize,
    accepted: Mutex<HashSet<String>>,
    /// How often there was an answer with this status; 0: none.
    answers: Mutex<BTreeMap<u16, usize>>,
    /// Answers that no Git host should get.
    unsound: Mutex<Vec<String>>,
}

/// What a receiver got.
pub struct Arrived(HashMap<String, Vec<String>>);

const ANSWER_TIMEOUT: Duration = Duration::from_secs(12);
const BEFORE_ANOTHER_TRY: Duration = Duration::from_millis(40);

impl Load {
    /// `senders` at a time, each with a pause after each webhook that was taken.
    pub fn start(origin: &Origin, senders: usize, pause: Duration) -> Self {
        let shared = Arc::new(Shared::default());
        let mut tasks = JoinSet::new();
        for _ in 0..senders {
            tasks.spawn(send(shared.clone(), origin.clone(), pause));
        }
        Self {
            shared,
            senders: tasks,
        }
    }

    /// From now on it is sent to these.
    pub fn at(&self, addresses: &[SocketAddr]) {
        let doors = addresses
            .iter()
            .map(|address| Api::new(*address).unrecorded());
        *lock(&self.shared.doors) = doors.collect();
    }

    pub fn accepted(&self) -> usize {
        lock(&self.shared.accepted).len()
    }

    /// Waits until so many more are accepted.
    pub async fn wait_for_more(&self, count: usize) {
        let there = self.accepted() + count;
        until(
            &format!("{count} more webhooks to be taken: {:?}", self.answers()),
            async || (self.accepted() >= there).then_some(()),
        )
        .await;
    }

    /// How often there was an answer with a status; 0: none.
    pub fn answers(&self) -> BTreeMap<u16, usize> {
        lock(&self.shared.answers).clone()
    }

    /// Ends it, and returns the commits that were accepted. Panics when a webhook was answered
    /// otherwise than with 200, or with 503 and a time to come again.
    pub async fn stop(self) -> HashSet<String> {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.senders.join_all().await;
        let unsound = lock(&self.shared.unsound);
        assert!(unsound.is_empty(), "{unsound:#?}");
        lock(&self.shared.accepted).clone()
    }
}

async fn send(shared: Arc<Shared>, origin: Origin, pause: Duration) {
    while !shared.stop.load(Ordering::Relaxed) {
        let index = shared.next.fetch_add(1, Ordering::Relaxed);
        let commit = format!("commit{index:06}");
        let delivery = Delivery::push(&commit);
        while !shared.stop.load(Ordering::Relaxed) {
            if shared.try_once(&origin, delivery.clone()).await {
                lock(&shared.accepted).insert(commit);
                break;
            }
            sleep(BEFORE_ANOTHER_TRY).await;
        }
        sleep(pause).await;
    }
}

impl Shared {
    async fn try_once(&self, origin: &Origin, delivery: Delivery) -> bool {
        let door = {
            let doors = lock(&self.doors);
            match doors.len() {
                0 => return false,
                count => doors[rand::random_range(0..count)].clone(),
            }
        };
        let request = door.request(Method::POST, &origin.path);
        let request = delivery
            .onto(request, origin.secret)
            .timeout(ANSWER_TIMEOUT);
        let answer = door.try_send(request).await.ok();
        let status = answer.as_ref().map_or(0, |answer| answer.status);
        *lock(&self.answers).entry(status).or_default() += 1;
        if let Some(answer) = answer.filter(|answer| answer.status != 200) {
            let comes_again = answer.headers.contains_key("retry-after");
            if answer.status != 503 || !comes_again {
                lock(&self.unsound).push(format!("{}: {}", answer.status, answer.text));
            }
        }
        status == 200
    }
}

impl Origin {
    /// Makes a repository, and a target of the example channel that gets what it sends.
    pub async fn set_up(admin: &Api, receiver: &Receiver) -> Self {
        let secret = "webhook-secret-not-real";
        let repo = json!({
            "name": "backend", "type": "github", "url": "https://github.com/company/backend-service",
            "webhook_secret": secret,
        });
        let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
        let target =
            json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}});
        admin.post("/api/v1/targets", &target).await.expect(200);
        let url = repo.data()["webhook_url"].as_str().expect("a URL");
        let path = url.find("/webhook/").map(|at| &url[at..]);
        Self {
            path: path.expect("a webhook path").to_owned(),
            secret,
        }
    }
}

impl Arrived {
    pub fn at(receiver: &Receiver) -> Self {
        let mut found: HashMap<String, Vec<String>> = HashMap::new();
        for request in receiver.requests() {
            let message: Value = request.json();
            let text = message["text"].as_str().unwrap_or_default();
            let commit = text.match_indices("commit0").find_map(|(at, _)| {
                let whole = text.get(at..at + 12)?;
                whole[6..]
                    .bytes()
                    .all(|byte| byte.is_ascii_digit())
                    .then_some(whole)
            });
            let commit = commit.unwrap_or_else(|| panic!("no commit in {message}"));
            let id = request.header("idempotency-key").expect("an id").to_owned();
            found.entry(commit.to_owned()).or_default().push(id);
        }
        Self(found)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Those of `accepted` that never came.
    pub fn missing<'a>(&self, accepted: &'a HashSet<String>) -> Vec<&'a String> {
        let missing = accepted
            .iter()
            .filter(|commit| !self.0.contains_key(*commit));
        missing.collect()
    }

    /// How many messages came that had come before. Panics when a repetition has another id than
    /// the first.
    pub fn repeated(&self) -> usize {
        for (commit, ids) in &self.0 {
            let ids: HashSet<&String> = ids.iter().collect();
            assert_eq!(
                ids.len(),
                1,
                "{commit} came under more than one id: {ids:?}"
            );
        }
        self.0.values().map(|ids| ids.len() - 1).sum()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics with it")
}
