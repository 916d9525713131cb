//! Every business code of the contract comes out of the server for a reason.

use super::world::{PASSWORD, World, send};
use push_notify_tests::{Answer, Backend, DingTalk, both, contract, workspace};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

both!(every_business_code_can_be_provoked);

async fn every_business_code_can_be_provoked(on: Backend) {
    let mut world = World::build(on).await;
    let mut problems: Vec<String> = world
        .trouble
        .iter()
        .map(|trouble| format!("setting up: {trouble}"))
        .collect();
    for known in contract::codes().business {
        let what = format!("{} ({})", known.code, known.meaning);
        let Some(answer) = provoke(&mut world, known.code).await else {
            problems.push(format!("{what}: what it takes could not be made"));
            continue;
        };
        let code = answer.json["code"].as_u64();
        if (Some(answer.status), code) != (known.status, Some(known.code.into())) {
            let shown: String = answer.text.chars().take(300).collect();
            problems.push(format!("{what}: status {} {shown}", answer.status));
        }
    }
    let count = problems.len();
    assert!(
        problems.is_empty(),
        "{count} problems:\n{}",
        problems.join("\n")
    );
    world.app.stop().await;
}

#[test]
fn the_server_has_the_contracts_business_codes_and_no_others() {
    let path = workspace().join("engine/server/src/http/code.rs");
    let text = fs::read_to_string(path).expect("the server's table");
    let words = text.split(|letter: char| !letter.is_ascii_digit());
    let there: BTreeSet<u32> = words
        .filter(|word| word.len() == 5)
        .filter_map(|word| word.parse().ok())
        .collect();
    let documented: BTreeSet<u32> = contract::codes()
        .business
        .iter()
        .map(|known| known.code)
        .collect();
    assert_eq!(there, documented);
}

/// The answer that should have this code. None when something that it needs is not there.
async fn provoke(world: &mut World, code: u32) -> Option<Answer> {
    match code / 10_000 {
        1 => account(world, code).await,
        2 => repo(world, code).await,
        3 => target(world, code).await,
        4 => model(world, code).await,
        5 => template(world, code).await,
        6 => prompt(world, code).await,
        _ => push(world, code).await,
    }
}

async fn account(world: &World, code: u32) -> Option<Answer> {
    let user = |name: &str, email: &str, password: &str| json!({"username": name, "email": email, "password": password, "role": "user"});
    let login = |name: &str, password: &str| json!({"username": name, "password": password});
    let (path, body) = match code {
        10001 => ("users", user("Member", "nobody@example.com", PASSWORD)),
        10002 => ("users", user("somebody", "MEMBER@example.com", PASSWORD)),
        10003 => (
            "users",
            user("somebody", "nobody@example.com", "alllowercase"),
        ),
        10004 => {
            let lock = json!({"action": "lock"});
            let locked = ask(world, "PUT", "users/$other_user/lock", lock).await?;
            assert_eq!(locked.status, 200, "{}", locked.text);
            ("auth/login", login("other_user", PASSWORD))
        }
        _ => ("auth/login", login("member", "Wrong-secret-1-not-real")),
    };
    ask(world, "POST", path, body).await
}

async fn repo(world: &World, code: u32) -> Option<Answer> {
    let repo = |name: &str, url: &str| json!({"name": name, "url": url, "type": "github"});
    let body = match code {
        20001 => repo("ledger", "https://github.com/example/ledger"),
        20002 => repo("new", "not a url"),
        20003 => {
            let mut body = repo("new", "https://github.com/example/new");
            body["webhook_events"] = json!(["no such event"]);
            body
        }
        _ => return ask(world, "GET", "repos/999999", Value::Null).await,
    };
    ask(world, "POST", "repos", body).await
}

async fn target(world: &World, code: u32) -> Option<Answer> {
    let target = |name: &str, kind: &str, config: Value| json!({"name": name, "type": kind, "config": config});
    let body = match code {
        30001 => target(
            "team",
            "dingtalk",
            json!({"access_token": "robot-token-not-real"}),
        ),
        30002 => target("new", "dingtalk", json!({"access_token": ""})),
        30003 => target(
            "new",
            "email",
            json!({"smtp_host": "smtp.example.com", "smtp_port": 0, "from": "x", "password": "test-secret-not-real", "to": []}),
        ),
        _ => return ask(world, "GET", "targets/999999", Value::Null).await,
    };
    ask(world, "POST", "targets", body).await
}

async fn model(world: &mut World, code: u32) -> Option<Answer> {
    let model = |name: &str, url: &str| json!({"name": name, "type": "test-model", "api_url": url, "api_key": "sk-not-real"});
    match code {
        40001 => ask(world, "POST", "models", model("new", "not a url")).await,
        40002 => {
            // Nobody listens on port 1.
            let dead = model("dead", "http://127.0.0.1:1/v1/chat/completions");
            world.make("dead_model", "/api/v1/models", dead).await;
            let prompt = json!({
                "name": "in vain", "type": "codeview", "content": "{{.FileName}} {{.FileContent}}", "model_id": "$dead_model",
            });
            world.make("vain_prompt", "/api/v1/prompts", prompt).await;
            let data = json!({"test_data": {"FileName": "a.go", "FileContent": "package a"}});
            ask(world, "POST", "prompts/$vain_prompt/test", data).await
        }
        _ => ask(world, "GET", "models/999999", Value::Null).await,
    }
}

async fn template(world: &World, code: u32) -> Option<Answer> {
    let template = |name: &str, content: &str| json!({"name": name, "type": "dingtalk", "scene": "commit_notify", "title": "x", "content": content});
    let body = match code {
        50001 => template("short", "x"),
        50002 => template("new", " "),
        _ => {
            let list = ask(world, "GET", "templates?size=100", Value::Null).await?;
            let default = list
                .list()
                .iter()
                .find(|entry| entry["is_default"] == true)?;
            let path = format!("templates/{}", default["id"]);
            return ask(world, "DELETE", &path, Value::Null).await;
        }
    };
    ask(world, "POST", "templates", body).await
}

async fn prompt(world: &World, code: u32) -> Option<Answer> {
    let prompt =
        |name: &str, content: &str| json!({"name": name, "type": "codeview", "content": content});
    let body = match code {
        60001 => prompt("style of Go", "{{.FileName}} {{.FileContent}}"),
        _ => prompt("new", "There is no variable in this."),
    };
    ask(world, "POST", "prompts", body).await
}

async fn push(world: &World, code: u32) -> Option<Answer> {
    if code == 70001 {
        return ask(world, "GET", "pushes/999999", Value::Null).await;
    }
    let mut id = world.values.get("failed_push")?.clone();
    loop {
        world
            .robot
            .then(DingTalk::errcode(300_005, "token is not exist"));
        let path = format!("pushes/{id}/retry");
        let answer = ask(world, "POST", &path, json!({})).await?;
        if answer.status != 200 {
            return Some(answer);
        }
        id = answer.data()["new_push_id"].clone();
        let id = id.as_i64().expect("the new push");
        world.app.push_in_state(id, "misconfigured").await;
    }
}

async fn ask(world: &World, method: &str, path: &str, body: Value) -> Option<Answer> {
    let path = world.fill_text(&format!("/api/v1/{path}")).ok()?;
    let body = world.fill(&body).ok()?;
    Some(send(&world.app.api, method, &path, &body).await)
}
