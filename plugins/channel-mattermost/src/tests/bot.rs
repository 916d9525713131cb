//! Posts of a bot, which can be changed and answered.

use super::{config, mattermost, message};
use crate::{Config, Mattermost};
use push_notify_sdk::{
    Channel, Failure, Followed, Receipt, Replies, Updates,
    testing::{self, Host},
};
use serde_json::{Value, json};

const CHANNEL: &str = "4xp9fdt77pncbef59f4k1qe83o";
const POST: &str = "z8zz3aabbpr5jfeuuoqyrtbmxa";

fn bot() -> Config {
    config(json!({
        "url": "", "server_url": "https://chat.example.com/", "token": "token-placeholder",
        "channel_id": CHANNEL,
    }))
}

fn taken() -> Host {
    let post = json!({"id": POST, "channel_id": CHANNEL, "message": "text"});
    mattermost(201, &post.to_string())
}

fn refusing(status: u16, id: &str) -> Host {
    let problem = json!({"id": id, "message": "text", "status_code": status});
    mattermost(status, &problem.to_string())
}

fn receipt() -> Receipt {
    Receipt {
        id: Some(POST.to_owned()),
        handle: Some(POST.to_owned()),
        note: None,
    }
}

#[test]
fn a_bot_posts_and_finds_its_post_again() {
    let host = taken();
    let sent = host.run(|| Mattermost::send(bot(), message("Title", "**text**")));
    assert_eq!(sent, Ok(receipt()));
    let request = host.requests().pop().unwrap();
    assert_eq!(request.url, "https://chat.example.com/api/v4/posts");
    assert_eq!(
        request.header("authorization"),
        Some("Bearer token-placeholder")
    );
    assert_eq!(
        request.json::<Value>(),
        json!({
            "channel_id": CHANNEL, "message": "#### Title\n\n**text**", "props": {"attachments": []},
        })
    );
}

#[test]
fn a_post_is_changed_in_its_place() {
    let host = taken();
    let handle = POST.to_owned();
    let changed = host.run(|| Mattermost::update(bot(), handle, message("Title", "new")));
    assert_eq!(changed, Ok(Followed::Sent(receipt())));
    let request = host.requests().pop().unwrap();
    let address = format!("https://chat.example.com/api/v4/posts/{POST}/patch");
    assert_eq!(request.url, address);
    assert_eq!(
        request.json::<Value>(),
        json!({"message": "#### Title\n\nnew", "props": {"attachments": []}})
    );
}

#[test]
fn an_answer_is_in_the_thread_of_the_post() {
    let host = taken();
    let handle = POST.to_owned();
    let answered = host.run(|| Mattermost::reply(bot(), handle, message("Title", "more")));
    assert_eq!(answered, Ok(Followed::Sent(receipt())));
    let request = host.requests().pop().unwrap();
    assert_eq!(request.json::<Value>()["root_id"], POST);
    assert_eq!(request.json::<Value>()["channel_id"], CHANNEL);
}

#[test]
fn what_cannot_be_followed_is_gone() {
    for (status, id) in [
        (403, "api.context.permissions.app_error"),
        (400, "api.post.update_post.permissions_time_limit.app_error"),
        (404, "app.post.get.app_error"),
        (400, "api.post.create_post.root_id.app_error"),
    ] {
        let host = refusing(status, id);
        let update = host.run(|| Mattermost::update(bot(), POST.to_owned(), message("t", "b")));
        assert!(matches!(update, Ok(Followed::Gone(_))), "{id}: {update:?}");
        let reply = host.run(|| Mattermost::reply(bot(), POST.to_owned(), message("t", "b")));
        assert!(matches!(reply, Ok(Followed::Gone(_))), "{id}: {reply:?}");
    }
    for handle in ["", "17", "../users/me/patch?abcdefghi"] {
        let host = taken();
        let update = host.run(|| Mattermost::update(bot(), handle.to_owned(), message("t", "b")));
        assert!(matches!(update, Ok(Followed::Gone(_))), "{handle}");
        assert!(host.requests().is_empty(), "{handle}");
    }
    let hook = || config(json!({}));
    let update = taken().run(|| Mattermost::update(hook(), POST.to_owned(), message("t", "b")));
    assert!(matches!(update, Ok(Followed::Gone(_))));
}

#[test]
fn each_answer_to_a_bot_is_of_its_class() {
    let class =
        |host: Host| testing::class(&host.run(|| Mattermost::send(bot(), message("t", "b"))));
    let refused = |status, id: &str| class(refusing(status, id));
    assert_eq!(class(taken()), "ok");
    assert_eq!(class(mattermost(200, "<html>")), "retry");
    assert_eq!(
        refused(401, "api.context.session_expired.app_error"),
        "misconfigured"
    );
    assert_eq!(
        refused(403, "api.context.permissions.app_error"),
        "misconfigured"
    );
    assert_eq!(
        refused(404, "app.channel.get.existing.app_error"),
        "misconfigured"
    );
    assert_eq!(
        refused(400, "model.post.is_valid.message_length.app_error"),
        "rejected"
    );
    assert_eq!(refused(500, "app.post.save.app_error"), "retry");
    assert_eq!(class(mattermost(429, "limit exceeded")), "retry");
}

#[test]
fn a_bot_needs_all_of_its_settings() {
    for (fields, is_complete) in [
        (json!({"url": "", "token": "x"}), false),
        (
            json!({"url": "", "token": "x", "server_url": "https://c.example"}),
            false,
        ),
        (
            json!({"url": "", "token": "x", "server_url": "https://c.example", "channel_id": "town-square"}),
            false,
        ),
        (
            json!({"url": "", "token": "x", "server_url": "https://c.example", "channel_id": CHANNEL}),
            true,
        ),
        (json!({"url": ""}), false),
        (json!({}), true),
    ] {
        let probe = taken().run(|| Mattermost::probe(config(fields.clone())));
        match is_complete {
            true => assert_eq!(probe, Ok(()), "{fields}"),
            false => assert!(matches!(probe, Err(Failure::Misconfigured(_))), "{fields}"),
        }
    }
}
