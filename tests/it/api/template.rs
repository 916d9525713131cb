//! `/api/v1/templates`.

use push_notify_tests::{Backend, TestApp, both};
use serde_json::{Value, json};

both!(
    a_template_is_made_shown_and_previewed_as_the_contract_says,
    a_new_default_replaces_the_old_one
);

async fn a_template_is_made_shown_and_previewed_as_the_contract_says(on: Backend) {
    let app = TestApp::start(on).await;
    let body = json!({
        "name": "代码提交通知",
        "type": "dingtalk",
        "scene": "commit_notify",
        "title": "代码提交通知 - {{.RepoName}}",
        "content": "## {{.RepoName}} 提交了代码\n\n**提交信息**: {{.CommitMsg}}\n**提交者**: {{.Author}}\n**分支**: {{.Branch}}\n\n### 变更文件\n{{range .ChangedFiles}}- {{.}}\n{{end}}",
        "remark": "用于代码提交时的通知",
    });
    let id = app.post("/api/v1/templates", &body).await.expect(200).id();
    let shown = app
        .get(&format!("/api/v1/templates/{id}"))
        .await
        .expect(200);
    for field in ["name", "type", "scene", "title", "content", "remark"] {
        assert_eq!(shown.data()[field], body[field], "{field}");
    }
    assert_eq!(shown.data()["version"], 1);
    assert_eq!(shown.data()["status"], "active");
    assert_eq!(shown.data()["push_count"], 0);
    let mut variables: Vec<String> =
        serde_json::from_value(shown.data()["variables"].clone()).expect("names");
    variables.sort();
    assert_eq!(
        variables,
        ["Author", "Branch", "ChangedFiles", "CommitMsg", "RepoName"]
    );

    let preview = json!({
        "template_id": id,
        "data": {
            "RepoName": "后端服务", "RepoUrl": "https://github.com/company/backend", "CommitId": "abc123",
            "CommitMsg": "feat: 新增登录功能", "Author": "zhangsan", "Branch": "main",
            "ChangedFiles": ["login.go", "auth.go"], "FileCount": 2,
        },
    });
    let preview = app
        .post("/api/v1/templates/preview", &preview)
        .await
        .expect(200);
    assert_eq!(preview.data()["title"], "代码提交通知 - 后端服务");
    let expected = "## 后端服务 提交了代码\n\n**提交信息**: feat: 新增登录功能\n**提交者**: zhangsan\n**分支**: main\n\n### 变更文件\n- login.go\n- auth.go\n";
    assert_eq!(preview.data()["body"], expected);
    app.post("/api/v1/templates", &body)
        .await
        .expect_code(409, 50001);
    app.get("/api/v1/templates/999").await.expect(404);
    app.post(
        "/api/v1/templates/preview",
        &json!({"template_id": 999, "data": {}}),
    )
    .await
    .expect(404);
    app.stop().await;
}

async fn a_new_default_replaces_the_old_one(on: Backend) {
    let app = TestApp::start(on).await;
    let body = json!({
        "name": "short", "type": "email", "scene": "commit_notify", "title": "{{.RepoName}}", "content": "{{.CommitMsg}}",
        "is_default": true,
    });
    let id = app.post("/api/v1/templates", &body).await.expect(200).id();
    let list = app
        .get("/api/v1/templates?type=email&scene=commit_notify&size=100")
        .await
        .expect(200);
    let defaults: Vec<&Value> = list
        .list()
        .iter()
        .filter(|template| template["is_default"] == true)
        .collect();
    assert_eq!(defaults.len(), 1);
    assert_eq!(defaults[0]["id"], id);
    assert_eq!(list.list().len(), 2);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_makes_up_what_its_data_does_not_say() {
    let app = TestApp::start(Backend::Sqlite).await;
    let list = app
        .get("/api/v1/templates?scene=commit_notify&size=100")
        .await
        .expect(200);
    assert!(list.list().len() >= 2, "one for each channel");
    for template in list.list() {
        let data = json!({"CommitMsg": "fix: the [door](http://evil.example.com)", "ChangedFiles": ["door.rs"]});
        let asked = json!({"template_id": template["id"], "data": data});
        let preview = app
            .post("/api/v1/templates/preview", &asked)
            .await
            .expect(200);
        let body = preview.data()["body"].as_str().expect("a body");
        assert!(body.contains("fix: the \\[door\\]("), "{body}");
        // A phone has no room for files.
        let lists_files = ["dingtalk", "email"]
            .iter()
            .any(|kind| template["type"] == *kind);
        assert!(!lists_files || body.contains("door.rs"), "{body}");
        assert!(
            !body.contains("login"),
            "made up although it was given: {body}"
        );
        assert!(body.contains("Zhang San"), "{body}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_that_cannot_work_is_refused_when_it_is_saved() {
    let app = TestApp::start(Backend::Sqlite).await;
    let contents = [
        "{{.RepoName",
        "{{if .RepoName}}no end",
        "{{end}}",
        "{{range .ChangedFiles}}",
        "{{nosuchfunction .RepoName}}",
        "{{$undefined}}",
        "{{template \"nosuch\"}}",
        "{{.RepoName.Deeper}}",
    ];
    for content in contents {
        let body = json!({"name": "bad", "type": "dingtalk", "scene": "commit_notify", "title": "t", "content": content});
        let answer = app.post("/api/v1/templates", &body).await;
        assert_eq!(answer.status, 422, "{content}: {}", answer.text);
        answer.names("content");
    }
    let body = json!({"name": "bad", "type": "dingtalk", "scene": "commit_notify", "title": "{{", "content": "x"});
    app.post("/api/v1/templates", &body)
        .await
        .expect(422)
        .names("title");
    let body = json!({"name": "bad", "type": "dingtalk", "scene": "commit_notify", "title": "t", "content": "  "});
    app.post("/api/v1/templates", &body)
        .await
        .expect_code(422, 50002)
        .names("content");
    let answer = app.post("/api/v1/templates", &json!({})).await.expect(422);
    for field in ["name", "type", "scene", "title", "content"] {
        answer.names(field);
    }
    let body =
        json!({"name": "bad", "type": "pigeon", "scene": "sunset", "title": "t", "content": "x"});
    let answer = app.post("/api/v1/templates", &body).await.expect(422);
    answer.names("type");
    answer.names("scene");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_that_fails_says_where_and_shows_no_data() {
    let app = TestApp::start(Backend::Sqlite).await;
    let body = json!({
        "name": "fails", "type": "dingtalk", "scene": "commit_notify", "title": "t",
        "content": "one\n{{if eq .RepoName \"secretive\"}}{{index .ChangedFiles 999}}{{end}}",
    });
    let id = app.post("/api/v1/templates", &body).await.expect(200).id();
    let data = json!({"RepoName": "secretive", "ChangedFiles": ["not-for-everybody.go"]});
    let answer = app
        .post(
            "/api/v1/templates/preview",
            &json!({"template_id": id, "data": data}),
        )
        .await
        .expect(422);
    answer.names("content");
    assert!(
        !answer.text.contains("not-for-everybody"),
        "{}",
        answer.text
    );
    app.post("/api/v1/templates/preview", &json!({"template_id": id}))
        .await
        .expect(422)
        .names("data");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_are_previewed_before_they_are_saved_for_every_scene() {
    let app = TestApp::start(Backend::Sqlite).await;
    let preview = async |body: Value| app.post("/api/v1/templates/preview", &body).await;
    for (scene, content, expected) in [
        ("commit_notify", "{{.RepoName}} {{len .Commits}}", "shop 2"),
        (
            "review_notify",
            "{{.RepoName}} {{.CodeViewScore}}",
            "shop 78",
        ),
        (
            "digest",
            "{{.RepoName}}{{.Count}} {{len .Notifications}}",
            "shop12 2",
        ),
    ] {
        let data = json!({"RepoName": "shop"});
        let body = json!({"scene": scene, "title": "t", "content": content, "data": data});
        let shown = preview(body).await;
        match scene {
            "digest" => shown.expect(422).names("content"),
            _ => assert_eq!(shown.expect(200).data()["body"], expected),
        }
    }
    let list = app.get("/api/v1/templates?size=100").await.expect(200);
    let of_commits = list
        .list()
        .iter()
        .find(|entry| entry["scene"] == "commit_notify");
    let id = &of_commits.expect("a built-in one")["id"];
    let edited =
        json!({"template_id": id, "content": "new {{.Branch}}", "data": {"Branch": "dev"}});
    let shown = preview(edited).await.expect(200);
    assert_eq!(shown.data()["body"], "new dev");
    assert_ne!(shown.data()["title"], "");
    for (body, field) in [
        (json!({"data": {}}), "scene"),
        (json!({"scene": "digest", "data": {}}), "content"),
        (
            json!({"scene": "nope", "content": "x", "data": {}}),
            "scene",
        ),
        (
            json!({"template_id": id, "content": "{{.Urll}}", "data": {}}),
            "content",
        ),
        (
            json!({"template_id": id, "title": "{{.Foo.Bar}}", "data": {}}),
            "title",
        ),
        (
            json!({"scene": "commit_notify", "content": "{{if}}", "data": {}}),
            "content",
        ),
    ] {
        preview(body).await.expect(422).names(field);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_variable_that_there_is_not_is_refused_when_a_template_is_saved() {
    let app = TestApp::start(Backend::Sqlite).await;
    for (scene, content, said) in [
        ("commit_notify", "{{.Urll}}", "did you mean .Url?"),
        ("commit_notify", "{{.Foo.Bar}}", ".Foo"),
        ("commit_notify", "{{range .Commits}}{{.Sha}}{{end}}", ".Sha"),
        (
            "review_notify",
            "{{.CodeViewScor}}",
            "did you mean .CodeViewScore?",
        ),
        ("digest", "{{.RepoName}}", ".RepoName"),
    ] {
        let body =
            json!({"name": "n", "type": "email", "scene": scene, "title": "t", "content": content});
        app.post("/api/v1/templates", &body)
            .await
            .expect(422)
            .names(said);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_templates_can_name_is_told_in_words() {
    let app = TestApp::start(Backend::Sqlite).await;
    let shown = app.get("/api/v1/templates/reference").await.expect(200);
    let names = |list: &Value| -> Vec<String> {
        let entries = list.as_array().expect("a list").iter();
        entries
            .map(|entry| entry["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert!(names(&shown.data()["functions"]).contains(&"firstLine".to_owned()));
    let scenes = shown.data()["scenes"].as_array().expect("a list").clone();
    assert_eq!(scenes.len(), 9);
    for scene in &scenes {
        let known = names(&scene["variables"]);
        let expected = match scene["scene"].as_str() {
            Some("digest") => "Notifications[].Title",
            _ => "MergeRequest.Title",
        };
        assert!(known.contains(&expected.to_owned()), "{known:?}");
    }
    app.stop().await;
}
