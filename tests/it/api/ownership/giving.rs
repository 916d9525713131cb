//! How things change hands, and the teams that own them.

use super::{Things, ids, make, repo_body};
use push_notify_tests::{Answer, Backend, DingTalk, TestApp, both};
use serde_json::{Value, json};

both!(
    a_thing_changes_hands_by_whoever_may_give_it_to_whoever_wants_it,
    a_team_is_made_renamed_joined_left_and_deleted,
    what_a_deleted_user_had_is_the_administrators_or_somebody_elses,
);

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
