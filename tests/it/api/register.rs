//! `/api/v1/auth/register`, and the mail that activates.

use push_notify_core::config::Registration;
use push_notify_tests::{Action, Answer, Api, Backend, Security, Smtp, Stage, TestApp, both};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

both!(
    nobody_registers_where_that_is_not_wanted,
    without_a_mail_server_a_new_user_is_active_at_once,
    with_a_mail_server_the_link_in_the_mail_activates,
    a_link_works_once_and_for_two_days,
    a_mail_that_is_not_taken_loses_nobody,
    whatever_opens_the_link_activates_nobody,
    a_registration_that_nobody_confirms_ends,
);

fn body(name: &str) -> Value {
    json!({
        "username": name,
        "email": format!("{name}@example.com"),
        "password": "User-not-real-1",
        "confirm_password": "User-not-real-1",
    })
}

async fn register(api: &Api, name: &str) -> Answer {
    api.post("/api/v1/auth/register", &body(name)).await
}

/// A server where everybody may register and that sends through `smtp`.
async fn open(on: Backend, smtp: Option<&Smtp>) -> TestApp {
    TestApp::on(on)
        .config(|config| {
            config.auth.registration = Registration::Open;
            if let Some(smtp) = smtp {
                config.mail = smtp.as_own_mail();
            }
        })
        .start()
        .await
}

/// The path of the link in the `count`th mail.
async fn link(smtp: &Smtp, count: usize) -> String {
    let mails = smtp.wait_for(count).await;
    let message = mails[count - 1].parse();
    let text = message.body_text(0).expect("text");
    let link = text
        .split_whitespace()
        .find(|word| word.starts_with("https://"))
        .expect("a link");
    link.strip_prefix("https://notify.example.com")
        .expect("at the public address")
        .to_owned()
}

/// What the button of the page behind a link does.
async fn confirm(api: &Api, link: &str) -> Answer {
    api.send(api.request(Method::POST, link)).await
}

async fn log_in(app: &TestApp, name: &str) -> Answer {
    let body = json!({"username": name, "password": "User-not-real-1"});
    app.anonymous()
        .unrecorded()
        .post("/api/v1/auth/login", &body)
        .await
}

async fn nobody_registers_where_that_is_not_wanted(on: Backend) {
    let app = TestApp::start(on).await;
    let refused = register(&app.anonymous(), "lisi")
        .await
        .expect_code(403, 403);
    assert!(refused.text.contains("administrator"), "{}", refused.text);
    app.stop().await;
}

async fn without_a_mail_server_a_new_user_is_active_at_once(on: Backend) {
    let app = open(on, None).await;
    let api = app.anonymous();
    let made = register(&api, "lisi").await.expect_code(200, 200);
    assert!(!made.text.contains("mail"), "{}", made.text);
    let id = made.data()["user_id"].as_i64().expect("an id");
    let user = app.get(&format!("/api/v1/users/{id}")).await.expect(200);
    assert_eq!(user.data()["role"], "user");
    assert_eq!(user.data()["status"], "active");
    log_in(&app, "lisi").await.expect(200);

    register(&api, "LISI").await.expect_code(409, 10001);
    let mut same_address = body("wangwu");
    same_address["email"] = json!("LISI@example.com");
    api.post("/api/v1/auth/register", &same_address)
        .await
        .expect_code(409, 10002);
    let mut weak = body("wangwu");
    weak["password"] = json!("password");
    weak["confirm_password"] = json!("password");
    api.post("/api/v1/auth/register", &weak)
        .await
        .expect_code(422, 10003);
    let mut unlike = body("wangwu");
    unlike["confirm_password"] = json!("User-not-real-2");
    api.post("/api/v1/auth/register", &unlike)
        .await
        .expect_code(422, 422)
        .names("confirm_password");
    // A role is not for the asking.
    let mut greedy = body("zhaoliu");
    greedy["role"] = json!("admin");
    let refused = api.post("/api/v1/auth/register", &greedy).await;
    refused.expect(422).names("role");
    app.stop().await;
}

async fn with_a_mail_server_the_link_in_the_mail_activates(on: Backend) {
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = open(on, Some(&smtp)).await;
    app.secrets.push(smtp.password.clone());
    let made = register(&app.anonymous(), "lisi").await.expect(200);
    assert!(made.text.contains("mail"), "{}", made.text);
    let refused = log_in(&app, "lisi").await.expect_code(403, 403);
    assert!(refused.text.contains("activ"), "{}", refused.text);
    let link = link(&smtp, 1).await;
    let mails = smtp.mails();
    assert_eq!(mails[0].to, ["lisi@example.com"]);
    assert!(mails[0].encrypted && mails[0].logged_in);
    let token = link.split_once("token=").expect("a token").1.to_owned();
    app.secrets.push(token);
    confirm(&app.anonymous(), &link).await.expect_code(200, 200);
    log_in(&app, "lisi").await.expect(200);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_link_works_once_and_for_two_days(on: Backend) {
    let smtp = Smtp::start(Security::None).await;
    let app = open(on, Some(&smtp)).await;
    let api = app.anonymous();
    register(&api, "lisi").await.expect(200);
    let first = link(&smtp, 1).await;
    app.advance(Duration::from_secs(48 * 3600 + 1));
    api.get(&first).await.expect(422).names("token");
    confirm(&api, &first).await.expect(422).names("token");
    let again = async |email: &str| {
        let body = json!({ "email": email });
        let answer = api.post("/api/v1/auth/activation", &body).await.expect(200);
        answer.json["message"].clone()
    };
    let known = again("LISI@example.com").await;
    let second = link(&smtp, 2).await;
    // Who that is is not told, nor is a mail sent twice in a minute.
    assert_eq!(again("nobody@example.com").await, known);
    assert_eq!(again("lisi@example.com").await, known);
    app.advance(Duration::from_secs(61));
    again("lisi@example.com").await;
    let third = link(&smtp, 3).await;
    assert_eq!(smtp.mails().len(), 3);
    confirm(&api, &second).await.expect(200);
    for used in [&second, &third] {
        api.get(used).await.expect(422).names("token");
        confirm(&api, used).await.expect(422).names("token");
    }
    for rubbish in ["", "?token=", "?token=abc", "?token=%F0%9F%98%80"] {
        let path = format!("/api/v1/auth/activate{rubbish}");
        for answer in [api.get(&path).await, confirm(&api, &path).await] {
            assert!(matches!(answer.status, 400 | 422), "{}", answer.text);
            answer.names("token");
        }
    }
    app.stop().await;
}

async fn a_mail_that_is_not_taken_loses_nobody(on: Backend) {
    let smtp = Smtp::start(Security::None).await;
    let app = open(on, Some(&smtp)).await;
    // Taken at the second try.
    smtp.on(Stage::Sender, Action::say("452 4.3.1 Insufficient storage"));
    register(&app.anonymous(), "lisi").await.expect(200);
    link(&smtp, 1).await;
    // Never taken.
    let address = "wangwu@example.com";
    let refusal = Action::say("550 5.1.1 No such mailbox");
    smtp.on(Stage::Recipient(address.to_owned()), refusal);
    register(&app.anonymous(), "wangwu").await.expect(200);
    log_in(&app, "wangwu").await.expect_code(403, 403);
    app.advance(Duration::from_secs(61));
    app.anonymous()
        .post("/api/v1/auth/activation", &json!({"email": address}))
        .await
        .expect(200);
    let link = link(&smtp, 2).await;
    confirm(&app.anonymous(), &link).await.expect(200);
    log_in(&app, "wangwu").await.expect(200);
    app.stop().await;
}

async fn whatever_opens_the_link_activates_nobody(on: Backend) {
    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let smtp = Smtp::start(Security::None).await;
    let app = open(on, Some(&smtp)).await;
    let api = app.anonymous();
    register(&api, "lisi").await.expect(200);
    let link = link(&smtp, 1).await;
    // What looks through mails: asks for the head, for all, as a program and as a browser, again
    // and again.
    for method in [Method::HEAD, Method::GET, Method::GET] {
        for accept in ["*/*", BROWSER] {
            let request = api.bare(method.clone(), &link).header("accept", accept);
            api.send(request).await.expect(200);
        }
    }
    let told = api.get(&link).await.expect(200);
    assert_eq!(told.data()["username"], "lisi");
    log_in(&app, "lisi").await.expect_code(403, 403);

    let browse = |method: Method, path: &str| {
        let request = api.request(method, path).header("accept", BROWSER);
        api.send(request)
    };
    let page = browse(Method::GET, &link).await.expect(200);
    assert!(
        page.header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
    );
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.contains("form-action 'self'") && !policy.contains("script"),
        "{policy}"
    );
    assert!(
        page.text.contains("<form method=\"post\">"),
        "{}",
        page.text
    );
    let chinese = api.bare(Method::GET, &link).header("accept", BROWSER);
    let chinese = api.send(chinese.header("accept-language", "zh-CN")).await;
    assert!(chinese.text.contains("激活账号"), "{}", chinese.text);
    let done = browse(Method::POST, &link).await.expect(200);
    assert!(
        done.text.contains("you can log in now") && !done.text.contains("<form"),
        "{}",
        done.text
    );
    log_in(&app, "lisi").await.expect(200);
    let again = browse(Method::POST, &link).await.expect(422);
    assert!(
        again.text.contains("another activation mail"),
        "{}",
        again.text
    );
    assert!(again.text.starts_with("<!doctype html>"), "{}", again.text);
    app.stop().await;
}

async fn a_registration_that_nobody_confirms_ends(on: Backend) {
    let smtp = Smtp::start(Security::None).await;
    let app = open(on, Some(&smtp)).await;
    let api = app.anonymous();
    let squatted = register(&api, "lisi").await.expect(200);
    link(&smtp, 1).await;
    app.advance(Duration::from_secs(6 * 86_400));
    register(&api, "lisi").await.expect_code(409, 10001);
    let again = json!({"email": "lisi@example.com"});
    api.post("/api/v1/auth/activation", &again)
        .await
        .expect(200);
    let late = link(&smtp, 2).await;
    app.advance(Duration::from_secs(86_401));
    // Name and address are whose they are.
    let made = register(&api, "lisi").await.expect(200);
    assert_ne!(made.data()["user_id"], squatted.data()["user_id"]);
    let third = link(&smtp, 3).await;
    confirm(&api, &late).await.expect(422);
    confirm(&api, &third).await.expect(200);
    log_in(&app, "lisi").await.expect(200);
    // Who has confirmed stays; what nobody confirmed goes by itself too.
    register(&api, "wangwu").await.expect(200);
    app.advance(Duration::from_secs(8 * 86_400));
    let removed = push_notify::retention::prune(app.server.app()).await;
    assert!(removed.expect("it works").over > 0);
    log_in(&app, "lisi").await.expect(200);
    log_in(&app, "wangwu").await.expect_code(401, 10005);
    app.stop().await;
}
