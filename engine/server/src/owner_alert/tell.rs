//! Telling of one target, by the first way that works.

use super::{
    push::{self, PushError},
    store::{self, Failing},
    way::{Way, ways},
};
use crate::{
    app::App,
    mail::{Mail, MailError},
};
use push_notify_core::i18n::Locale;

#[derive(Debug, thiserror::Error)]
enum TellError {
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error(transparent)]
    Push(#[from] PushError),
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
}

impl TellError {
    /// Whether it may work later.
    fn is_passing(&self) -> bool {
        match self {
            Self::Mail(error) => error.is_passing(),
            Self::Push(PushError::Database(_)) | Self::Database(_) => true,
            Self::Push(PushError::Content(_)) => false,
        }
    }
}

/// What cannot be told now is told when the lease is over; what can never be is said in the log,
/// once.
pub(super) async fn tell(app: &App, failing: &Failing) {
    let target_id = failing.target_id;
    let mut is_passing = false;
    for way in ways(failing, app.mailer.is_some()) {
        match tell_by(app, failing, &way).await {
            Ok(()) => {
                tracing::info!(
                    target.id = target_id.get(),
                    by = way.name(),
                    "told of a failing target"
                );
                return;
            }
            Err(error) => {
                is_passing |= error.is_passing();
                tracing::warn!(target.id = target_id.get(), by = way.name(), %error, "cannot tell of a failing target");
            }
        }
    }
    if is_passing {
        return;
    }
    tracing::warn!(
        target.id = target_id.get(),
        target.name = failing.name,
        "a target fails and there is nobody to tell: set `mail.smtp_host`, or the target's owner and `notice_target_id`"
    );
    if let Err(error) = store::told(app.db.write(), failing, app.clock.now_us()).await {
        tracing::warn!(target.id = target_id.get(), %error, "cannot record that nobody can be told");
    }
}

async fn tell_by(app: &App, failing: &Failing, way: &Way) -> Result<(), TellError> {
    let (locale, zone) = match &failing.owner {
        Some(owner) => {
            let preferences = &owner.settings.preferences;
            (preferences.language.into(), preferences.zone())
        }
        None => (Locale::default(), app.config.server.zone()),
    };
    let message = failing.message(locale, &zone);
    match way {
        Way::Mail(to) => {
            let Some(mailer) = &app.mailer else {
                return Ok(());
            };
            let mail = Mail {
                to: to.clone(),
                subject: message.title.clone(),
                body: message.plain(),
            };
            mailer.send(mail, mailer.room()?).await?;
            store::told(app.db.write(), failing, app.clock.now_us()).await?;
        }
        Way::Target(through) => push::push(app, failing, through, &message).await?,
    }
    Ok(())
}
