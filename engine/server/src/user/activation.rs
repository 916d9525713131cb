//! The mail with which somebody who registered shows that the address is theirs.

use super::{User, store};
use crate::{
    app::App,
    http::ApiError,
    log::operation::Visitor,
    mail::{Mail, MailError, Mailer},
    session::token,
};
use push_notify_core::{
    calendar,
    clock::{MINUTE_US, Micros},
    i18n::Text,
    random,
};
use tokio::sync::OwnedSemaphorePermit;

const HOURS: i64 = 48;

#[derive(Debug, thiserror::Error)]
enum LinkError {
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
}

/// Sends a link to the pending user with this address, if there is one who was sent none in this
/// minute. All of it happens later, so that nobody can tell from the answer's time whether there
/// is. A link that cannot be sent is asked for again.
pub(super) fn send_soon(app: &App, email: String) {
    let Some(mailer) = app.mailer.clone() else {
        return;
    };
    let room = match mailer.room() {
        Ok(room) => room,
        Err(error) => return tracing::warn!(%error, "an activation mail is not sent"),
    };
    let app = app.clone();
    // The request's minute, not that of the work for it.
    let since = app.clock.now_us() - MINUTE_US;
    tokio::spawn(async move {
        let user = match find(&app, &email, since).await {
            Ok(Some(user)) => user,
            Ok(None) => return,
            Err(error) => return tracing::warn!(%error, "an activation mail is not sent"),
        };
        if let Err(error) = send(&app, &mailer, &user, room).await {
            tracing::warn!(user.id = user.id.get(), %error, "an activation mail was not sent");
        }
    });
}

/// The user whom a link is for. Nothing changes: whatever looks through mails opens links.
pub(super) async fn look(app: &App, token: &str) -> Result<User, ApiError> {
    let now = app.clock.now_us();
    let user = store::find_by_link(app.db.read(), &token::digest(token), now).await?;
    user.ok_or_else(wrong_link)
}

/// The user of a link, who is active from now on.
pub(super) async fn open(app: &App, visitor: &Visitor, token: &str) -> Result<User, ApiError> {
    let mut transaction = app.db.begin().await?;
    let now = app.clock.now_us();
    let user = store::activate(&mut transaction, &token::digest(token), now).await?;
    let user = user.ok_or_else(wrong_link)?;
    visitor
        .did_as(app, &mut transaction, &user, "user.activate")
        .await?;
    transaction.commit().await?;
    Ok(user)
}

fn wrong_link() -> ApiError {
    let problem = Text::new(
        "无效、已使用或已过期，请重新获取激活邮件",
        "is wrong, was used or is too old: ask for another activation mail",
    );
    ApiError::invalid_field("token", &problem)
}

async fn find(app: &App, email: &str, since: Micros) -> Result<Option<User>, sqlx::Error> {
    let Some(user) = store::find_pending(app.db.read(), email).await? else {
        return Ok(None);
    };
    let recent = store::has_recent_activation(app.db.read(), user.id, since).await?;
    Ok((!recent).then_some(user))
}

async fn send(
    app: &App,
    mailer: &Mailer,
    user: &User,
    room: OwnedSemaphorePermit,
) -> Result<(), LinkError> {
    let token = random::hex::<32>();
    let now = app.clock.now_us();
    let end = now + HOURS * 60 * MINUTE_US;
    let mut transaction = app.db.begin().await?;
    let digest = token::digest(&token);
    store::insert_activation(&mut transaction, &digest, user.id, now, end).await?;
    transaction.commit().await?;
    let link = format!("{}/api/v1/auth/activate?token={token}", app.public_base);
    let mail = Mail {
        to: user.email.clone(),
        subject: "激活您的 Push Notify 账号 / Activate your Push Notify account".to_owned(),
        body: body(
            &user.username,
            &link,
            &calendar::told(end, &app.config.server.zone()),
        ),
    };
    Ok(mailer.send(mail, room).await?)
}

fn body(username: &str, link: &str, end: &str) -> String {
    format!(
        "{username}，您好！\n\n\
         请在{HOURS}小时内（{end}前）打开以下链接，并在页面上确认激活您的账号。如果不是您本人注册，请忽略本邮件。\n\n\
         {link}\n\n\
         Hello {username},\n\n\
         open the link above within {HOURS} hours (until {end}) and press the button there to activate your account. If you did not register, ignore this mail.\n"
    )
}
