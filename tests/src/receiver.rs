use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Uri},
};
use futures_util::stream;
use serde_json::Value;
use std::{
    collections::{HashMap, VecDeque},
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// An HTTP server that answers as scripted, then as usual, and remembers what it was asked.
pub struct Receiver {
    pub address: SocketAddr,
    inner: Arc<Inner>,
    serving: JoinHandle<()>,
}

#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// What it answers with, and when.
#[derive(Debug, Clone)]
pub struct Response {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
    delay: Duration,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    /// The connection breaks after the body's first half.
    Broken,
    Never,
}

type Usual = dyn Fn(&Request) -> Response + Send + Sync;
type Scripted = Box<dyn FnOnce(&Request) -> Response + Send>;

struct Inner {
    usual: Box<Usual>,
    script: Mutex<VecDeque<Scripted>>,
    requests: Mutex<Vec<Request>>,
    /// How many requests there were.
    count: watch::Sender<usize>,
}

impl Receiver {
    /// Answers 200 with `{}` once the script is over.
    pub async fn start() -> Self {
        Self::answering(|_| Response::json(200, &serde_json::json!({}))).await
    }

    pub async fn answering(usual: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let inner = Arc::new(Inner {
            usual: Box::new(usual),
            script: Mutex::default(),
            requests: Mutex::default(),
            count: watch::Sender::new(0),
        });
        let router = Router::new().fallback(answer).with_state(inner.clone());
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.ok();
        });
        Self {
            address,
            inner,
            serving,
        }
    }

    /// The next request that is not answered otherwise gets this.
    pub fn then(&self, response: Response) -> &Self {
        self.then_with(|_| response)
    }

    /// As [`Receiver::then`], for an answer that depends on the request.
    pub fn then_with(&self, answer: impl FnOnce(&Request) -> Response + Send + 'static) -> &Self {
        lock(&self.inner.script).push_back(Box::new(answer));
        self
    }

    /// What is left of the script is not answered any more.
    pub fn forget(&self) {
        lock(&self.inner.script).clear();
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        lock(&self.inner.requests).clone()
    }

    pub fn count(&self) -> usize {
        *self.inner.count.borrow()
    }

    /// Waits for the `count`th request.
    pub async fn wait_for(&self, count: usize) {
        let mut seen = self.inner.count.subscribe();
        let waiting = seen.wait_for(|seen| *seen >= count);
        let waited = tokio::time::timeout(crate::WAIT_TIMEOUT, waiting).await;
        assert!(
            waited.is_ok(),
            "waited in vain for request {count}; there were {}",
            self.count()
        );
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Request {
    pub fn query(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Response {
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            delay: Duration::ZERO,
            end: End::Whole,
        }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, body.to_string()).header("content-type", "application/json")
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// No answer, ever.
    pub fn never() -> Self {
        Self {
            end: End::Never,
            ..Self::new(200, "")
        }
    }

    /// The connection breaks in the middle of the body.
    pub fn broken() -> Self {
        Self {
            end: End::Broken,
            ..Self::new(200, "half of it")
        }
    }
}

async fn answer(
    State(inner): State<Arc<Inner>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> axum::response::Response {
    let request = Request {
        method,
        uri,
        headers,
        body,
    };
    let scripted = lock(&inner.script).pop_front();
    let response = match scripted {
        Some(scripted) => scripted(&request),
        None => (inner.usual)(&request),
    };
    lock(&inner.requests).push(request);
    inner.count.send_modify(|count| *count += 1);
    tokio::time::sleep(response.delay).await;
    let body = match response.end {
        End::Whole => Body::from(response.body),
        End::Broken => Body::from_stream(stream::iter([
            Ok(response.body),
            Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        ])),
        End::Never => std::future::pending().await,
    };
    let mut built = axum::response::Response::builder().status(response.status);
    for (name, value) in response.headers {
        built = built.header(name, value);
    }
    built.body(body).expect("a sound response")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
