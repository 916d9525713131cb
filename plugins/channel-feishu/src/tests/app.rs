//! Messages of an app, which can be changed and answered.

use super::{NOW_MS, message};
use crate::{Config, Feishu};
use push_notify_sdk::{
    Channel, Followed, Receipt, Replies, Updates,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const ID: &str = "om_dc13264520392913993dd051dba21dcf";

fn config() -> Config {
    serde_json::from_value(json!({
        "app_id": "cli_pear", "app_secret": "app-secret-placeholder", "chat_id": "oc_pear",
    }))
    .unwrap()
}

/// The app gets its token, and then this answer.
fn feishu(status: u16, answer: &Value) -> Host {
    let answer = answer.to_string();
    Host::new().now_ms(NOW_MS).http(move |request| {
        Ok(
            match request.url.ends_with("/tenant_access_token/internal") {
                true => testing::response(
                    200,
                    r#"{"code":0,"msg":"ok","tenant_access_token":"t-not-real","expire":7200}"#,
                ),
                false => testing::response(status, answer.clone()),
            },
        )
    })
}

fn taken() -> Host {
    feishu(
        200,
        &json!({"code": 0, "msg": "success", "data": {"message_id": ID}}),
    )
}

fn refusing(code: i64, text: &str) -> Host {
    feishu(400, &json!({"code": code, "msg": text}))
}

fn receipt() -> Receipt {
    Receipt {
        id: Some(ID.to_owned()),
        handle: Some(ID.to_owned()),
        note: None,
    }
}

fn card(request: &Request) -> Value {
    let sent: Value = request.json();
    serde_json::from_str(sent["content"].as_str().unwrap()).unwrap()
}

#[test]
fn an_app_proves_itself_and_sends_a_card_to_its_group() {
    let host = taken();
    assert_eq!(
        host.run(|| Feishu::send(config(), message("**text**"))),
        Ok(receipt())
    );
    let requests = host.requests();
    assert_eq!(
        requests[0].json::<Value>(),
        json!({"app_id": "cli_pear", "app_secret": "app-secret-placeholder"})
    );
    assert!(requests[0].body_secrets.is_some());
    let request = &requests[1];
    assert_eq!(
        request.url,
        "https://open.feishu.cn/open-apis/im/v1/messages?receive_id_type=chat_id"
    );
    assert_eq!(request.header("authorization"), Some("Bearer t-not-real"));
    let sent: Value = request.json();
    assert_eq!(
        (&sent["receive_id"], &sent["msg_type"]),
        (&json!("oc_pear"), &json!("interactive"))
    );
    assert_eq!(card(request)["body"]["elements"][0]["content"], "**text**");
}

#[test]
fn a_card_is_changed_in_its_place() {
    let host = taken();
    let changed = host.run(|| Feishu::update(config(), ID.to_owned(), message("new")));
    assert_eq!(changed, Ok(Followed::Sent(receipt())));
    let request = host.requests().pop().unwrap();
    let url = format!("https://open.feishu.cn/open-apis/im/v1/messages/{ID}");
    assert_eq!(request.url, url);
    let sent: Value = request.json();
    assert_eq!(sent.as_object().unwrap().len(), 1, "{sent}");
    assert_eq!(card(&request)["body"]["elements"][0]["content"], "new");
}

#[test]
fn an_answer_is_in_the_thread_of_the_message() {
    let host = taken();
    let answered = host.run(|| Feishu::reply(config(), ID.to_owned(), message("more")));
    assert_eq!(answered, Ok(Followed::Sent(receipt())));
    let request = host.requests().pop().unwrap();
    assert!(
        request
            .url
            .ends_with(&format!("/im/v1/messages/{ID}/reply"))
    );
    assert_eq!(request.json::<Value>()["reply_in_thread"], true);
}

#[test]
fn what_cannot_be_followed_is_gone() {
    for (code, text) in [
        (230011, "The message is recalled."),
        (
            230031,
            "Message can only be modified within 14 days after sending.",
        ),
        (230050, "The message is invisible to the operator."),
        (
            230001,
            "Your request contains an invalid request parameter, ext=invalid message_id",
        ),
    ] {
        let host = refusing(code, text);
        let update = host.run(|| Feishu::update(config(), ID.to_owned(), message("b")));
        assert!(
            matches!(update, Ok(Followed::Gone(_))),
            "{code}: {update:?}"
        );
        let reply = host.run(|| Feishu::reply(config(), ID.to_owned(), message("b")));
        assert!(matches!(reply, Ok(Followed::Gone(_))), "{code}: {reply:?}");
    }
    for handle in ["", "17", "om_a/../../x", "om_a?b"] {
        let host = taken();
        let update = host.run(|| Feishu::update(config(), handle.to_owned(), message("b")));
        assert!(matches!(update, Ok(Followed::Gone(_))), "{handle}");
        assert!(host.requests().is_empty(), "{handle}");
    }
    let bot = || super::config(json!({}));
    let update = taken().run(|| Feishu::update(bot(), ID.to_owned(), message("b")));
    assert!(matches!(update, Ok(Followed::Gone(_))), "{update:?}");
}

#[test]
fn each_answer_to_an_app_is_of_its_class() {
    let class = |host: Host| testing::class(&host.run(|| Feishu::send(config(), message("b"))));
    assert_eq!(class(taken()), "ok");
    for (code, text, expected) in [
        (
            230002,
            "The bot can not be outside the group.",
            "misconfigured",
        ),
        (230027, "Lack of necessary permissions.", "misconfigured"),
        (230001, "ext=invalid receive_id", "misconfigured"),
        (99991663, "Invalid access token", "misconfigured"),
        (
            230020,
            "This operation triggers the frequency limit.",
            "throttled",
        ),
        (230028, "The messages do NOT pass the audit.", "rejected"),
        (230099, "Failed to create card content.", "rejected"),
        (230011, "The message is recalled.", "rejected"),
    ] {
        assert_eq!(class(refusing(code, text)), expected, "{code}");
    }
    let wrong = Host::new().now_ms(NOW_MS).http(|_| {
        Ok(testing::response(
            200,
            r#"{"code":10014,"msg":"app secret invalid"}"#,
        ))
    });
    assert_eq!(class(wrong), "misconfigured");
    assert_eq!(
        class(Host::new().http(|_| Ok(testing::response(502, "")))),
        "retry"
    );
}

#[test]
fn a_card_of_an_app_fits_into_its_request() {
    for unit in ["x", "張", "\"", "\\", "\n"] {
        let host = taken();
        let sent = host.run(|| Feishu::send(config(), message(&unit.repeat(40_000))));
        assert!(sent.is_ok(), "{unit:?}");
        let request = host.requests().pop().unwrap();
        assert!(
            request.text().len() <= 30_000,
            "{unit:?}: {}",
            request.text().len()
        );
    }
}

#[test]
fn an_app_needs_all_of_its_settings() {
    let full = json!({"app_id": "cli_pear", "app_secret": "s", "chat_id": "oc_pear"});
    for missing in ["app_id", "chat_id", "app_secret"] {
        let mut fields = full.clone();
        fields.as_object_mut().unwrap().remove(missing);
        let config: Config = serde_json::from_value(fields).unwrap();
        let probe = taken().run(|| Feishu::probe(config));
        assert_eq!(testing::class(&probe), "misconfigured", "{missing}");
    }
    assert_eq!(taken().run(|| Feishu::probe(self::config())), Ok(()));
}
