//! Whose things are whose: what users see, what they may change, and how things change hands.

use push_notify::config::{Registration, Visibility};
use push_notify_tests::{Answer, Api, Backend, DingTalk, Robot, TestApp, both};
use serde_json::{Value, json};

both!(
    whoever_sees_their_own_only_sees_their_own_everywhere,
    whoever_sees_all_still_changes_their_own_only,
    a_thing_changes_hands_by_whoever_may_give_it_to_whoever_wants_it,
    a_team_is_made_renamed_joined_left_and_deleted,
    what_a_deleted_user_had_is_the_administrators_or_somebody_elses,
    global_targets_and_default_templates_are_the_administrators,
    links_need_both_ends_to_be_made_and_one_to_be_ended,
    a_batch_answers_for_each_push_whether_it_is_ones_own,
    who_registered_changes_nothing_before_somebody_confirms_them,
    what_others_wrote_is_nobody_elses_template,
);

async fn seeing(on: Backend, visibility: Visibility) -> TestApp {
    TestApp::on(on)
        .config(|config| config.auth.visibility = visibility)
        .start()
        .await
}

/// A repository, target, template and prompt of `by`, with an event, a dead letter, a review and a replay.
struct Things {
    repo: i64,
    target: i64,
    template: i64,
    prompt: i64,
    event: i64,
    replay: i64,
}

fn repo_body(name: &str) -> Value {
    json!({"name": name, "url": format!("https://github.com/company/{name}"), "type": "github"})
}

async fn make(by: &Api, path: &str, body: Value) -> i64 {
    let path = format!("/api/v1/{path}");
    by.unrecorded().post(&path, &body).await.expect(200).id()
}

impl Things {
    async fn of(app: &TestApp, by: &Api, robot: &DingTalk, name: &str, number: i64) -> Self {
        let repo = make(by, "repos", repo_body(name)).await;
        let mut target = Robot::at(robot).target(name);
        target["scope"] = json!("repo");
        target["repo_ids"] = json!([repo]);
        let template = json!({
            "name": name, "type": "dingtalk", "scene": "commit_notify", "title": "x", "content": "{{.CommitMsg}}",
        });
        let prompt =
            json!({"name": name, "type": "codeview", "content": "Review {{.DiffContent}}"});
        let mut things = Self {
            repo,
            target: make(by, "targets", target).await,
            template: make(by, "templates", template).await,
            prompt: make(by, "prompts", prompt).await,
            event: 1000 + number,
            replay: 0,
        };
        things.replay = record(app, things.event, repo, things.target).await;
        things
    }

    fn paths(&self) -> Vec<String> {
        vec![
            format!("repos/{}", self.repo),
            format!("repos/{}/targets", self.repo),
            format!("targets/{}", self.target),
            format!("templates/{}", self.template),
            format!("templates/{}/versions", self.template),
            format!("prompts/{}", self.prompt),
            format!("prompts/{}/export", self.prompt),
            format!("events/{}", self.event),
            format!("pushes/{}", self.event),
            format!("reviews/{}", self.event),
            format!("replays/{}", self.replay),
        ]
    }
}

/// An event with a dead letter, a review, both under its id, a call of a model and a replay, whose id is returned.
pub async fn record(app: &TestApp, event: i64, repo: i64, target: i64) -> i64 {
    let now = app.server.app().clock.now_us();
    let pool = app.server.app().db.write();
    for sql in [
        "INSERT INTO events (id, repo_id, uid, state, delivery_key, headers, body, received_at)
         VALUES ($1, $2, 'made up', 'accepted', 'made up', '', '', $4)",
        "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, reason, attempts, run_at,
            created_at)
         VALUES ($1, $1, $2, $3, 'commit_notify', '', 'made up', 'failed', 'no answer', 3, $4, $4)",
        "INSERT INTO reviews (id, repo_id, kind, head_sha, triggered_by, state, attempts, run_at, due_by, created_at)
         VALUES ($1, $2, 'push', 'abc', 'webhook', 'completed', 1, $4, $4, $4)",
        "INSERT INTO ai_calls (model_id, repo_id, event_id, purpose, input_summary, status, duration_ms, input_tokens,
            output_tokens, created_at)
         VALUES (1, $2, $1, 'review', '', 'success', 5, 10, 20, $4)",
    ] {
        // Each statement names all values, so that one way of binding serves all.
        let sql = format!("{sql} RETURNING CAST($3 AS BIGINT)");
        sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql))
            .bind(event)
            .bind(repo)
            .bind(target)
            .bind(now)
            .fetch_one(pool)
            .await
            .expect("a row");
    }
    sqlx::query_scalar(
        "INSERT INTO replays (kind, state, selection, event_id, matched, replayed, skipped, mark_at, mark_id, run_at, username,
            created_at)
         VALUES ('event', 'completed', '{}', $1, 1, 1, 0, 0, 0, $2, 'admin', $2) RETURNING id",
    )
    .bind(event)
    .bind(now)
    .fetch_one(pool)
    .await
    .expect("a replay")
}

/// Of a list, the ids.
fn ids(answer: &Answer) -> Vec<i64> {
    let ids = answer.list().iter().map(|entry| entry["id"].as_i64());
    ids.map(Option::unwrap_or_default).collect()
}

async fn whoever_sees_their_own_only_sees_their_own_everywhere(on: Backend) {
    let app = seeing(on, Visibility::Own).await;
    let robot = DingTalk::start().await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let (_, wangwu) = app.user("wangwu", "user").await;
    let lisis = Things::of(&app, &lisi, &robot, "lisis", 1).await;
    let wangwus = Things::of(&app, &wangwu, &robot, "wangwus", 2).await;
    for (who, own, others) in [(&lisi, &lisis, &wangwus), (&wangwu, &wangwus, &lisis)] {
        for path in own.paths() {
            who.get(&format!("/api/v1/{path}")).await.expect(200);
        }
        for path in others.paths() {
            who.get(&format!("/api/v1/{path}")).await.expect(404);
        }
        for (path, id) in [
            ("repos", own.repo),
            ("targets", own.target),
            ("events", own.event),
            ("pushes", own.event),
            ("pushes?status=failed&sort=id", own.event),
            ("pushes?keyword=made", own.event),
            ("dead-letters", own.event),
            ("reviews", own.event),
            ("replays", own.replay),
        ] {
            let found = who.get(&format!("/api/v1/{path}")).await.expect(200);
            assert_eq!(ids(&found), [id], "{path}");
            assert_eq!(found.data()["pagination"]["total"], 1, "{path}");
        }
        for (noun, id, other) in [
            ("templates", own.template, others.template),
            ("prompts", own.prompt, others.prompt),
        ] {
            let found = who
                .get(&format!("/api/v1/{noun}?size=100"))
                .await
                .expect(200);
            let found = ids(&found);
            assert!(found.contains(&id) && !found.contains(&other), "{noun}");
        }
        for path in [
            format!("pushes?repo_id={}", others.repo),
            format!("pushes?target_id={}", others.target),
            format!("pushes?event_id={}", others.event),
            format!("dead-letters?repo_id={}", others.repo),
            format!("events?repo_id={}", others.repo),
            format!("reviews?repo_id={}", others.repo),
            format!("replays?event_id={}", others.event),
        ] {
            let found = who.get(&format!("/api/v1/{path}")).await.expect(200);
            assert_eq!(ids(&found), Vec::<i64>::new(), "{path}");
        }
        let summary = who.get("/api/v1/dead-letters/summary").await.expect(200);
        assert_eq!(summary.data()["total"], 1);
        let stats = who.get("/api/v1/stats/overview").await.expect(200);
        let stats = stats.data();
        assert_eq!(stats["repos"]["total"], 1);
        assert_eq!(stats["targets"]["total"], 1);
        assert_eq!(stats["pushes"]["total"], 1);
        assert_eq!(stats["today"]["failed"], 1);
        assert_eq!(stats["ai_calls"]["total"], 1);
        assert_eq!(stats["reviews"]["total"], 1, "{stats}");
        let usage = who.get("/api/v1/stats/usage").await.expect(200);
        let days = usage.list();
        assert_eq!(
            days.iter()
                .map(|day| day["pushes"]["total"].as_i64().unwrap_or(0))
                .sum::<i64>(),
            1
        );
        assert_eq!(
            days.iter()
                .map(|day| day["tokens_used"].as_i64().unwrap_or(0))
                .sum::<i64>(),
            30
        );
        let by_day = who.get("/api/v1/pushes/stats").await.expect(200);
        assert!(by_day.text.contains("\"failed\":1"), "{}", by_day.text);
        // What is not seen is not there to be named either.
        let preview = json!({"template_id": others.template, "data": {}});
        who.post("/api/v1/templates/preview", &preview)
            .await
            .expect(404);
        let link = json!({"target_ids": [others.target]});
        let path = format!("/api/v1/repos/{}/targets", own.repo);
        who.post(&path, &link)
            .await
            .expect_code(422, 30004)
            .names("target_ids");
        let review = json!({"review": {"prompt_id": others.prompt}});
        let path = format!("/api/v1/repos/{}", own.repo);
        who.put(&path, &review)
            .await
            .expect(422)
            .names("review.prompt_id");
    }
    let all = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(all.data()["pagination"]["total"], 2);
    let of_lisi = format!("/api/v1/repos?owner_id={lisi_id}");
    assert_eq!(ids(&app.get(&of_lisi).await.expect(200)), [lisis.repo]);
    app.stop().await;
}

async fn whoever_sees_all_still_changes_their_own_only(on: Backend) {
    let app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (_, lisi) = app.user("lisi", "user").await;
    let (_, wangwu) = app.user("wangwu", "user").await;
    let things = Things::of(&app, &lisi, &robot, "lisis", 1).await;
    for path in things.paths() {
        wangwu.get(&format!("/api/v1/{path}")).await.expect(200);
    }
    for path in &things.paths()[..6] {
        let path = format!("/api/v1/{path}");
        if path.ends_with("versions") || path.ends_with("targets") {
            continue;
        }
        let renamed = json!({"name": "renamed"});
        wangwu.put(&path, &renamed).await.expect(403);
        wangwu.delete(&path).await.expect(403);
        lisi.put(&path, &renamed).await.expect(200);
        app.put(&path, &json!({"name": "by an administrator"}))
            .await
            .expect(200);
    }
    let found = wangwu.get("/api/v1/repos").await.expect(200);
    assert_eq!(found.list()[0]["owner"]["name"], "lisi");
    app.stop().await;
}

async fn a_thing_changes_hands_by_whoever_may_give_it_to_whoever_wants_it(on: Backend) {
    let app = TestApp::start(on).await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let (wangwu_id, wangwu) = app.user("wangwu", "user").await;
    let (zhaoliu_id, zhaoliu) = app.user("zhaoliu", "user").await;
    let team = make(&lisi, "teams", json!({"name": "payments"})).await;
    let member = json!({"user_id": wangwu_id, "role": "manager"});
    let members = format!("/api/v1/teams/{team}/members");
    lisi.post(&members, &member).await.expect(200);
    lisi.post(&members, &json!({"username": "ZHAOLIU"}))
        .await
        .expect(200);
    let elsewhere = make(&wangwu, "teams", json!({"name": "elsewhere"})).await;
    let repo = make(&lisi, "repos", repo_body("backend")).await;
    let path = format!("/api/v1/repos/{repo}");

    let owner = |answer: &Answer| answer.data()["owner"].clone();
    let to = |field: &str, id: i64| {
        let mut body = json!({});
        body[field] = json!(id);
        body
    };
    // Nobody is made to answer for what they did not ask for.
    for body in [
        to("owner_id", wangwu_id),
        to("owner_id", 999_999),
        to("team_id", elsewhere),
        to("team_id", 999_999),
        json!({"owner_id": null}),
        json!({"owner_id": null, "team_id": null}),
    ] {
        lisi.put(&path, &body).await.expect(403);
    }
    lisi.put(&path, &json!({"owner_id": lisi_id, "team_id": team}))
        .await
        .expect(422)
        .names("team_id");
    // To say what is so already is no change, and neither is to say nothing.
    for body in [to("owner_id", lisi_id), json!({"owner_id": ""}), json!({})] {
        let same = lisi.put(&path, &body).await.expect(200);
        assert_eq!(owner(&same)["id"], lisi_id, "{body}");
    }
    wangwu
        .put(&path, &to("owner_id", wangwu_id))
        .await
        .expect(403);

    let given = lisi.put(&path, &to("team_id", team)).await.expect(200);
    assert_eq!(
        owner(&given),
        json!({"type": "team", "id": team, "name": "payments"})
    );
    let of_team = app
        .get(&format!("/api/v1/repos?team_id={team}"))
        .await
        .expect(200);
    assert_eq!(ids(&of_team), [repo]);
    // Members change what the team has; managers give it away.
    zhaoliu
        .put(&path, &json!({"name": "backend 2"}))
        .await
        .expect(200);
    zhaoliu
        .put(&path, &to("owner_id", zhaoliu_id))
        .await
        .expect(403);
    let taken = wangwu
        .put(&path, &to("owner_id", wangwu_id))
        .await
        .expect(200);
    assert_eq!(owner(&taken)["name"], "wangwu");
    lisi.put(&path, &json!({"name": "backend 3"}))
        .await
        .expect(403);

    // Administrators give anything to anybody.
    for (body, name) in [
        (to("owner_id", zhaoliu_id), json!("zhaoliu")),
        (to("team_id", elsewhere), json!("elsewhere")),
        (json!({"team_id": null}), Value::Null),
    ] {
        let given = app.put(&path, &body).await.expect(200);
        assert_eq!(owner(&given)["name"], name);
    }
    app.put(&path, &to("owner_id", 999_999))
        .await
        .expect(422)
        .names("owner_id");
    app.put(&path, &to("team_id", 999_999))
        .await
        .expect(422)
        .names("team_id");
    lisi.put(&path, &json!({"name": "backend 4"}))
        .await
        .expect(403);
    // Who gave it to whom is on record.
    let log = app
        .get("/api/v1/logs/operations?size=100")
        .await
        .expect(200);
    for said in [
        "user lisi -> team payments",
        "team payments -> user wangwu",
        "user wangwu -> user zhaoliu",
        "team elsewhere -> administrators",
    ] {
        assert!(log.text.contains(said), "{said}: {}", log.text);
    }
    // What is made can be a team's from the beginning.
    let mut body = repo_body("frontend");
    body["team_id"] = json!(team);
    let made = zhaoliu
        .unrecorded()
        .post("/api/v1/repos", &body)
        .await
        .expect(200);
    assert_eq!(owner(&made)["name"], "payments");
    app.stop().await;
}

async fn a_team_is_made_renamed_joined_left_and_deleted(on: Backend) {
    let app = TestApp::start(on).await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let (wangwu_id, wangwu) = app.user("wangwu", "user").await;
    let made = lisi
        .post(
            "/api/v1/teams",
            &json!({"name": "payments", "description": "money"}),
        )
        .await
        .expect(200);
    let path = format!("/api/v1/teams/{}", made.id());
    let members = format!("{path}/members");
    assert_eq!(
        made.data()["members"],
        json!([{"user_id": lisi_id, "username": "lisi", "role": "manager"}])
    );
    wangwu
        .post("/api/v1/teams", &json!({"name": "PAYMENTS"}))
        .await
        .expect(409);
    lisi.post("/api/v1/teams", &json!({"name": " "}))
        .await
        .expect(422)
        .names("name");
    wangwu
        .put(&path, &json!({"name": "mine"}))
        .await
        .expect(403);
    wangwu
        .post(&members, &json!({"user_id": wangwu_id}))
        .await
        .expect(403);
    let renamed = lisi
        .put(&path, &json!({"name": "billing"}))
        .await
        .expect(200);
    assert_eq!(renamed.data()["description"], "money");

    for (body, field) in [
        (json!({}), "username"),
        (json!({"username": "nobody"}), "username"),
        (json!({"user_id": 999_999}), "user_id"),
        (
            json!({"username": "wangwu", "user_id": wangwu_id}),
            "username",
        ),
        (json!({"username": "wangwu", "role": "owner"}), "role"),
    ] {
        lisi.post(&members, &body).await.expect(422).names(field);
    }
    let joined = lisi
        .post(&members, &json!({"username": "wangwu"}))
        .await
        .expect(200);
    assert_eq!(joined.list().len(), 2);
    lisi.post(&members, &json!({"user_id": wangwu_id}))
        .await
        .expect(409);
    let mine = wangwu.get("/api/v1/teams").await.expect(200);
    assert_eq!(mine.list()[0]["your_role"], "member");
    assert_eq!(mine.list()[0]["member_count"], 2);
    // A member manages nothing, not even themselves into a manager.
    let as_manager = json!({"role": "manager"});
    let wangwus = format!("{members}/{wangwu_id}");
    let lisis = format!("{members}/{lisi_id}");
    wangwu.put(&wangwus, &as_manager).await.expect(403);
    wangwu.delete(&lisis).await.expect(403);
    wangwu.delete(&path).await.expect(403);
    // Somebody must manage it.
    lisi.delete(&lisis).await.expect(409);
    lisi.put(&lisis, &json!({"role": "member"}))
        .await
        .expect(409);
    lisi.put(&wangwus, &as_manager).await.expect(200);
    lisi.put(&lisis, &json!({"role": "member"}))
        .await
        .expect(200);
    lisi.delete(&lisis).await.expect(200);
    lisi.put(&path, &json!({"name": "mine again"}))
        .await
        .expect(403);
    app.delete(&lisis).await.expect(404);
    app.put(&wangwus, &json!({"role": "chief"}))
        .await
        .expect(422)
        .names("role");

    // What it has goes to somebody before it goes.
    let mut repo = repo_body("backend");
    repo["team_id"] = made.data()["id"].clone();
    let repo = make(&wangwu, "repos", repo).await;
    let refused = wangwu.delete(&path).await.expect(409);
    assert!(refused.text.contains("1 repositories"), "{}", refused.text);
    wangwu
        .delete(&format!("{path}?owner_id={lisi_id}"))
        .await
        .expect(403);
    wangwu
        .delete(&format!("{path}?team_id={}", made.id()))
        .await
        .expect(422)
        .names("team_id");
    wangwu
        .delete(&format!("{path}?owner_id={wangwu_id}"))
        .await
        .expect(200);
    let kept = app.get(&format!("/api/v1/repos/{repo}")).await.expect(200);
    assert_eq!(kept.data()["owner"]["name"], "wangwu");
    wangwu.get(&path).await.expect(404);
    // Its name is free again.
    lisi.post("/api/v1/teams", &json!({"name": "Billing"}))
        .await
        .expect(200);
    app.stop().await;
}

async fn what_a_deleted_user_had_is_the_administrators_or_somebody_elses(on: Backend) {
    let app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let (wangwu_id, wangwu) = app.user("wangwu", "user").await;
    let (zhaoliu_id, _) = app.user("zhaoliu", "user").await;
    let lisis = Things::of(&app, &lisi, &robot, "lisis", 1).await;
    let wangwus = Things::of(&app, &wangwu, &robot, "wangwus", 2).await;
    let owners = async |things: &Things| {
        let mut owners = Vec::new();
        for path in [
            format!("repos/{}", things.repo),
            format!("targets/{}", things.target),
            format!("templates/{}", things.template),
            format!("prompts/{}", things.prompt),
        ] {
            let shown = app.get(&format!("/api/v1/{path}")).await.expect(200);
            owners.push(shown.data()["owner"]["name"].clone());
        }
        owners
    };
    app.delete(&format!("/api/v1/users/{lisi_id}?owner_id={lisi_id}"))
        .await
        .expect(422)
        .names("owner_id");
    app.delete(&format!("/api/v1/users/{lisi_id}?owner_id=999999"))
        .await
        .expect(422)
        .names("owner_id");
    app.delete(&format!("/api/v1/users/{lisi_id}"))
        .await
        .expect(200);
    assert_eq!(owners(&lisis).await, vec![Value::Null; 4]);
    app.delete(&format!("/api/v1/users/{wangwu_id}?owner_id={zhaoliu_id}"))
        .await
        .expect(200);
    assert_eq!(owners(&wangwus).await, vec![json!("zhaoliu"); 4]);
    app.stop().await;
}

async fn global_targets_and_default_templates_are_the_administrators(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let mut global = Robot::at(&robot).target("all hands");
    // A target is global unless its body says otherwise.
    lisi.post("/api/v1/targets", &global)
        .await
        .expect(403)
        .names("scope");
    global["owner_id"] = json!(lisi_id);
    let id = app.target(global).await;
    let path = format!("/api/v1/targets/{id}");
    // Who is told of its troubles does not own what everybody hears.
    for (method, path, body) in [
        ("PUT", path.clone(), json!({"name": "mine"})),
        ("PUT", path.clone(), json!({"scope": "repo"})),
        ("DELETE", path.clone(), json!({})),
        ("POST", format!("{path}/test"), json!({})),
    ] {
        let request = lisi
            .request(method.parse().expect("a method"), &path)
            .json(&body);
        lisi.send(request).await.expect(403);
    }
    let repo = make(&lisi, "repos", repo_body("backend")).await;
    let mut own = Robot::at(&robot).target("own");
    own["scope"] = json!("repo");
    own["repo_ids"] = json!([repo]);
    let own = make(&lisi, "targets", own).await;
    let own = format!("/api/v1/targets/{own}");
    lisi.put(&own, &json!({"scope": "global"}))
        .await
        .expect(403)
        .names("scope");
    // Nor are others told through it.
    lisi.put(&own, &json!({"notice_target_id": id}))
        .await
        .expect(403)
        .names("notice_target_id");

    let template = json!({
        "name": "loud", "type": "dingtalk", "scene": "commit_notify", "title": "x", "content": "{{.CommitMsg}}",
    });
    let mut greedy = template.clone();
    greedy["is_default"] = json!(true);
    lisi.post("/api/v1/templates", &greedy)
        .await
        .expect(403)
        .names("is_default");
    let made = make(&lisi, "templates", template).await;
    let made = format!("/api/v1/templates/{made}");
    lisi.put(&made, &json!({"is_default": true}))
        .await
        .expect(403)
        .names("is_default");
    app.put(&made, &json!({"is_default": true}))
        .await
        .expect(200);
    // Now everybody's messages are made with it.
    lisi.put(&made, &json!({"content": "{{.Author}}"}))
        .await
        .expect(403);
    lisi.delete(&made).await.expect(403);
    app.stop().await;
}

async fn links_need_both_ends_to_be_made_and_one_to_be_ended(on: Backend) {
    let app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (_, lisi) = app.user("lisi", "user").await;
    let (_, wangwu) = app.user("wangwu", "user").await;
    let lisis = Things::of(&app, &lisi, &robot, "lisis", 1).await;
    let wangwus = Things::of(&app, &wangwu, &robot, "wangwus", 2).await;
    let from_repo = format!("/api/v1/repos/{}/targets", lisis.repo);
    let from_target = format!("/api/v1/targets/{}/repos", wangwus.target);
    let target_ids = json!({"target_ids": [lisis.target, wangwus.target]});
    let repo_ids = json!({"repo_ids": [lisis.repo]});
    lisi.post(&from_repo, &target_ids)
        .await
        .expect(403)
        .names("target_ids");
    wangwu.post(&from_repo, &target_ids).await.expect(403);
    wangwu
        .post(&from_target, &repo_ids)
        .await
        .expect(403)
        .names("repo_ids");
    lisi.post(&from_target, &repo_ids).await.expect(403);
    let both = json!({"repo_ids": [wangwus.repo, lisis.repo]});
    let target = format!("/api/v1/targets/{}", wangwus.target);
    wangwu
        .put(&target, &both)
        .await
        .expect(403)
        .names("repo_ids");
    let mut new = Robot::at(&robot).target("another");
    new["scope"] = json!("repo");
    new["repo_ids"] = json!([lisis.repo]);
    wangwu
        .post("/api/v1/targets", &new)
        .await
        .expect(403)
        .names("repo_ids");
    for by in [&lisi, &wangwu] {
        app.post(&from_repo, &target_ids).await.expect(200);
        // A list that says again what is so needs nothing more.
        wangwu.put(&target, &both).await.expect(200);
        by.delete(&format!("{from_target}/{}", lisis.repo))
            .await
            .expect(200);
    }
    // Of the link between wangwu's two lisi ends nothing.
    lisi.delete(&format!("{from_target}/{}", wangwus.repo))
        .await
        .expect(403);
    app.stop().await;
}

async fn a_batch_answers_for_each_push_whether_it_is_ones_own(on: Backend) {
    let robot = DingTalk::start().await;
    for (visibility, of_others) in [(Visibility::All, 403), (Visibility::Own, 70001)] {
        let app = seeing(on, visibility).await;
        let (_, lisi) = app.user("lisi", "user").await;
        let (_, wangwu) = app.user("wangwu", "user").await;
        let lisis = Things::of(&app, &lisi, &robot, "lisis", 1).await;
        let wangwus = Things::of(&app, &wangwu, &robot, "wangwus", 2).await;
        let all = json!({"push_ids": [lisis.event, wangwus.event, 999_999]});
        let answer = lisi
            .post("/api/v1/pushes/batch-retry", &all)
            .await
            .expect(200);
        let results = &answer.data()["results"];
        let result = |id: i64| {
            let mut results = results.as_array().expect("results").iter();
            results
                .find(|result| result["push_id"] == id)
                .expect("one for each")
                .clone()
        };
        assert_eq!(result(lisis.event)["status"], "success", "{results}");
        assert_eq!(result(wangwus.event)["code"], of_others, "{results}");
        assert_eq!(result(999_999)["code"], 70001, "{results}");
        assert_eq!(answer.data()["success"], 1);
        app.stop().await;
    }
}

async fn who_registered_changes_nothing_before_somebody_confirms_them(on: Backend) {
    let app = TestApp::on(on)
        .config(|config| config.auth.registration = Registration::Open)
        .start()
        .await;
    make(&app, "repos", repo_body("backend")).await;
    let body = json!({
        "username": "stranger", "email": "stranger@example.com", "password": "User-not-real-1",
        "confirm_password": "User-not-real-1",
    });
    let made = app
        .anonymous()
        .post("/api/v1/auth/register", &body)
        .await
        .expect(200);
    let id = made.data()["user_id"].as_i64().expect("an id");
    let (stranger, _) = app
        .anonymous()
        .unrecorded()
        .login("stranger", "User-not-real-1")
        .await;
    let me = stranger.get("/api/v1/auth/me").await.expect(200);
    assert_eq!(me.data()["confirmed"], false);
    // Strangers see nothing of what there is.
    assert_eq!(
        stranger.get("/api/v1/repos").await.expect(200).list().len(),
        0
    );
    stranger.get("/api/v1/repos/1").await.expect(404);
    let key = json!({"name": "all", "scopes": ["repos:write", "teams:write", "targets:write"]});
    let key = stranger.post("/api/v1/api-keys", &key).await.expect(200);
    let by_key = app.with_key(key.data()["key"].as_str().expect("a key"));
    for api in [&stranger, &by_key] {
        for (path, body) in [
            ("repos", repo_body("mine")),
            ("teams", json!({"name": "mine"})),
        ] {
            let refused = api
                .post(&format!("/api/v1/{path}"), &body)
                .await
                .expect(403);
            assert!(refused.text.contains("confirm"), "{}", refused.text);
        }
    }
    let waiting = app.get("/api/v1/users?confirmed=false").await.expect(200);
    assert_eq!(ids(&waiting), [id]);
    stranger
        .put(&format!("/api/v1/users/{id}"), &json!({"confirmed": true}))
        .await
        .expect(403);
    let confirmed = app
        .put(&format!("/api/v1/users/{id}"), &json!({"confirmed": true}))
        .await;
    assert_eq!(confirmed.expect(200).data()["confirmed"], true);
    make(&stranger, "repos", repo_body("mine")).await;
    assert_eq!(
        stranger.get("/api/v1/repos").await.expect(200).list().len(),
        2
    );
    app.stop().await;
}

async fn what_others_wrote_is_nobody_elses_template(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let (_, lisi) = app.user("lisi", "user").await;
    let template = json!({
        "name": "mine", "type": "dingtalk", "scene": "commit_notify", "title": "x", "content": "{{.CommitMsg}}",
    });
    let made = make(&lisi, "templates", template).await;
    // Even where the default is gone, which only a fault in the database can bring about.
    sqlx::query(
        "UPDATE templates SET deleted_at = 1 WHERE is_default = 1 AND scene = 'commit_notify'",
    )
    .execute(app.server.app().db.write())
    .await
    .expect("no default");
    app.server.app().changed();
    let target = app.target(Robot::at(&robot).target("team")).await;
    let test = format!("/api/v1/targets/{target}/test");
    app.post(&test, &json!({})).await.expect(409);
    let shown = lisi
        .get(&format!("/api/v1/templates/{made}"))
        .await
        .expect(200);
    assert_eq!(shown.data()["is_default"], false);
    app.stop().await;
}
