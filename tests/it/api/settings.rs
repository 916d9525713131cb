//! `/api/v1/settings`.

use push_notify::settings::timezone_of;
use push_notify_core::id::UserId;
use push_notify_tests::{Backend, TestApp, both};
use serde_json::json;

both!(
    settings_have_defaults_and_keep_what_an_update_does_not_name,
    a_setting_that_makes_no_sense_is_named,
    a_users_language_counts_where_the_request_names_none,
);

const PATH: &str = "/api/v1/settings";

async fn settings_have_defaults_and_keep_what_an_update_does_not_name(on: Backend) {
    let app = TestApp::start(on).await;
    let first = app.get(PATH).await.expect(200);
    let defaults = json!({
        "notify": {"channels": [], "quiet_hours": {"enabled": false, "start": "22:00", "end": "08:00"}},
        "preferences": {"language": "zh-CN", "timezone": "UTC", "theme": "light"},
    });
    assert_eq!(*first.data(), defaults);
    let all = json!({
        "notify": {
            "channels": ["dingtalk", "email"],
            "quiet_hours": {"enabled": true, "start": "23:30", "end": "07:00"},
        },
        "preferences": {"language": "en-US", "timezone": "Asia/Shanghai", "theme": "dark"},
    });
    let changed = app.put(PATH, &all).await.expect(200);
    assert_eq!(*changed.data(), all);
    let one = json!({"notify": {"quiet_hours": {"end": "06:00"}}, "preferences": {"theme": null}});
    app.put(PATH, &one).await.expect(200);
    let mut expected = all;
    expected["notify"]["quiet_hours"]["end"] = json!("06:00");
    assert_eq!(*app.get(PATH).await.expect(200).data(), expected);
    app.put(PATH, &json!({"notify": {"channels": []}}))
        .await
        .expect(200);
    expected["notify"]["channels"] = json!([]);
    assert_eq!(*app.get(PATH).await.expect(200).data(), expected);
    // They are one's own.
    let (_, lisi) = app.user("lisi", "user").await;
    assert_eq!(*lisi.get(PATH).await.expect(200).data(), defaults);
    let zone = timezone_of(app.server.app(), UserId::new(1))
        .await
        .expect("a time zone");
    assert_eq!(zone.iana_name(), Some("Asia/Shanghai"));
    app.stop().await;
}

async fn a_setting_that_makes_no_sense_is_named(on: Backend) {
    let app = TestApp::start(on).await;
    for (body, status, named) in [
        (json!({"notify": []}), 400, "notify"),
        (
            json!({"notify": {"channels": "email"}}),
            400,
            "notify.channels",
        ),
        (json!({"notify": {"channels": [1]}}), 400, "notify.channels"),
        (
            json!({"notify": {"channels": ["pigeon"]}}),
            422,
            "notify.channels",
        ),
        (
            json!({"notify": {"quiet_hours": {"enabled": 1}}}),
            400,
            "notify.quiet_hours.enabled",
        ),
        (
            json!({"notify": {"quiet_hours": {"enabled": true, "start": "24:00"}}}),
            422,
            "notify.quiet_hours.start",
        ),
        (
            json!({"notify": {"quiet_hours": {"enabled": true, "start": "7:00"}}}),
            422,
            "notify.quiet_hours.start",
        ),
        (
            json!({"notify": {"quiet_hours": {"enabled": true, "end": "22:00"}}}),
            422,
            "notify.quiet_hours.end",
        ),
        (
            json!({"preferences": {"language": "fr"}}),
            422,
            "preferences.language",
        ),
        (
            json!({"preferences": {"timezone": "Asia/Nowhere"}}),
            422,
            "preferences.timezone",
        ),
        (
            json!({"preferences": {"theme": "pink"}}),
            422,
            "preferences.theme",
        ),
        (
            json!({"preferences": {"font": "x"}}),
            422,
            "preferences.font",
        ),
        (json!({"colour": "x"}), 422, "colour"),
    ] {
        app.put(PATH, &body).await.expect(status).names(named);
    }
    // What is off need not make sense until it is on.
    let empty = json!({"start": "", "end": "", "enabled": false});
    let off =
        json!({"notify": {"quiet_hours": empty}, "preferences": {"timezone": "", "theme": ""}});
    let kept = app.put(PATH, &off).await.expect(200);
    assert_eq!(kept.data()["notify"]["quiet_hours"]["start"], "22:00");
    assert_eq!(kept.data()["preferences"]["timezone"], "UTC");
    let same = json!({"notify": {"quiet_hours": {"end": "22:00"}}});
    app.put(PATH, &same).await.expect(200);
    let on = json!({"notify": {"quiet_hours": {"enabled": true}}});
    app.put(PATH, &on)
        .await
        .expect(422)
        .names("notify.quiet_hours.end");
    app.stop().await;
}

async fn a_users_language_counts_where_the_request_names_none(on: Backend) {
    let app = TestApp::start(on).await;
    let message = async |accepted: Option<&str>| {
        let path = "/api/v1/repos/999";
        let mut request = app.bare(reqwest::Method::GET, path);
        if let Some(accepted) = accepted {
            request = request.header("accept-language", accepted);
        }
        app.send(request).await.expect(404).json["message"].clone()
    };
    let chinese = message(None).await;
    assert_eq!(chinese, message(Some("zh-CN")).await);
    app.put(PATH, &json!({"preferences": {"language": "en-US"}}))
        .await
        .expect(200);
    let english = message(None).await;
    assert_ne!(english, chinese);
    assert_eq!(english, message(Some("en")).await);
    assert_eq!(chinese, message(Some("zh-CN, en;q=0.5")).await);
    app.stop().await;
}
