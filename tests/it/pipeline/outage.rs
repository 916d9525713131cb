//! The database goes away under load, or its disk fills up: what is accepted is stored, what is
//! refused is told to come again, and all goes on by itself when the cause is gone.

use push_notify::pipeline::OPEN_SENDS;
use push_notify_tests::{
    Api, Arrived, Load, Node, Origin, PostgresServer, Receiver, Response, Site, SmallDisk, until,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::time::sleep;

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";
const PER_TARGET: usize = 8;

fn settings() -> String {
    format!("[auth]\nadmin_password = \"{PASSWORD}\"\n[delivery]\nper_target = {PER_TARGET}\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_postgresql_stops_under_load() {
    let receiver = slow_receiver().await;
    let mut postgres = PostgresServer::start().await;
    let site = Site::on(&postgres.url(), BINARY, &settings()).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let origin = Origin::set_up(&admin, &receiver).await;
    let load = Load::start(&origin, 16, Duration::from_millis(10));
    load.at(&[node.address]);
    // Short: those who wait hardly notice. Long: they are told to come again, and the server has to
    // get a number anew.
    for away in [1, 14] {
        load.wait_for_more(100).await;
        postgres.stop_at_once().await;
        sleep(Duration::from_secs(away)).await;
        if away > 10 {
            let health = Api::new(node.address).get("/api/v1/system/health").await;
            assert_eq!(health.status, 503, "{}", health.text);
        }
        postgres.start_again().await;
        let began = Instant::now();
        load.wait_for_more(20).await;
        let took = began.elapsed();
        println!(
            "away for {away} s, back after {took:?}: {:?}",
            load.answers()
        );
        assert!(took < Duration::from_secs(8), "it took {took:?}");
    }
    let answers = load.answers();
    assert!(answers.contains_key(&503), "{answers:?}");
    let accepted = load.stop().await;
    nothing_pending(&node).await;
    let arrived = Arrived::at(&receiver);
    println!("{} taken, {} repeated", accepted.len(), arrived.repeated());
    assert_eq!(arrived.missing(&accepted), Vec::<&String>::new());
    // A send that was under way when its server had to give its number up.
    assert!(arrived.repeated() <= OPEN_SENDS * PER_TARGET);
    is_healthy(&node).await;
    quiet(&node, 150);
    assert!(node.terminate().await.success(), "{}", node.output());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_to_postgresql_that_fell_silent_is_given_up() {
    let postgres = PostgresServer::start().await;
    let site = Site::on(&postgres.url(), BINARY, &settings()).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let receiver = slow_receiver().await;
    let origin = Origin::set_up(&admin, &receiver).await;
    // Between two webhooks nothing is under way.
    let pause = Duration::from_millis(500);
    let load = Load::start(&origin, 1, pause);
    load.at(&[node.address]);
    load.wait_for_more(3).await;
    sleep(pause / 2).await;
    let silenced = postgres.silence_committers().await;
    let began = Instant::now();
    load.wait_for_more(3).await;
    let took = began.elapsed();
    assert!(took < Duration::from_secs(10), "it took {took:?}");
    let answers = load.answers();
    assert!(answers.keys().eq([&200]), "{answers:?}");
    let accepted = load.stop().await;
    drop(silenced);
    nothing_pending(&node).await;
    let arrived = Arrived::at(&receiver);
    assert_eq!(arrived.missing(&accepted), Vec::<&String>::new());
    assert_eq!(arrived.repeated(), 0);
    assert!(node.terminate().await.success(), "{}", node.output());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_loses_nothing() {
    let receiver = slow_receiver().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mount = folder.path().join("disk");
    let Some(disk) = SmallDisk::mount(&mount, 48) else {
        println!("skipped: a small disk can be mounted by root only");
        return;
    };
    let database = format!("sqlite://{}", mount.join("push-notify.db").display());
    let site = Site::on(&database, BINARY, &settings()).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let origin = Origin::set_up(&admin, &receiver).await;
    let load = Load::start(&origin, 16, Duration::from_millis(5));
    load.at(&[node.address]);
    load.wait_for_more(100).await;
    disk.fill();
    let refused = until("deliveries to be refused", async || {
        load.answers()
            .get(&503)
            .copied()
            .filter(|count| *count > 50)
    })
    .await;
    let health = Api::new(node.address).get("/api/v1/system/health").await;
    assert_eq!(health.status, 503, "{}", health.text);
    let trouble = health.data()["trouble"].as_str().unwrap_or_default();
    assert!(trouble.contains("disk"), "{}", health.text);
    // The admin API says the same, and is no error of ours.
    let body = json!({"name": "more", "type": "hook", "config": {"url": receiver.url("/more")}});
    let made = admin.post("/api/v1/targets", &body).await;
    assert!(matches!(made.status, 200 | 503), "{}", made.text);
    sleep(Duration::from_secs(2)).await;
    disk.make_room();
    let began = Instant::now();
    load.wait_for_more(100).await;
    let took = began.elapsed();
    println!(
        "{refused} refused, back after {took:?}: {:?}",
        load.answers()
    );
    let accepted = load.stop().await;
    nothing_pending(&node).await;
    is_healthy(&node).await;
    let arrived = Arrived::at(&receiver);
    assert_eq!(arrived.missing(&accepted), Vec::<&String>::new());
    assert_eq!(arrived.repeated(), 0);
    quiet(&node, 60);
    assert!(node.terminate().await.success(), "{}", node.output());
}

async fn slow_receiver() -> Receiver {
    Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(5))).await
}

async fn nothing_pending(node: &Node) {
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    until("nothing to be pending", async || {
        let pending = admin.get("/api/v1/pushes?status=pending&size=1").await;
        (pending.expect(200).data()["pagination"]["total"] == 0).then_some(())
    })
    .await;
    let failed = admin.get("/api/v1/pushes?status=failed&size=1").await;
    assert_eq!(failed.data()["pagination"]["total"], 0, "{}", failed.text);
}

async fn is_healthy(node: &Node) {
    until("health to be green", async || {
        let health = Api::new(node.address).get("/api/v1/system/health").await;
        let green = health.status == 200 && health.data()["trouble"] == Value::Null;
        green.then_some(())
    })
    .await;
}

/// However many requests meet a trouble, the log does not tell of each.
#[track_caller]
fn quiet(node: &Node, most: usize) {
    let output = node.output();
    assert!(!output.contains("panicked"), "{output}");
    let complaints = output
        .lines()
        .filter(|line| line.contains("ERROR") || line.contains("WARN"))
        .count();
    assert!(complaints <= most, "{complaints} complaints:\n{output}");
}
