//! Who may call what: every row of the route table by everybody.

use push_notify::http::{
    access::{Access, Scope},
    endpoint::Endpoint,
    endpoints,
};
use push_notify_tests::{Answer, Api, Backend, TestApp};
use serde_json::json;

/// Calls it about things that are not there, with an empty body: whoever is let in hears of that.
async fn call(api: &Api, endpoint: &Endpoint) -> Answer {
    let path: Vec<&str> = endpoint
        .path
        .split('/')
        .map(|part| {
            if part.starts_with('{') {
                "999999"
            } else {
                part
            }
        })
        .collect();
    let mut request = api.request(endpoint.method.clone(), &path.join("/"));
    if endpoint.method != reqwest::Method::GET {
        request = request.json(&json!({}));
    }
    api.unrecorded().send(request).await
}

#[track_caller]
fn expect(who: &str, endpoint: &Endpoint, answer: &Answer, refusal: Option<u16>) {
    let called = format!("{who}: {} {}", endpoint.method, endpoint.path);
    match refusal {
        Some(status) => assert_eq!(answer.status, status, "{called}: {}", answer.text),
        None => assert!(
            !matches!(answer.status, 401 | 403),
            "{called} is kept out: {}",
            answer.text
        ),
    }
}

fn rows(app: &TestApp) -> Vec<Endpoint> {
    let rows = endpoints(app.server.app());
    assert!(rows.len() > 40, "the table has {} rows", rows.len());
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_lets_in_whom_the_table_names_and_nobody_else() {
    let app = TestApp::start(Backend::Sqlite).await;
    let nobody = app.anonymous();
    let (_, user) = app.user("lisi", "user").await;
    let (_, admin) = app.user("wangwu", "admin").await;
    for row in rows(&app) {
        if row.access == Access::Public {
            // What such a request is refused for is not who makes it, but registration may be closed.
            let answer = call(&nobody, &row).await;
            // A delivery of nobody proves nothing, wherever it goes to.
            let proves = row.path.starts_with("/api/v1/webhooks");
            let refused = answer.status == 401 && !proves;
            assert!(!refused, "{}: {}", row.path, answer.text);
            continue;
        }
        expect("nobody", &row, &call(&nobody, &row).await, Some(401));
        if row.path.ends_with("/logout") {
            continue;
        }
        let refusal = row.access.admin_only().then_some(403);
        expect("user", &row, &call(&user, &row).await, refusal);
        expect("admin", &row, &call(&admin, &row).await, None);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_each_scope_is_let_in_where_the_table_asks_for_it() {
    let app = TestApp::start(Backend::Sqlite).await;
    let (_, user) = app.user("lisi", "user").await;
    for name in Scope::NAMES {
        let scope = Scope::parse(name).expect("a scope");
        let admins = key(&app, name).await;
        let users = key(&user, name).await;
        for row in rows(&app) {
            let refusal = match row.access {
                Access::Public => continue,
                Access::Anyone => None,
                Access::Login | Access::Account | Access::AdminLogin => Some(403),
                Access::User(..) | Access::Admin(..) | Access::Scraper => {
                    let needed = row.access.scope().expect("it names one");
                    (!scope.covers(needed)).then_some(403)
                }
            };
            let who = format!("an administrator's key for {name}");
            expect(&who, &row, &call(&admins, &row).await, refusal);
            let refusal = match row.access.admin_only() {
                true => Some(403),
                false => refusal,
            };
            let who = format!("a user's key for {name}");
            expect(&who, &row, &call(&users, &row).await, refusal);
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_temporary_password_only_ones_account_is_open() {
    let app = TestApp::start(Backend::Sqlite).await;
    let (id, _) = app.user("lisi", "admin").await;
    let reset = format!("/api/v1/users/{id}/reset-password");
    let reset = app.unrecorded().post(&reset, &json!({})).await.expect(200);
    let temporary = reset.data()["new_password"].as_str().expect("a password");
    let (lisi, _) = app.anonymous().unrecorded().login("lisi", temporary).await;
    let mut open = Vec::new();
    for row in rows(&app) {
        if row.access == Access::Public || row.path.ends_with("/logout") {
            continue;
        }
        let answer = call(&lisi, &row).await;
        if answer.status != 403 {
            open.push(row.path);
        }
    }
    assert_eq!(open, ["/api/v1/auth/me", "/api/v1/auth/password"]);
    lisi.post("/api/v1/auth/logout", &json!({}))
        .await
        .expect(200);
    app.stop().await;
}

async fn key(owner: &Api, scope: &str) -> Api {
    let body = json!({"name": scope, "scopes": [scope]});
    let made = owner.unrecorded().post("/api/v1/api-keys", &body).await;
    let made = made.expect(200);
    owner.with_key(made.data()["key"].as_str().expect("a key"))
}
