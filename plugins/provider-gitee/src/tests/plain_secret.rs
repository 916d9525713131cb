//! `X-Webhook-Secret`, for who can send nothing better.

use super::{NOW_MS, SECRET, config, engine, fixture, sign, unauthenticated, webhook};
use crate::{Gitee, Mode};
use push_notify_sdk::{Delivery, Provider, Rejection};

fn deliver(mode: Mode, more: &[(&str, &str)]) -> Result<Delivery, Rejection> {
    let headers = [&[("X-Gitee-Event", "Push Hook")], more].concat();
    let webhook = webhook(&headers, &fixture("push.branch.json"));
    engine(SECRET).run(|| Gitee::receive(webhook, config(mode)))
}

#[test]
fn the_plain_secret_is_taken_where_there_is_no_token() {
    let plain = ("X-Webhook-Secret", SECRET);
    for mode in [Mode::Sign, Mode::Password] {
        assert!(deliver(mode, &[plain]).is_ok());
        assert!(deliver(mode, &[plain, ("X-Gitee-Token", "")]).is_ok());
        for wrong in ["", " ", "another-secret-not-real", &SECRET[1..]] {
            let result = deliver(mode, &[("X-Webhook-Secret", wrong)]);
            assert!(unauthenticated(&result), "`{wrong}`: {result:?}");
        }
    }
}

#[test]
fn beside_a_token_the_plain_secret_does_not_count() {
    let at = NOW_MS.to_string();
    let sign = sign(SECRET, &at);
    let wrong = ("X-Webhook-Secret", "another-secret-not-real");
    for (mode, token) in [(Mode::Sign, &*sign), (Mode::Password, SECRET)] {
        let own = |token| [("X-Gitee-Timestamp", &*at), ("X-Gitee-Token", token)];
        let with = |token, plain| deliver(mode, &[&own(token)[..], &[plain]].concat());
        assert!(with(token, wrong).is_ok());
        let result = with("forged", ("X-Webhook-Secret", SECRET));
        assert!(unauthenticated(&result), "{mode:?}: {result:?}");
    }
}
