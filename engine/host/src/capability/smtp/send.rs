use super::{
    connection::{Broken, Connection},
    echo::Echoes,
    message::{Envelope, Error, Outcome, Route, Server, body},
    pool::Pool,
    settings,
};
use crate::call::Call;
use std::{sync::Arc, time::Instant};
use tokio::time::timeout;

/// Most mails of one call.
const MOST: u32 = 10;
/// Longest text of a reply, in bytes.
const LONGEST_REPLY: usize = 500;

pub(crate) async fn send(
    call: &mut Call,
    server: Server,
    envelope: Envelope,
    message: Vec<u8>,
) -> Result<Vec<Outcome>, Error> {
    if call.mails >= MOST {
        return Err(Error::Denied(format!(
            "a call may send at most {MOST} mails"
        )));
    }
    call.mails += 1;
    let route = Route::new(envelope)?;
    let body = body(&message)?;
    let as_configured = call
        .caller
        .granted
        .check_smtp(&server.host, &call.fields)
        .map_err(|refusal| Error::Denied(call.secrets.hide_text(refusal)))?;
    if as_configured {
        settings::check(&call.mail, &server).map_err(Error::Denied)?;
    }
    let server = Server {
        username: server.username.map(|name| fill(call, &name)),
        password: server.password.map(|password| fill(call, &password)),
        ..server
    };
    let echoes = Echoes::new(&server);
    let _idle = call.services.ticker.pause();
    let deadline = Instant::now() + call.remaining();
    let work = deliver(&call.services.mail, server, &route, body, deadline);
    let outcome = tokio::time::timeout_at(deadline.into(), work)
        .await
        .unwrap_or(Err(Error::TimedOut));
    call.charged(|call| hide(call, &echoes, outcome))
}

pub(super) async fn deliver(
    pool: &Arc<Pool>,
    server: Server,
    route: &Route,
    body: &[u8],
    deadline: Instant,
) -> Result<Vec<Outcome>, Error> {
    if let Some(waited) = pool.waiting(&server).await {
        match transact(pool, &server, waited, route, body, deadline).await {
            // It went stale while it waited. Nothing was handed over, so that this cannot become a
            // second mail.
            Err(Broken {
                error: Error::Unreachable(_),
                untouched: true,
                ..
            }) => {}
            Err(Broken {
                error: Error::Refused(reply),
                untouched: true,
                ..
            }) if reply.code == 421 => {}
            outcome => return outcome.map_err(|broken| broken.error),
        }
    }
    let fresh = Connection::open(&server, pool).await?;
    transact(pool, &server, fresh, route, body, deadline)
        .await
        .map_err(|broken| broken.error)
}

async fn transact(
    pool: &Arc<Pool>,
    server: &Server,
    mut connection: Connection,
    route: &Route,
    body: &[u8],
    deadline: Instant,
) -> Result<Vec<Outcome>, Broken> {
    let outcome = connection.deliver(route, body).await;
    let (usable, open) = match &outcome {
        // A transaction that no recipient joined is still open.
        Ok(outcomes) => (true, outcomes.iter().all(|to| to.reply.code >= 300)),
        Err(broken) => (broken.usable, true),
    };
    // The outcome is known: tidying up must not use the time that is left to tell it.
    let half = deadline.saturating_duration_since(Instant::now()) / 2;
    if usable && (!open || matches!(timeout(half, connection.reset()).await, Ok(true))) {
        pool.put_back(server.clone(), connection);
    }
    outcome
}

fn fill(call: &Call, text: &str) -> String {
    call.secrets.fill_text(text).into_owned()
}

/// Servers quote what they were told.
fn hide(
    call: &Call,
    echoes: &Echoes,
    outcome: Result<Vec<Outcome>, Error>,
) -> Result<Vec<Outcome>, Error> {
    let hide = |text: String| call.secrets.hide_cut(echoes.hide(text), LONGEST_REPLY);
    match outcome {
        Ok(mut outcomes) => {
            for outcome in &mut outcomes {
                outcome.reply.text = hide(std::mem::take(&mut outcome.reply.text));
            }
            Ok(outcomes)
        }
        Err(error) => Err(hidden(error, hide)),
    }
}

/// The error, with what a server said gone through `hide`.
pub(super) fn hidden(error: Error, hide: impl Fn(String) -> String) -> Error {
    match error {
        Error::Unreachable(text) => Error::Unreachable(hide(text)),
        Error::Refused(mut reply) => {
            reply.text = hide(reply.text);
            Error::Refused(reply)
        }
        other => other,
    }
}
