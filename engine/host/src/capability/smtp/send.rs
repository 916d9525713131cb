use super::{
    connection::{Broken, Connection},
    message::{Envelope, Error, Outcome, Route, Server, body},
    pool::Pool,
};
use crate::call::Call;
use std::sync::Arc;

pub(crate) async fn send(
    call: &mut Call,
    server: Server,
    envelope: Envelope,
    message: Vec<u8>,
) -> Result<Vec<Outcome>, Error> {
    let route = Route::new(envelope)?;
    let body = body(&message)?;
    call.caller
        .granted
        .check_smtp(&server.host, &call.fields)
        .map_err(|refusal| Error::Denied(call.secrets.hide_text(refusal)))?;
    let server = Server {
        username: server.username.map(|name| fill(call, &name)),
        password: server.password.map(|password| fill(call, &password)),
        ..server
    };
    let _idle = call.services.ticker.pause();
    let work = deliver(&call.services.mail, server, &route, body);
    let outcome = tokio::time::timeout(call.remaining(), work)
        .await
        .unwrap_or(Err(Error::TimedOut));
    hide(call, outcome)
}

async fn deliver(
    pool: &Arc<Pool>,
    server: Server,
    route: &Route,
    body: &[u8],
) -> Result<Vec<Outcome>, Error> {
    if let Some(waited) = pool.waiting(&server).await {
        match transact(pool, &server, waited, route, body).await {
            // It went stale while it waited. Nothing was handed over, so that this cannot become a second mail.
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
    let fresh = Connection::open(&server, &pool.network, &pool.trust).await?;
    transact(pool, &server, fresh, route, body)
        .await
        .map_err(|broken| broken.error)
}

async fn transact(
    pool: &Arc<Pool>,
    server: &Server,
    mut connection: Connection,
    route: &Route,
    body: &[u8],
) -> Result<Vec<Outcome>, Broken> {
    let outcome = connection.deliver(route, body).await;
    let usable = match &outcome {
        // A transaction that no recipient joined is still open.
        Ok(outcomes) if outcomes.iter().all(|to| to.reply.code >= 300) => connection.reset().await,
        Ok(_) => true,
        Err(broken) => broken.usable && connection.reset().await,
    };
    if usable {
        pool.put_back(server.clone(), connection);
    }
    outcome
}

fn fill(call: &Call, text: &str) -> String {
    call.secrets.fill_text(text).into_owned()
}

/// Servers quote what they were told.
fn hide(call: &Call, outcome: Result<Vec<Outcome>, Error>) -> Result<Vec<Outcome>, Error> {
    let hide = |text: String| call.secrets.hide_text(text);
    match outcome {
        Ok(mut outcomes) => {
            for outcome in &mut outcomes {
                outcome.reply.text = hide(std::mem::take(&mut outcome.reply.text));
            }
            Ok(outcomes)
        }
        Err(Error::Unreachable(text)) => Err(Error::Unreachable(hide(text))),
        Err(Error::Refused(mut reply)) => {
            reply.text = hide(reply.text);
            Err(Error::Refused(reply))
        }
        Err(other) => Err(other),
    }
}
