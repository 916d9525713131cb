use super::{FRESH, Fresh};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[tokio::test]
async fn however_many_ask_one_looks() {
    let (fresh, looks) = (Fresh::default(), AtomicUsize::new(0));
    let ask = async || {
        let look = async || {
            tokio::task::yield_now().await;
            looks.fetch_add(1, Relaxed)
        };
        *fresh.get(look).await
    };
    let all = futures_util::future::join_all((0..100).map(|_| ask())).await;
    assert!(all.iter().all(|seen| *seen == 0));
    tokio::time::sleep(FRESH).await;
    assert_eq!(ask().await, 1);
}
