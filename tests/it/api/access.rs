//! Who may call what: every row of the route table by everybody.

use super::ownership::record;
use push_notify::{
    auth::access::{Access, Scope, Verb},
    owner::Thing,
    web::{Endpoint, endpoints},
};
use push_notify_core::config::Visibility;
use push_notify_tests::{Answer, Api, Backend, DingTalk, Robot, TestApp};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};

/// Calls it about things that are not there, with an empty body: whoever is let in hears of that.
async fn call(api: &Api, endpoint: &Endpoint) -> Answer {
    call_about(api, endpoint, &[999_999, 999_999]).await
}

/// Calls it about what has these ids, with an empty body.
async fn call_about(api: &Api, endpoint: &Endpoint, ids: &[i64]) -> Answer {
    let mut ids = ids.iter().map(i64::to_string);
    let path: Vec<String> = endpoint
        .path
        .split('/')
        .map(|part| match part.starts_with('{') {
            true => ids.next().expect("an id for each place"),
            false => part.to_owned(),
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
            // What such a request is refused for is not who makes it, but registration may be
            // closed.
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
                Access::User(..)
                | Access::Viewer(..)
                | Access::Owner(..)
                | Access::Admin(..)
                | Access::Scraper => {
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

/// Somebody's things, each made anew: what is called about one may be its end.
struct Maker<'a> {
    app: &'a TestApp,
    robot: &'a DingTalk,
    by: Api,
    by_id: i64,
    /// The team that they are to belong to; else to whoever makes them.
    team: Option<i64>,
    count: AtomicI64,
}

impl Maker<'_> {
    async fn post(&self, path: &str, mut body: Value) -> i64 {
        if let Some(team) = self.team.filter(|_| path != "teams") {
            body["team_id"] = json!(team);
        }
        let path = format!("/api/v1/{path}");
        let by = self.by.unrecorded();
        by.post(&path, &body).await.expect(200).id()
    }

    /// The ids for the path of such a thing.
    async fn make(&self, thing: Thing) -> Vec<i64> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let name = format!("thing {number} of {}", self.by_id);
        let repo =
            json!({"name": name, "url": "https://github.com/company/backend", "type": "github"});
        match thing {
            Thing::Repo => vec![self.post("repos", repo).await],
            Thing::Target | Thing::Link => {
                let repo = self.post("repos", repo).await;
                let mut target = Robot::at(self.robot).target(&name);
                target["scope"] = json!("repo");
                target["repo_ids"] = json!([repo]);
                let target = self.post("targets", target).await;
                match thing {
                    Thing::Link => vec![target, repo],
                    _ => vec![target],
                }
            }
            Thing::Rule => {
                let body = json!({"name": name, "mode": "mute"});
                vec![self.post("rules", body).await]
            }
            Thing::Template => {
                let body = json!({
                    "name": name, "type": "dingtalk", "scene": "commit_notify", "title": "x", "content": "{{.CommitMsg}}",
                });
                vec![self.post("templates", body).await]
            }
            Thing::Prompt => {
                let body =
                    json!({"name": name, "type": "codeview", "content": "Review {{.DiffContent}}"});
                vec![self.post("prompts", body).await]
            }
            Thing::Event | Thing::Subject | Thing::Push | Thing::Review | Thing::Replay => {
                let link = Box::pin(self.make(Thing::Link)).await;
                let event = 10_000 * self.by_id + number;
                let replay = record(self.app, event, link[1], link[0]).await;
                vec![if thing == Thing::Replay {
                    replay
                } else {
                    event
                }]
            }
            Thing::Team => match self.team {
                Some(team) => vec![team],
                None => vec![self.post("teams", json!({"name": name})).await],
            },
            Thing::Membership => {
                let team = self.post("teams", json!({"name": name})).await;
                let other = json!({"username": "other_member"});
                let path = format!("/api/v1/teams/{team}/members");
                let joined = self.by.post(&path, &other).await.expect(200);
                let other = joined
                    .list()
                    .iter()
                    .find(|member| member["role"] == "member");
                let other = other.and_then(|member| member["user_id"].as_i64());
                vec![team, other.expect("a member")]
            }
        }
    }

    /// As many ids as the path has places.
    async fn ids(&self, row: &Endpoint, thing: Thing) -> Vec<i64> {
        let mut ids = self.make(thing).await;
        let places = row.path.matches('{').count();
        if ids.len() < places {
            ids.push(self.by_id);
        }
        ids
    }
}

/// Rows about what belongs to somebody.
fn owned(app: &TestApp) -> Vec<(Endpoint, Thing, Verb)> {
    let owned = |row: Endpoint| {
        let (thing, to) = row.access.thing()?;
        Some((row, thing, to))
    };
    let rows: Vec<_> = rows(app).into_iter().filter_map(owned).collect();
    for thing in Thing::ALL {
        let named = rows.iter().any(|(_, of, _)| *of == thing);
        assert!(named, "no row is about {thing:?}");
    }
    rows
}

/// Each such row by its owner, by others, by members of the owning team, by administrators, and by
/// the owner's API keys.
async fn owners_are_let_in_and_others_kept_out(visibility: Visibility) {
    let app = TestApp::on(Backend::Sqlite)
        .config(|config| config.auth.visibility = visibility)
        .start()
        .await;
    app.user("other_member", "user").await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let (_, wangwu) = app.user("wangwu", "user").await;
    let (member_id, member) = app.user("zhaoliu", "user").await;
    let (_, admin) = app.user("sunqi", "admin").await;
    let robot = DingTalk::start().await;
    let maker = |by: &Api, by_id, team| Maker {
        app: &app,
        robot: &robot,
        by: by.clone(),
        by_id,
        team,
        count: AtomicI64::default(),
    };
    let lisis = maker(&lisi, lisi_id, None);
    let team = lisis.make(Thing::Team).await[0];
    let join = json!({"user_id": member_id});
    let members = format!("/api/v1/teams/{team}/members");
    lisi.post(&members, &join).await.expect(200);
    let teams = maker(&member, member_id, Some(team));
    let other_key = key(&lisi, "models:read").await;
    for (row, thing, to) in owned(&app) {
        let own = lisis.ids(&row, thing).await;
        let refused = match (visibility, to) {
            (Visibility::All, Verb::Read) => None,
            (Visibility::All, Verb::Write) => Some(403),
            (Visibility::Own, _) => Some(404),
        };
        expect(
            "another user",
            &row,
            &call_about(&wangwu, &row, &own).await,
            refused,
        );
        let needed = row.access.scope().expect("it names one").to_string();
        let by_key = key(&lisi, &needed).await;
        let answer = call_about(&other_key, &row, &own).await;
        expect(
            "the owner's key for something else",
            &row,
            &answer,
            Some(403),
        );
        let others = key(&wangwu, &needed).await;
        expect(
            "another user's key",
            &row,
            &call_about(&others, &row, &own).await,
            refused,
        );
        for (who, api) in [
            ("the owner", &lisi),
            ("the owner's key", &by_key),
            ("an administrator", &admin),
        ] {
            let ids = lisis.ids(&row, thing).await;
            let answer = call_about(api, &row, &ids).await;
            expect(who, &row, &answer, None);
            assert_ne!(answer.status, 404, "{who}: {} {}", row.method, row.path);
        }
        let ids = teams.ids(&row, thing).await;
        let answer = call_about(&member, &row, &ids).await;
        let manages = matches!((thing, to), (Thing::Team, Verb::Write));
        let refused = manages.then_some(403);
        expect("a member of the owning team", &row, &answer, refused);
        if !manages {
            assert_ne!(answer.status, 404, "a member: {} {}", row.method, row.path);
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_sees_and_only_owners_change() {
    owners_are_let_in_and_others_kept_out(Visibility::All).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_belongs_to_others_is_not_there() {
    owners_are_let_in_and_others_kept_out(Visibility::Own).await;
}

/// What changes something that there is already is in nobody's hands but its owner's and the
/// administrators'.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_row_lets_any_user_change_what_there_is() {
    let app = TestApp::start(Backend::Sqlite).await;
    let open: Vec<_> = rows(&app)
        .into_iter()
        .filter(|row| matches!(row.access, Access::User(_, Verb::Write)))
        .map(|row| format!("{} {}", row.method, row.path))
        .collect();
    // What is made belongs to who makes it; a batch is answered push by push.
    assert_eq!(
        open,
        [
            "POST /api/v1/teams",
            "POST /api/v1/repos",
            "POST /api/v1/targets",
            "POST /api/v1/rules",
            "POST /api/v1/templates",
            "POST /api/v1/prompts",
            "POST /api/v1/prompts/import",
            "POST /api/v1/pushes/batch-retry",
        ]
    );
    app.stop().await;
}
