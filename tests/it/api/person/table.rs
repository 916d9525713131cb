//! People from and to tables, and authors that nobody stands for.

use super::{add, login};
use push_notify_tests::{Backend, Delivery, TestApp, both};
use serde_json::{Value, json};

both!(
    a_table_makes_and_changes_people,
    each_bad_line_of_a_table_is_refused_with_its_reason,
    a_table_that_is_none_is_refused,
    authors_that_nobody_stands_for_are_listed_with_the_likeliest_person,
);

async fn import(app: &TestApp, body: Value) -> push_notify_tests::Answer {
    app.post("/api/v1/people/import", &body).await
}

async fn total(app: &TestApp) -> Value {
    let listed = app.get("/api/v1/people").await.expect(200);
    listed.data()["pagination"]["total"].clone()
}

async fn a_table_makes_and_changes_people(on: Backend) {
    let app = TestApp::start(on).await;
    let old = json!({"name": "Tom", "identities": [
        {"kind": "slack", "value": "U0OLD"}, {"kind": "email", "value": "tom@home.example"},
    ]});
    let tom = add(&app, old).await.expect(200).id();
    add(&app, json!({"name": "Ann", "notify": "none"}))
        .await
        .expect(200);
    let table = "\u{feff}Name,email,login,Slack,notify,language,kind\r\n\
        Li Mei,mei@example.com; mei@home.example,github.com/limei gitlab.com/mei,U0OLD,direct,zh-CN,\r\n\
        tom,tom@example.com,,U0TOM,,,\r\n\
        Ann,,,,none,,\r\n\
        \"Team, the\",,github.com/acme/team,,,,team\r\n";
    // What Tom had is Li Mei's only after Tom's line.
    let refused = import(&app, json!({"csv": table})).await.expect(422);
    assert!(
        refused.json["details"].to_string().contains("line 2"),
        "{}",
        refused.text
    );
    let table = table.replacen("U0OLD", "U0MEI", 1);
    let tried = import(&app, json!({"csv": table, "dry_run": true}))
        .await
        .expect(200);
    let tried = tried.data().clone();
    assert_eq!(
        [
            &tried["made"],
            &tried["changed"],
            &tried["unchanged"],
            &tried["refused"]
        ],
        [&json!(2), &json!(1), &json!(1), &json!(0)],
        "{tried}"
    );
    assert_eq!(total(&app).await, 2);
    let done = import(&app, json!({"csv": table}))
        .await
        .expect(200)
        .data()
        .clone();
    assert_eq!(done["lines"], tried["lines"]);
    assert_eq!(done["dry_run"], false);
    assert_eq!(total(&app).await, 4);
    let tom = app
        .get(&format!("/api/v1/people/{tom}"))
        .await
        .expect(200)
        .data()
        .clone();
    let values: Vec<&str> = tom["identities"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|identity| identity["value"].as_str())
        .collect();
    assert_eq!(values, ["tom@example.com", "tom@home.example", "U0TOM"]);
    // What is exported says nothing new.
    let exported = app.get("/api/v1/people/export").await.expect(200).text;
    assert!(
        exported.contains("\"Team, the\",team,mention,,,github.com/acme/team,"),
        "{exported}"
    );
    let again = import(&app, json!({"csv": exported}))
        .await
        .expect(200)
        .data()
        .clone();
    assert_eq!(
        [&again["unchanged"], &again["refused"]],
        [&json!(4), &json!(0)],
        "{again}"
    );
    app.stop().await;
}

async fn each_bad_line_of_a_table_is_refused_with_its_reason(on: Backend) {
    let app = TestApp::start(on).await;
    let mei = json!({"name": "Mei", "identities": [login("github.com", "mei")]});
    add(&app, mei).await.expect(200);
    let lines = [
        (",a@example.com,,,,,", "name must be"),
        ("Tom,a@example.com", "has 2 cells"),
        ("Tom,,,,,,,", "has 8 cells"),
        ("Tom,example.com,,,,,", "no mail address"),
        ("Tom,,tom,,,,", "written as host/login"),
        ("Tom,,https://github.com/tom,,,,", "login"),
        ("Tom,,github.com/MEI,,,,", "belongs to Mei"),
        ("Tom,,,U0 1,,,", "white space"),
        ("Tom,,,,always,,", "mention, direct, none"),
        ("Tom,,,,,fr,", "zh-CN"),
        ("Tom,,,,,,robot", "person, team"),
        ("Sue,s@example.com,,,,,", ""),
        ("Bob,S@example.com,,,,,", "belongs to Sue"),
    ];
    let head = "name,email,login,slack,notify,language,kind";
    let table: Vec<&str> = std::iter::once(head)
        .chain(lines.iter().map(|(line, _)| *line))
        .collect();
    let table = table.join("\n");
    let refused = import(&app, json!({"csv": table})).await.expect(422);
    let details = refused.json["details"].as_array().expect("details");
    assert_eq!(details.len(), lines.len() - 1, "{}", refused.text);
    assert_eq!(total(&app).await, 1);
    let done = import(&app, json!({"csv": table, "partial": true}))
        .await
        .expect(200);
    let done = done.data();
    for (place, (line, reason)) in lines.iter().enumerate() {
        let told = &done["lines"][place];
        assert_eq!(told["line"], place + 2, "{told}");
        let outcome = if reason.is_empty() { "made" } else { "refused" };
        assert_eq!(told["outcome"], outcome, "{line}: {told}");
        let problem = told["problem"].as_str().unwrap_or_default();
        assert!(problem.contains(reason), "{line}: {told}");
    }
    assert_eq!(total(&app).await, 2);
    app.stop().await;
}

async fn a_table_that_is_none_is_refused(on: Backend) {
    let app = TestApp::start(on).await;
    let many = format!("name\n{}", "x\n".repeat(2_001));
    for (table, reason) in [
        ("", "csv"),
        ("Mei,mei@example.com\n", "a column mei"),
        ("email\nmei@example.com\n", "head that has name"),
        ("name,email,Name\n", "name twice"),
        ("name,fax\nMei,1\n", "slack"),
        // Of a channel that calls nobody.
        ("name,webhook\nMei,1\n", "a column webhook"),
        (&many, "at most 2000 lines"),
        ("name\u{0}\nMei\n", "control"),
    ] {
        let refused = import(&app, json!({"csv": table})).await.expect(422);
        let details = refused.json["details"].to_string();
        assert!(details.contains(reason), "{reason}: {details}");
    }
    import(&app, json!({})).await.expect(422);
    import(&app, json!({"csv": 1})).await.expect(400);
    app.get("/api/v1/people/unknown?days=0").await.expect(400);
    app.get("/api/v1/people/unknown?days=91").await.expect(400);
    app.stop().await;
}

async fn authors_that_nobody_stands_for_are_listed_with_the_likeliest_person(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    add(
        &app,
        json!({"name": "Li Mei", "identities": [{"kind": "email", "value": "li.mei@example.com"}]}),
    )
    .await
    .expect(200);
    add(
        &app,
        json!({"name": "Tom", "identities": [login("github.com", "tom")]}),
    )
    .await
    .expect(200);
    let push = |number: usize, login: &str, name: &str, email: &str| {
        json!({
            "ref": "refs/heads/main", "before": "a".repeat(40), "after": format!("{number:040}"),
            "repository": {"full_name": "acme/backend", "html_url": "https://github.com/acme/backend"},
            "sender": {"login": login},
            "commits": [{"id": format!("{number:040}"), "message": "one", "author":
                {"name": name, "email": email, "username": login}}],
        })
    };
    for (number, (login, name, email)) in [
        ("mei-li", "Mei", "li-mei@home.example"),
        ("mei-li", "Mei", "li-mei@home.example"),
        ("tom", "Tom", "tom@home.example"),
        ("renovate[bot]", "renovate[bot]", "bot@example.com"),
        ("stranger", "Xyz", "xyz@example.org"),
    ]
    .into_iter()
    .enumerate()
    {
        let delivery = Delivery::new("push", &push(number, login, name, email));
        app.deliver(&repo, delivery).await.expect(200);
    }
    let unknown = app
        .get("/api/v1/people/unknown?days=7")
        .await
        .expect(200)
        .data()
        .clone();
    assert_eq!(
        (&unknown["events"], &unknown["capped"]),
        (&json!(5), &json!(false))
    );
    let list = unknown["list"].as_array().expect("a list");
    assert_eq!(list.len(), 2, "{unknown}");
    assert_eq!(list[0]["login"], "mei-li");
    assert_eq!(
        (&list[0]["events"], &list[0]["host"]),
        (&json!(2), &json!("github.com"))
    );
    assert_eq!(list[0]["likely"]["name"], "Li Mei");
    assert_eq!(list[0]["likely"]["by"], "email");
    assert_eq!(
        (&list[1]["login"], &list[1]["likely"]),
        (&json!("stranger"), &Value::Null)
    );
    app.stop().await;
}
