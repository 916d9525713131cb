//! Whether a login is good.

use super::{
    captcha,
    lockout::{self, Source, Standing},
};
use crate::{
    app::App,
    http::{ApiError, code},
    user::{
        Status,
        store::{self as user_store, Account},
    },
};
use push_notify_core::i18n::Text;
use serde_json::json;

/// What somebody typed.
pub struct Attempt {
    pub(super) username: String,
    pub(super) password: String,
    /// Key and answer.
    pub(super) captcha: Option<(String, String)>,
    /// The refresh token is to be in a cookie.
    pub(super) in_cookie: bool,
}

/// The account that this logs in, and how whoever knows its password stood. Names that nobody has
/// are answered as those that somebody has, and as slowly.
pub(super) async fn check(
    app: &App,
    attempt: Attempt,
    source: &Source,
) -> Result<(Account, Standing), ApiError> {
    let standing = lockout::standing(app, source).await?;
    let solved = match &attempt.captcha {
        Some((key, answer)) if standing.needs_captcha => captcha::is_solved(app, key, answer).await,
        _ => false,
    };
    if standing.needs_captcha && !solved {
        return Err(captcha_needed());
    }
    // Before the attempt counts: who has to go away without an answer has not failed.
    let permit = app.hasher.permit().await?;
    let count = lockout::attempt(app, source, standing).await?;
    // Others failed while this one was on its way.
    if count > lockout::CAPTCHA_AFTER && !solved {
        return Err(captcha_needed());
    }
    let account = user_store::find_account(app.db.read(), &attempt.username).await?;
    // A database may find more names alike than failures are counted under.
    let account = account.filter(|account| lockout::key(&account.user.username) == source.name());
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let right = permit.is_right(attempt.password, hash).await?;
    let account = match account {
        Some(account) if right => account,
        _ => {
            let required = count >= lockout::CAPTCHA_AFTER;
            let wrong = ApiError::from(&code::WRONG_PASSWORD);
            return Err(wrong.with_data(json!({ "captcha_required": required })));
        }
    };
    // Only said to whoever knows the password.
    if account.user.status == Status::Active {
        return Ok((account, standing));
    }
    lockout::passed(&mut *app.db.writer().await?, source, standing).await?;
    Err(match account.user.status {
        Status::Pending => ApiError::forbidden().saying(Text::new(
            "账号尚未激活，请打开激活邮件中的链接",
            "The account is not active yet: open the link in the activation mail",
        )),
        _ => (&code::ACCOUNT_LOCKED).into(),
    })
}

fn captcha_needed() -> ApiError {
    let problem = Text::new(
        "错误或已过期，请输入新的图形验证码",
        "is missing, wrong or too old: answer a new one",
    );
    ApiError::invalid_field("captcha", &problem).with_data(json!({ "captcha_required": true }))
}
