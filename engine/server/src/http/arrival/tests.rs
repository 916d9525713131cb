use super::{Arrival, Uncounted, read};
use crate::http::{ApiError, pace::Pace};
use axum::body::Body;
use bytes::Bytes;
use std::time::Duration;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

fn pace() -> Pace {
    Pace {
        whole: 60 * SECOND,
        grace: 10 * SECOND,
        least: 1000,
    }
}

#[test]
fn each_byte_buys_a_body_time_but_not_for_ever() {
    let began = Instant::now();
    let mut arrival = Arrival::new(pace(), began);
    assert_eq!(arrival.deadline(), began + 10 * SECOND);
    arrival.came(5000);
    assert_eq!(arrival.deadline(), began + 15 * SECOND);
    arrival.waited(3 * SECOND);
    assert_eq!(arrival.deadline(), began + 18 * SECOND);
    arrival.came(usize::MAX);
    assert_eq!(arrival.deadline(), began + 63 * SECOND);
}

async fn of(body: Body, most: usize) -> Result<Bytes, ApiError> {
    read(body, most, pace(), &mut Uncounted).await
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    let chunks = || {
        let chunks = ["ab", "cd", "e"].map(Ok::<_, std::io::Error>);
        Body::from_stream(futures_util::stream::iter(chunks))
    };
    assert_eq!(of(chunks(), 5).await.unwrap(), "abcde");
    assert_eq!(of("abc".into(), 3).await.unwrap(), "abc");
    assert_eq!(of(Body::empty(), 0).await.unwrap(), "");
    assert_eq!(of(chunks(), 4).await.unwrap_err().status, 413);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_malformed() {
    let broken = [Ok("ab"), Err(std::io::Error::other("gone"))];
    let body = Body::from_stream(futures_util::stream::iter(broken));
    assert_eq!(of(body, 9).await.unwrap_err().status, 400);
}
