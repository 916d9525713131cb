use super::{Way, ways};
use crate::{
    owner_alert::store::{Failing, Owner, Through},
    settings::Settings,
};
use push_notify_core::id::TargetId;

fn failing(channels: &[&str]) -> Failing {
    let mut settings = Settings::default();
    settings.notify.channels = channels.iter().map(ToString::to_string).collect();
    Failing {
        owner: Some(Owner {
            email: "lisi@example.com".to_owned(),
            settings,
        }),
        through: Some(Through {
            target_id: TargetId::new(2),
            channel: "dingtalk".to_owned(),
            quiet: None,
        }),
        ..Failing::default()
    }
}

fn names(failing: &Failing, has_mailer: bool) -> Vec<&'static str> {
    ways(failing, has_mailer).iter().map(Way::name).collect()
}

#[test]
fn an_owner_is_told_by_mail_unless_they_want_otherwise() {
    assert_eq!(names(&failing(&[]), true), ["mail", "target"]);
    assert_eq!(names(&failing(&["dingtalk"]), true), ["target", "mail"]);
    let both = ["email", "dingtalk"];
    assert_eq!(names(&failing(&both), true), ["mail", "target"]);
    let unlike = ["sms", "email"];
    assert_eq!(names(&failing(&unlike), true), ["mail", "target"]);
}

#[test]
fn what_is_not_there_is_no_way() {
    assert_eq!(names(&failing(&["email"]), false), ["target"]);
    let mut nobody = failing(&[]);
    nobody.owner = None;
    assert_eq!(names(&nobody, true), ["target"]);
    nobody.through = None;
    assert_eq!(names(&nobody, true), [""; 0]);
}
