//! The input is what a Git host answers when it is asked for the changes of an event and for a
//! file: JSON, or git's own diff.
#![no_main]

use libfuzzer_sys::fuzz_target;
use push_notify_sdk::{
    Changes, Event, Repository,
    testing::{Host, response},
};
use serde_json::json;

fuzz_target!(|body: &[u8]| {
    ask::<provider_github::Github>(body);
    ask::<provider_gitea::Gitea>(body);
    ask::<provider_gitee::Gitee>(body);
    ask::<provider_gitlab::Gitlab>(body);
});

fn ask<P: Changes>(body: &[u8]) {
    let answer = body.to_vec();
    let host = Host::new().http(move |_| Ok(response(200, answer.clone())));
    let config = || {
        let config = json!({
            "url": "https://git.example.com/company/app",
            "access_token": "placeholder",
            "api_url": "https://git.example.com/api/v1",
        });
        serde_json::from_value(config).expect("a configuration")
    };
    let event = Event {
        kind: "push".to_owned(),
        branch: Some("main".to_owned()),
        before: Some("1".repeat(40)),
        after: Some("2".repeat(40)),
        repository: Repository {
            full_name: "company/app".to_owned(),
            url: Some("https://git.example.com/company/app".to_owned()),
            ..Repository::default()
        },
        ..Event::default()
    };
    let _ = host.run(|| P::changes(event.clone(), None, config()));
    let _ = host.run(|| P::content(event, "src/lib.rs".to_owned(), config()));
}
