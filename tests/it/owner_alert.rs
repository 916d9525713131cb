//! The owner of a target that fails is told, once, by another way.

use push_notify::owner_alert;
use push_notify_tests::{
    Action, Api, Backend, DingTalk, Logs, Robot, Security, Smtp, Stage, TestApp, both, until,
};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    an_owner_is_told_by_mail_in_their_language_and_once_for_each_time,
    without_mail_another_target_is_told,
    a_target_that_refuses_its_settings_is_told_of_at_once,
    an_owner_with_quiet_hours_is_told_after_them,
    a_mail_that_is_refused_leaves_the_other_target,
    where_nobody_can_be_told_it_is_said_once,
);

/// A target that fails since now, as the pipeline marks it.
async fn flag(app: &TestApp, target_id: i64) {
    let now = app.server.app().clock.now_us();
    sqlx::query(
        "INSERT INTO target_health (target_id, failures, openings, failing_since, last_error, flagged_at, updated_at)
         VALUES ($1, 5, 1, $2, '503: closed for lunch', $2, $2)
         ON CONFLICT (target_id) DO UPDATE SET flagged_at = excluded.flagged_at, notified_at = NULL",
    )
    .bind(target_id)
    .bind(now)
    .execute(app.server.app().db.write())
    .await
    .expect("it is flagged");
}

async fn look(app: &TestApp) {
    owner_alert::look(app.server.app()).await.expect("a look");
}

/// Returns when it is recorded that somebody was told.
async fn told(app: &TestApp, target_id: i64) {
    until("somebody to be told", async || {
        let told: Option<i64> =
            sqlx::query_scalar("SELECT notified_at FROM target_health WHERE target_id = $1")
                .bind(target_id)
                .fetch_one(app.server.app().db.read())
                .await
                .expect("its health");
        told
    })
    .await;
}

/// A target of `owner`, whose robot nobody hears of.
async fn target(owner: &Api, robot: &DingTalk, fields: Value) -> i64 {
    let mut body = Robot::at(robot).target("team");
    if let (Value::Object(body), Value::Object(fields)) = (&mut body, fields) {
        body.extend(fields);
    }
    owner.post("/api/v1/targets", &body).await.expect(200).id()
}

async fn with_mail(on: Backend, smtp: &Smtp) -> TestApp {
    TestApp::on(on)
        .config(|config| config.mail = smtp.as_own_mail())
        .start()
        .await
}

async fn an_owner_is_told_by_mail_in_their_language_and_once_for_each_time(on: Backend) {
    let (smtp, robot) = (Smtp::start(Security::None).await, DingTalk::start().await);
    let app = with_mail(on, &smtp).await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let english = json!({"preferences": {"language": "en-US", "timezone": "Asia/Shanghai"}});
    lisi.put("/api/v1/settings", &english).await.expect(200);
    let id = target(&app, &robot, json!({"owner_id": lisi_id})).await;
    flag(&app, id).await;
    look(&app).await;
    let mails = smtp.wait_for(1).await;
    assert_eq!(mails[0].to, ["lisi@example.com"]);
    let mail = mails[0].parse();
    assert_eq!(mail.subject(), Some("The target \"team\" fails"));
    let text = mail.body_text(0).expect("text");
    for part in ["503: closed for lunch", &format!("id {id}"), "+08:00"] {
        assert!(text.contains(part), "`{part}` is not in {text}");
    }
    told(&app, id).await;
    for _ in 0..2 {
        look(&app).await;
        app.advance(Duration::from_secs(3600));
    }

    // It works again, and fails again.
    flag(&app, id).await;
    look(&app).await;
    smtp.wait_for(2).await;
    told(&app, id).await;
    assert_eq!(smtp.mails().len(), 2);
    assert_eq!(robot.count(), 0);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn without_mail_another_target_is_told(on: Backend) {
    let (robot, duty_robot) = (DingTalk::start().await, DingTalk::start().await);
    let mut app = TestApp::start(on).await;
    let duty = app.target(Robot::at(&duty_robot).target("duty")).await;
    let id = target(&app.api, &robot, json!({"notice_target_id": duty})).await;
    flag(&app, id).await;
    look(&app).await;
    told(&app, id).await;
    let pushes = app
        .get(&format!("/api/v1/pushes?target_id={duty}"))
        .await
        .expect(200);
    assert_eq!(pushes.list().len(), 1);
    let push_id = pushes.list()[0]["id"].as_i64().expect("an id");
    let push = app.push_in_state(push_id, "delivered").await;
    assert_eq!(push["content"]["title"], "推送目标“team”推送失败");
    assert_eq!(push["commit"]["msg"], push["content"]["title"]);
    let message = &duty_robot.messages()[0]["markdown"];
    assert_eq!(message["title"], push["content"]["title"]);
    let text = message["text"].as_str().expect("a text");
    assert!(text.contains("503: closed for lunch"), "{text}");
    app.get(&format!("/api/v1/events/{}", push["event_id"]))
        .await
        .expect(200);
    look(&app).await;
    assert_eq!((duty_robot.count(), robot.count()), (1, 0));
    app.stop().await;
}

async fn a_target_that_refuses_its_settings_is_told_of_at_once(on: Backend) {
    let (robot, duty_robot) = (DingTalk::start().await, DingTalk::start().await);
    robot.then(DingTalk::errcode(300005, "token is not exist"));
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let duty = app.target(Robot::at(&duty_robot).target("duty")).await;
    let id = target(&app.api, &robot, json!({"notice_target_id": duty})).await;
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    app.push_in_state(ids[1], "misconfigured").await;
    look(&app).await;
    told(&app, id).await;
    until("the notice", async || {
        (duty_robot.count() == 2).then_some(())
    })
    .await;
    let notice = &duty_robot.messages()[1]["markdown"];
    let text = notice["text"].as_str().expect("a text");
    assert!(text.contains("token is not exist"), "{text}");
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn an_owner_with_quiet_hours_is_told_after_them(on: Backend) {
    let (smtp, robot) = (Smtp::start(Security::None).await, DingTalk::start().await);
    let app = with_mail(on, &smtp).await;
    let (_, lisi) = app.user("lisi", "user").await;
    let now = app.server.app().clock.now_us();
    let now = jiff::Timestamp::from_microsecond(now).expect("a time");
    let time = |hours: i64| {
        let at = now + jiff::SignedDuration::from_hours(hours);
        at.strftime("%H:%M").to_string()
    };
    let night = json!({"enabled": true, "start": time(-1), "end": time(2)});
    let settings = json!({"notify": {"quiet_hours": night}, "preferences": {"timezone": "UTC"}});
    lisi.put("/api/v1/settings", &settings).await.expect(200);
    let team = json!({"name": "on call"});
    let team = lisi.post("/api/v1/teams", &team).await.expect(200).id();
    // What belongs to a team its manager is told of.
    let id = target(&app, &robot, json!({"team_id": team})).await;
    flag(&app, id).await;
    look(&app).await;
    app.advance(Duration::from_secs(3600));
    look(&app).await;
    assert_eq!(smtp.heard().len(), 0, "nobody is even called");
    app.advance(Duration::from_secs(3600));
    look(&app).await;
    smtp.wait_for(1).await;
    told(&app, id).await;
    app.stop().await;
}

async fn a_mail_that_is_refused_leaves_the_other_target(on: Backend) {
    let (smtp, robot) = (Smtp::start(Security::None).await, DingTalk::start().await);
    let address = "lisi@example.com".to_owned();
    let refusal = Action::say("550 5.1.1 No such mailbox");
    smtp.on(Stage::Recipient(address), refusal);
    let duty_robot = DingTalk::start().await;
    let mut app = with_mail(on, &smtp).await;
    let duty = app.target(Robot::at(&duty_robot).target("duty")).await;
    let (lisi, _) = app.user("lisi", "user").await;
    let fields = json!({"notice_target_id": duty, "owner_id": lisi});
    let id = target(&app, &robot, fields).await;
    flag(&app, id).await;
    look(&app).await;
    told(&app, id).await;
    until("the other target to be told", async || {
        (duty_robot.count() == 1).then_some(())
    })
    .await;
    assert_eq!(smtp.mails().len(), 0);
    app.stop().await;
}

async fn where_nobody_can_be_told_it_is_said_once(on: Backend) {
    let (robot, duty_robot) = (DingTalk::start().await, DingTalk::start().await);
    let mut app = TestApp::start(on).await;
    let duty = app.target(Robot::at(&duty_robot).target("duty")).await;
    let name = format!("lonely {on:?}");
    let fields = json!({"notice_target_id": duty, "name": name});
    let id = target(&app.api, &robot, fields).await;
    // Each would tell of the other, if it worked.
    let back = json!({"notice_target_id": id});
    app.put(&format!("/api/v1/targets/{duty}"), &back)
        .await
        .expect(200);
    flag(&app, duty).await;
    flag(&app, id).await;
    look(&app).await;
    told(&app, id).await;
    told(&app, duty).await;
    look(&app).await;
    let mut lines = Logs::with("there is nobody to tell");
    // Other tests have targets that fail, too.
    lines.retain(|line| line.contains(&name));
    assert_eq!(lines.len(), 1, "{lines:#?}");
    let pushes = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(pushes.list().len(), 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_nodes_one_tells() {
    let (robot, duty_robot) = (DingTalk::start().await, DingTalk::start().await);
    let mut app = TestApp::start(Backend::Postgres).await;
    let duty = app.target(Robot::at(&duty_robot).target("duty")).await;
    let id = target(&app.api, &robot, json!({"notice_target_id": duty})).await;
    let other = app.beside().start().await;
    flag(&app, id).await;
    let looks = (0..8).map(|index| look(if index % 2 == 0 { &app } else { &other }));
    futures_util::future::join_all(looks).await;
    told(&app, id).await;
    until("the message", async || {
        (duty_robot.count() > 0).then_some(())
    })
    .await;
    let pushes = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(pushes.list().len(), 1);
    other.stop().await;
    app.stop().await;
}
