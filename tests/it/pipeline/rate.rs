//! A channel's own rate limit is waited for, never run into.

use push_notify_tests::{Backend, DingTalk, Robot, TestApp, both, until};
use std::time::Duration;

both!(twenty_pushes_to_one_robot_are_eighteen_now_and_two_later);

async fn twenty_pushes_to_one_robot_are_eighteen_now_and_two_later(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    for index in 0..20 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    let counted = async |status: &str| {
        let pushes = app
            .get(&format!("/api/v1/pushes?status={status}&size=100"))
            .await
            .expect(200);
        pushes.data()["pagination"]["total"]
            .as_i64()
            .expect("a total")
    };
    until("18 pushes to be delivered", async || {
        (counted("success").await == 18).then_some(())
    })
    .await;
    assert_eq!(counted("pending").await, 2);
    assert_eq!(robot.count(), 18);
    let waiting = app.get("/api/v1/pushes?status=pending").await.expect(200);
    for push in waiting.list() {
        let push = app.push_detail(push["id"].as_i64().expect("an id")).await;
        assert_eq!(
            push["attempts"].as_array().map(Vec::len),
            Some(0),
            "waiting is no attempt: {push:#}"
        );
    }
    app.advance(Duration::from_secs(61));
    until("the rest", async || {
        (counted("success").await == 20).then_some(())
    })
    .await;
    assert_eq!(counted("failed").await, 0);
    assert_eq!(robot.count(), 20);
    app.stop().await;
}
