//! What models say instead of a sound answer.

use super::team::{HEAD, Team, issue, login, merge_request, reply};
use push_notify_tests::{Backend, OpenAi};
use serde_json::{Value, json};

/// A reply, and what becomes of it: status, decision, how many comments, a part of the summary or
/// reason.
type Case = (
    &'static str,
    push_notify_tests::Response,
    &'static str,
    Option<&'static str>,
    usize,
    &'static str,
);

fn cases() -> Vec<Case> {
    let sound = reply("REQUEST_CHANGES", 40, json!([issue(2, "HIGH")])).to_string();
    let whole = json!(issue(2, "HIGH"));
    let cut = format!(
        r#"{{"decision": "REQUEST_CHANGES", "summary": "One thing should be mended.", "issues": [{whole}, {{"path": "src/lo"#
    );
    let message = |text: &str, finish: &str| {
        OpenAi::message(&json!({"role": "assistant", "content": text}), finish)
    };
    vec![
        (
            "reasoning around it",
            OpenAi::says(&format!(
                "<think>{{\"summary\": 1}} hm</think>Sure:\n```json\n{sound}\n```\nBye."
            )),
            "completed",
            Some("REQUEST_CHANGES"),
            1,
            "mended",
        ),
        (
            "prose only",
            OpenAi::says("I think that the code is fine."),
            "completed",
            Some("COMMENT"),
            0,
            "code is fine",
        ),
        (
            "cut off",
            message(&cut, "length"),
            "completed",
            Some("REQUEST_CHANGES"),
            1,
            "mended",
        ),
        (
            "refusal",
            OpenAi::message(
                &json!({"role": "assistant", "content": null, "refusal": "I cannot help with that."}),
                "stop",
            ),
            "failed",
            None,
            0,
            "refused",
        ),
        (
            "empty choices",
            push_notify_tests::Response::json(200, &json!({"id": "x", "choices": []})),
            "failed",
            None,
            0,
            "reviewer",
        ),
        (
            "empty text",
            OpenAi::says(""),
            "failed",
            None,
            0,
            "reviewer",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reply_loses_a_review() {
    let team = Team::with(Backend::Sqlite, json!({"language": "en-US"}), |config| {
        config.review.max_attempts = 1;
    })
    .await;
    for (number, (name, response, status, decision, comments, says)) in
        cases().into_iter().enumerate()
    {
        let head = format!("{:040x}", 0xabc0 + number);
        let number = number as u64 + 10;
        team.host.merge_request(number, &head, vec![login()]);
        // Asked once more where a second try may help.
        team.model.then(response.clone());
        if status == "failed" {
            team.model.then(response);
        }
        let (id, push_id) = team.deliver(merge_request(number, &head, "opened")).await;
        let review = team.ended(id).await;
        assert_eq!(review["status"], status, "{name}: {review:#}");
        assert_eq!(review["decision"].as_str(), decision, "{name}");
        assert_eq!(review["comments_count"], comments, "{name}");
        let text = format!("{} {}", review["summary"], review["reason"]);
        assert!(text.contains(says), "{name}: {text}");
        team.told(push_id).await;
        // What is left of the script must not answer the next one.
        team.model.forget();
    }
    team.app.stop().await;
}

/// An approval with one grave issue in it, broken in many ways. None of them may be an approval
/// without a word about what is missing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_reply_never_approves() {
    let shown = json!({
        "language": "en-US", "on": ["merge_request"], "publish": ["inline", "summary", "status"], "verdict": true,
    });
    let team = Team::start(Backend::Sqlite, shown).await;
    let sound = reply("APPROVED", 95, json!([issue(2, "CRITICAL")])).to_string();
    let broken = |from: &str, to: &str| sound.replacen(from, to, 1);
    let cut = &sound[..sound.find("The token").expect("a message")];
    let says = |text: &str, finish: Value| {
        let mut response = json!({
            "id": "x", "object": "chat.completion", "model": OpenAi::MODEL,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}],
        });
        response["choices"][0]["finish_reason"] = finish;
        push_notify_tests::Response::json(200, &response)
    };
    // Whether the issue is kept, and whether the review says that it is incomplete.
    let cases = [
        (
            "line feed",
            broken("token is", "token\nis"),
            json!("stop"),
            true,
            false,
        ),
        (
            "tab",
            broken("token is", "token\tis"),
            json!("stop"),
            true,
            false,
        ),
        (
            "escape",
            broken("token is", "\\d is"),
            json!("stop"),
            true,
            false,
        ),
        (
            "quote",
            broken("token is", "\\'token\\' is"),
            json!("stop"),
            true,
            false,
        ),
        (
            "path",
            broken("token is", "C:\\users is"),
            json!("stop"),
            true,
            false,
        ),
        (
            "half of a pair",
            broken("token is", "\\ud83d is"),
            json!("stop"),
            true,
            false,
        ),
        ("comma", broken("]", ",]"), json!("stop"), true, false),
        (
            "unescaped quotes",
            broken("token is", "\"token\" is"),
            json!("stop"),
            true,
            true,
        ),
        (
            "another name",
            broken("\"issues\"", "\"findings\""),
            json!("stop"),
            true,
            false,
        ),
        (
            "wrapped",
            format!("{{\"review\": {sound}}}"),
            json!("stop"),
            true,
            false,
        ),
        ("cut, says stop", cut.to_owned(), json!("stop"), false, true),
        (
            "cut, says nothing",
            cut.to_owned(),
            Value::Null,
            false,
            true,
        ),
        (
            "cut, says max_tokens",
            cut.to_owned(),
            json!("max_tokens"),
            false,
            true,
        ),
        (
            "cut, says length",
            cut.to_owned(),
            json!("length"),
            false,
            true,
        ),
        (
            "unknown entries",
            broken("message", "what"),
            json!("stop"),
            false,
            true,
        ),
    ];
    for (number, (name, text, finish, is_kept, is_incomplete)) in cases.into_iter().enumerate() {
        let head = format!("{:040x}", 0xbad0 + number);
        let number = number as u64 + 10;
        team.host.merge_request(number, &head, vec![login()]);
        team.model.then(says(&text, finish));
        let (id, push_id) = team.deliver(merge_request(number, &head, "opened")).await;
        let review = team.published(id).await;
        assert_eq!(review["status"], "completed", "{name}: {review:#}");
        assert_ne!(review["decision"], "APPROVED", "{name}: {review:#}");
        assert_eq!(review["comments_count"], u64::from(is_kept), "{name}");
        assert_eq!(review["coverage"]["cut"], is_incomplete, "{name}");
        let summary = review["summary"].as_str().unwrap_or_default();
        let is_cut = name.starts_with("cut");
        assert!(is_cut || summary == "One thing should be mended.", "{name}");
        let told = team.told(push_id).await;
        assert!(!told.contains("\"severity\""), "{name}: {told}");
        assert_eq!(
            told.contains("could not be read in full"),
            is_incomplete,
            "{name}: {told}"
        );
        let at_host = &team.host.comments_on(number)[0].body;
        assert_eq!(
            at_host.contains("could not be read in full"),
            is_incomplete,
            "{name}"
        );
        let statuses = team.host.statuses();
        let status = statuses
            .iter()
            .find(|status| status.commit == head)
            .expect("a status");
        assert_eq!(status.state == "error", is_incomplete, "{name}");
        assert_eq!(
            status.description.contains("incomplete"),
            is_incomplete,
            "{name}"
        );
        let verdicts = team.host.verdicts();
        let is_approval = |event: &str| event.eq_ignore_ascii_case("approve");
        assert!(
            !verdicts.iter().any(|verdict| is_approval(&verdict.event)),
            "{name}"
        );
    }
    team.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_json_reaches_people() {
    let team = Team::start(Backend::Sqlite, json!({"language": "en-US"})).await;
    let sound = reply("REQUEST_CHANGES", 40, json!([issue(2, "HIGH")])).to_string();
    for (number, text) in [
        "{'score': 40, 'summary': 'One thing should be mended.'".to_owned(),
        sound.replacen("\"score\"", "// of 100\n\"score\"", 1),
        sound.replace('"', "'"),
        sound.replace('"', "\\\""),
        sound.replacen("\"issues\"", "issues", 1),
        "[1, 2, 3]".to_owned(),
        r#"{"a": {"b": "c"}}"#.to_owned(),
        r#"{"score": 80}"#.to_owned(),
        sound[1..].to_owned(),
        format!("Here it is:\n```json\n{}", &sound[..sound.len() / 3]),
    ]
    .into_iter()
    .enumerate()
    {
        let head = format!("{:040x}", 0xcad0 + number);
        let number = number as u64 + 10;
        team.host.merge_request(number, &head, vec![login()]);
        team.model.then(OpenAi::says(&text));
        let (_, push_id) = team.deliver(merge_request(number, &head, "opened")).await;
        let told = team.told(push_id).await;
        for sign in ["{\"", "{'", "\":", "':", "```", "[1,"] {
            assert!(!told.contains(sign), "{text}: {told}");
        }
    }
    team.app.stop().await;
}

/// A model whose context is short refuses what is too long for it, and is asked with less.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_is_too_long_is_asked_in_parts() {
    let team = Team::start(Backend::Sqlite, json!({"language": "en-US"})).await;
    let refusal = || {
        OpenAi::error(
            400,
            "context_length_exceeded",
            "This model's maximum context length is 8192 tokens.",
        )
    };
    let files = (0..4).map(|number| {
        let patch = format!("@@ -1,1 +1,2 @@\n package login\n+var token{number} = 1\n");
        push_notify_tests::forge::File::modified(&format!("src/{number}.go"), &patch)
    });
    team.host.merge_request(7, HEAD, files.collect());
    let fine = || OpenAi::says(&reply("APPROVED", 90, json!([])).to_string());
    // All four are too much, two are, and one of them is alone; the others are asked about one by
    // one.
    for answer in [refusal(), refusal(), refusal(), fine(), fine(), fine()] {
        team.model.then(answer);
    }
    let (id, push_id) = team.deliver(merge_request(7, HEAD, "opened")).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "completed", "{review:#}");
    assert_eq!(review["coverage"]["left_out"]["too_large"], 1, "{review:#}");
    assert_eq!(review["coverage"]["reviewed"], 3, "{review:#}");
    assert_eq!(
        review["decision"], "COMMENT",
        "nobody approves what nobody has seen"
    );
    team.told(push_id).await;

    // Who refuses everything is not asked for ever, and what it says is told.
    let head = "dddddddddddddddddddddddddddddddddddddddd";
    team.host.merge_request(8, head, vec![login()]);
    team.model.then(refusal());
    let (id, _) = team.deliver(merge_request(8, head, "opened")).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "failed", "{review:#}");
    let reason = review["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("maximum context length"), "{reason}");
    team.app.stop().await;
}
