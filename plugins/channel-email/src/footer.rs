//! Why somebody has this mail, in the language that it is in.

use push_notify_sdk::Message;

pub(crate) fn why(message: &Message) -> String {
    match (speaks_english(message), message.repository.as_str()) {
        (true, "") => {
            "You get this mail because a target of Push Notify names your address.".to_owned()
        }
        (true, name) => {
            format!(
                "You get this mail because a target of Push Notify for {name} names your address."
            )
        }
        (false, "") => "您收到此邮件，是因为 Push Notify 的推送目标包含您的地址。".to_owned(),
        (false, name) => {
            format!("您收到此邮件，是因为 Push Notify 中 {name} 的推送目标包含您的地址。")
        }
    }
}

pub(crate) fn speaks_english(message: &Message) -> bool {
    message.locale.starts_with("en")
}
