//! Telling whom a repository belongs to that its deliveries wait, because the parser fails on them.

mod store;
#[cfg(test)]
mod tests;

use super::message::Message;
use crate::{
    app::App,
    mail::{Mail, MailError},
};
use push_notify_core::{
    clock::{Micros, rfc3339},
    i18n::Locale,
};
use store::{Person, Resting};

#[derive(Debug, thiserror::Error)]
enum TellError {
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
}

/// Begins to tell of each repository that rests. `lease_us`: who tells has as long, or another
/// does.
pub(super) async fn look(app: &App, lease_us: Micros) -> Result<(), sqlx::Error> {
    let now = app.clock.now_us();
    store::forget(app.db.write(), now).await?;
    for resting in store::untold(app.db.read(), now).await? {
        if store::claim(app.db.write(), &resting, now, now + lease_us).await? {
            let app = app.clone();
            tokio::spawn(async move { tell(&app, &resting).await });
        }
    }
    Ok(())
}

/// What cannot be told now is told when the lease is over.
async fn tell(app: &App, resting: &Resting) {
    let repo_id = resting.repo_id;
    match tell_all(app, resting).await {
        Ok(0) => tracing::warn!(
            repo.id = repo_id.get(),
            "the deliveries of a repository wait because its parser fails, and there is nobody to tell: set `mail.smtp_host`, or \
             whom it belongs to"
        ),
        Ok(people) => tracing::info!(
            repo.id = repo_id.get(),
            people,
            "told of a repository that rests"
        ),
        Err(error) => {
            tracing::warn!(repo.id = repo_id.get(), %error, "cannot tell of a repository that rests");
        }
    }
}

/// How many were told.
async fn tell_all(app: &App, resting: &Resting) -> Result<usize, TellError> {
    let mut told = 0;
    if let Some(mailer) = &app.mailer {
        for Person { email, settings } in store::people(app.db.read(), resting.repo_id).await? {
            let message = resting.message(settings.preferences.language.into());
            let mail = Mail {
                to: email,
                subject: message.title.clone(),
                body: message.plain(),
            };
            match mailer.send(mail, mailer.room()?).await {
                Ok(()) => told += 1,
                // One whose address is wrong keeps nobody else from being told.
                Err(error) if !error.is_passing() => {
                    tracing::warn!(repo.id = resting.repo_id.get(), %error, "somebody cannot be told");
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    store::told(app.db.write(), resting, app.clock.now_us()).await?;
    Ok(told)
}

impl Resting {
    fn message(&self, locale: Locale) -> Message {
        let (id, name, since) = (self.repo_id, &self.name, rfc3339(self.since));
        let reason = &self.reason;
        let (title, paragraphs) = match locale {
            Locale::Chinese => (
                format!("仓库“{name}”的Webhook无法解析"),
                [
                    format!(
                        "自 {since} 起，仓库“{name}”（ID {id}）的Webhook多次使解析插件出错，因此暂停解析。收到的Webhook会被保留，并自动重试。"
                    ),
                    format!("最近一次错误：{reason}"),
                    "如果持续出现，请在事件列表中查看被保留的Webhook，或联系管理员。".to_owned(),
                ],
            ),
            Locale::English => (
                format!("Webhooks of the repository \"{name}\" cannot be read"),
                [
                    format!(
                        "Since {since} webhooks of the repository \"{name}\" (id {id}) made their parser fail again and again, so that it \
                         rests. What arrives is kept, and tried again by itself."
                    ),
                    format!("The last error: {reason}"),
                    "If this goes on, look at the parked webhooks among the events, or ask an administrator."
                        .to_owned(),
                ],
            ),
        };
        Message {
            title,
            paragraphs: paragraphs.into(),
        }
    }
}
