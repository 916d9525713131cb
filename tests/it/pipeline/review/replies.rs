//! What models say instead of a sound answer.

use super::team::{Team, issue, login, merge_request, reply};
use push_notify_tests::{Backend, OpenAi};
use serde_json::json;

/// A reply, and what becomes of it: status, decision, how many comments, a part of the summary or reason.
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
