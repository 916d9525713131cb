//! Servers that start at the same moment, and such that are replaced one after the other.

use futures_util::future::join_all;
use push_notify_tests::{Api, Arrived, Backend, Load, Origin, Receiver, Response, Site, until};
use serde_json::json;
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";

fn settings() -> String {
    format!("[auth]\nadmin_password = \"{PASSWORD}\"")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_start_at_once_on_an_empty_database_make_one_of_everything() {
    const NODES: usize = 4;
    let site = Site::new(Backend::Postgres, BINARY, &settings()).await;
    let mut nodes = join_all((0..NODES).map(|_| site.start())).await;
    for node in &nodes {
        let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
        let users = admin.get("/api/v1/users").await.expect(200);
        assert_eq!(users.list().len(), 1, "{}", users.text);
        for path in ["/api/v1/templates?size=100", "/api/v1/prompts?size=100"] {
            let listed = admin.get(path).await.expect(200);
            let names: Vec<String> = listed
                .list()
                .iter()
                .map(|row| format!("{} {} {}", row["name"], row["type"], row["scene"]))
                .collect();
            let mut once = names.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), names.len(), "{names:?}");
            assert!(!names.is_empty());
        }
    }
    for node in &mut nodes {
        assert!(node.terminate().await.success(), "{}", node.output());
        assert!(!node.output().contains("ERROR"), "{}", node.output());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_are_replaced_one_after_the_other_lose_and_repeat_nothing() {
    let receiver =
        Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(30)))
            .await;
    let site = Site::new(Backend::Postgres, BINARY, &settings()).await;
    let mut nodes = vec![site.start().await, site.start().await];
    let (admin, _) = Api::new(nodes[0].address).login("admin", PASSWORD).await;
    let origin = Origin::set_up(&admin, &receiver).await;
    // More than the target takes: there is always something to be handed back.
    let load = Load::start(&origin, 16, Duration::from_millis(5));
    load.at(&[nodes[0].address, nodes[1].address]);
    for index in [0, 1, 0] {
        load.wait_for_more(100).await;
        let mut old = std::mem::replace(&mut nodes[index], site.start().await);
        load.at(&[nodes[0].address, nodes[1].address, old.address]);
        let began = Instant::now();
        assert!(old.terminate().await.success(), "{}", old.output());
        let took = began.elapsed();
        assert!(took < Duration::from_secs(8), "it took {took:?}");
        load.at(&[nodes[0].address, nodes[1].address]);
    }
    let answers = load.answers();
    let accepted = load.stop().await;
    let (admin, _) = Api::new(nodes[0].address).login("admin", PASSWORD).await;
    // No lease had to end for it.
    until("nothing to be pending", async || {
        let pending = admin.get("/api/v1/pushes?status=pending&size=1").await;
        (pending.expect(200).data()["pagination"]["total"] == 0).then_some(())
    })
    .await;
    let arrived = Arrived::at(&receiver);
    println!("{} taken, answers {answers:?}", accepted.len());
    assert_eq!(arrived.missing(&accepted), Vec::<&String>::new());
    assert_eq!(arrived.repeated(), 0);
    for node in &mut nodes {
        assert!(node.terminate().await.success(), "{}", node.output());
    }
}
