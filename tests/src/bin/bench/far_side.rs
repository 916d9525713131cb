//! Where messages go: a receiver that answers at once, or never.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    routing::{get, post},
};
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

pub(crate) const ROLE: &str = "far-side";
/// Below it every path answers at once.
pub(crate) const NOW: &str = "/now";
/// The same, counted apart.
pub(crate) const ASIDE: &str = "/aside";
/// Takes a request and never answers.
pub(crate) const NEVER: &str = "/never";

#[derive(Default)]
struct Seen {
    count: AtomicU64,
    /// The first body, as an example.
    example: OnceLock<Bytes>,
}

pub(crate) async fn serve() -> anyhow::Result<()> {
    let router = Router::new()
        .route("/now/{name}", post(take))
        .route("/aside", post(|_: Bytes| async { "ok" }))
        .route(
            "/never",
            post(|_: Bytes| std::future::pending::<&'static str>()),
        )
        .route(
            "/count",
            get(|State(seen): State<Arc<Seen>>| async move {
                seen.count.load(Ordering::Relaxed).to_string()
            }),
        )
        .route(
            "/example",
            get(|State(seen): State<Arc<Seen>>| async move {
                seen.example.get().cloned().unwrap_or_default()
            }),
        )
        .with_state(Arc::new(Seen::default()));
    crate::child::serve(router).await
}

async fn take(State(seen): State<Arc<Seen>>, body: Bytes) -> &'static str {
    if seen.example.get().is_none() {
        _ = seen.example.set(body);
    }
    seen.count.fetch_add(1, Ordering::Relaxed);
    "ok"
}

/// What [`NOW`] has taken so far.
pub(crate) fn count(address: std::net::SocketAddr) -> anyhow::Result<u64> {
    Ok(crate::fetch::get(address, "/count")?.parse()?)
}

/// The first body that [`NOW`] took.
pub(crate) fn example(address: std::net::SocketAddr) -> anyhow::Result<String> {
    crate::fetch::get(address, "/example")
}
