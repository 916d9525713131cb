//! What a name, an address and a password must be.

use super::password;
use crate::http::{code, extract::Form};
use push_notify_core::i18n::Text;

/// Longest mail address, in characters (RFC 5321 with its angle brackets taken off).
const LONGEST_EMAIL: usize = 254;

pub(super) fn username(form: &mut Form) -> String {
    let name = form.required_line("username", 100);
    let sound = (3..=20).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !name.is_empty() && !sound {
        let problem = Text::new(
            "必须是3-20位字母、数字或下划线",
            "must be 3 to 20 letters, digits or underscores",
        );
        form.refuse("username", &problem);
    }
    name
}

/// In lower case, so that an address has one account however it is typed.
pub(super) fn email(form: &mut Form) -> Option<String> {
    let email = form.line("email", LONGEST_EMAIL)?.to_lowercase();
    if email.parse::<lettre::Address>().is_err() {
        let problem = Text::new("必须是有效的邮箱地址", "must be a mail address");
        form.refuse("email", &problem);
    }
    Some(email)
}

pub(super) fn required_email(form: &mut Form) -> String {
    form.require("email");
    email(form).unwrap_or_default()
}

/// A new password in the field `name`.
pub(super) fn new_password(form: &mut Form, name: &str) -> String {
    form.require(name);
    let Some(password) = form.secret(name, password::LONGEST) else {
        return String::new();
    };
    if !password::is_strong(&password) {
        let problem = Text::new(
            "至少8位，且必须包含大写字母、小写字母和数字",
            "must have at least 8 characters, upper case, lower case and a digit among them",
        );
        form.refuse_as(&code::PASSWORD_WEAK, name, &problem);
    }
    password
}

/// `confirm_password` must repeat `password`.
pub(super) fn confirmed(form: &mut Form, password: &str) {
    form.require("confirm_password");
    let again = form.secret("confirm_password", password::LONGEST);
    if again.is_some_and(|again| again != password) {
        let problem = Text::new("与密码不一致", "must repeat the password");
        form.refuse("confirm_password", &problem);
    }
}
