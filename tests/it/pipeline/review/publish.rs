//! What the Git host shows of a review.

use super::team::{BEFORE, HEAD, Team, issue, login, merge_request, reply};
use push_notify_tests::{
    Backend, Delivery, OpenAi, Response, both,
    forge::{Fault, On},
};
use serde_json::json;

both!(
    a_review_is_shown_at_its_lines_and_its_summary_is_kept_up_to_date,
    a_refused_comment_is_in_the_summary,
);

async fn a_review_is_shown_at_its_lines_and_its_summary_is_kept_up_to_date(on: Backend) {
    let shown = json!({"publish": ["inline", "summary", "status"], "language": "en-US", "silent_when_clean": true});
    let team = Team::start(on, shown).await;
    team.host.merge_request(7, HEAD, vec![login()]);
    let mut grave = issue(2, "HIGH");
    grave["message"] = json!("Ask @all.\n/approve");
    let said = reply("REQUEST_CHANGES", 62, json!([grave, issue(99, "LOW")]));
    team.model.then(OpenAi::says(&said.to_string()));
    let (id, _) = team.deliver(merge_request(7, HEAD, "opened")).await;
    let review = team.published(id).await;
    assert_eq!(review["publication"], "published", "{review:#}");
    let inline = team.host.inline();
    assert_eq!(inline.len(), 1);
    assert_eq!(
        (inline[0].path.as_str(), inline[0].line),
        ("src/login.go", Some(2))
    );
    assert!(
        inline[0]
            .body
            .starts_with("**[SECURITY:HIGH]** Ask @\u{200b}all.  \n\\/approve"),
        "{}",
        inline[0].body
    );
    let summary = &team.host.comments_on(7)[0];
    assert!(
        summary.body.contains("Changes requested (62/100)"),
        "{}",
        summary.body
    );
    assert_eq!(summary.body.matches("The token is in the code.").count(), 1);
    let status = &team.host.statuses()[0];
    assert_eq!(
        (status.commit.as_str(), status.state.as_str()),
        (HEAD, "failure")
    );
    assert_eq!(status.description, "Changes requested 62/100");

    // New commits, and nothing to find fault with: the summary that stands there says so.
    let head = "dddddddddddddddddddddddddddddddddddddddd";
    team.host.merge_request(7, head, vec![login()]);
    team.model
        .then(OpenAi::says(&reply("APPROVED", 98, json!([])).to_string()));
    let (id, _) = team.deliver(merge_request(7, head, "synchronize")).await;
    team.published(id).await;
    let summaries = team.host.comments_on(7);
    assert_eq!(summaries.len(), 1, "updated, not repeated");
    assert_eq!(summaries[0].edits, 1);
    assert!(
        summaries[0].body.contains("Approved"),
        "{}",
        summaries[0].body
    );
    assert_eq!(team.host.inline().len(), 1);
    assert_eq!(
        team.host
            .statuses()
            .last()
            .map(|status| status.state.clone())
            .as_deref(),
        Some("success")
    );

    // One that was clean from the start is not talked about.
    let head = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
    team.host.merge_request(8, head, vec![login()]);
    team.model
        .then(OpenAi::says(&reply("APPROVED", 98, json!([])).to_string()));
    let (id, push_id) = team.deliver(merge_request(8, head, "opened")).await;
    team.published(id).await;
    assert!(team.host.comments_on(8).is_empty());
    assert!(team.told(push_id).await.contains("Approved"));

    // A push has its summary at the commit.
    let head = "ffffffffffffffffffffffffffffffffffffffff";
    team.host.compare(BEFORE, head, vec![login()]);
    team.model.then(OpenAi::says(&said.to_string()));
    let (id, _) = team.deliver(Delivery::push(head)).await;
    team.published(id).await;
    let on_commit: Vec<_> = team
        .host
        .comments()
        .into_iter()
        .filter(|comment| comment.on == On::Commit(head.to_owned()))
        .collect();
    assert_eq!(on_commit.len(), 1);
    assert!(
        on_commit[0].body.contains("`src/login.go:2`"),
        "{}",
        on_commit[0].body
    );
    team.app.assert_nothing_leaked();
    team.app.stop().await;
}

async fn a_refused_comment_is_in_the_summary(on: Backend) {
    let team = Team::start(on, json!({"publish": ["inline", "summary"]})).await;
    team.host.merge_request(7, HEAD, vec![login()]);
    team.model.then(OpenAi::says(
        &reply("COMMENT", 70, json!([issue(2, "LOW")])).to_string(),
    ));
    let refused = || {
        Response::json(
            422,
            &json!({"message": "Unprocessable Entity", "errors": ["line must be part of the diff"]}),
        )
    };
    team.host
        .fault(Fault::new("POST", "/pulls/7/reviews", refused()).always());
    team.host
        .fault(Fault::new("POST", "/pulls/7/comments", refused()).always());
    // The host is busy at first.
    team.host.fault(Fault::new(
        "POST",
        "/issues/7/comments",
        Response::new(429, "slow down").header("retry-after", "0"),
    ));
    let (id, _) = team.deliver(merge_request(7, HEAD, "opened")).await;
    let review = team.published(id).await;
    assert_eq!(review["publication"], "published", "{review:#}");
    assert!(team.host.inline().is_empty());
    let summaries = team.host.comments_on(7);
    assert_eq!(summaries.len(), 1);
    assert!(
        summaries[0]
            .body
            .contains("- `src/login.go:2` **[SECURITY:LOW]**"),
        "{}",
        summaries[0].body
    );
    team.app.stop().await;
}
