use super::{
    connection::Connection,
    echo::Echoes,
    message::{Envelope, Error, Outcome, Route, Server, body},
    pool::Pool,
    send::{deliver, hidden},
};
use crate::{HostError, network::NetworkPolicy, tls::Trust};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Mail of the engine's own. The operator names its server, which may be anywhere.
#[derive(Clone)]
pub struct Client {
    pool: Arc<Pool>,
}

impl Client {
    /// `pems` are certificates to trust besides the built-in roots; `ehlo_name` is what it says it
    /// is called, its address where there is none.
    ///
    /// # Errors
    /// A certificate cannot be read.
    pub fn new(pems: &[Vec<u8>], ehlo_name: Option<String>) -> Result<Self, HostError> {
        let anywhere = NetworkPolicy::new(vec![
            IpNet::V4(Ipv4Net::default()),
            IpNet::V6(Ipv6Net::default()),
        ]);
        let trust = Trust::new(pems)?;
        let pool = Arc::new(Pool::new(Arc::new(anywhere), trust, ehlo_name));
        Ok(Self { pool })
    }

    /// Whether the server can be reached and lets us in.
    ///
    /// # Errors
    /// It cannot, does not, or takes longer than `within`.
    pub async fn check(&self, server: &Server, within: Duration) -> Result<(), Error> {
        let open = Connection::open(server, &self.pool);
        let connection = tokio::time::timeout(within, open).await;
        let connection = connection.unwrap_or(Err(Error::TimedOut));
        let echoes = Echoes::new(server);
        let connection = connection.map_err(|error| hidden(error, |text| echoes.hide(text)))?;
        let _ = tokio::time::timeout(within, connection.quit()).await;
        Ok(())
    }

    /// What the server says to each recipient.
    ///
    /// # Errors
    /// Nobody has it.
    pub async fn send(
        &self,
        server: &Server,
        envelope: Envelope,
        message: &[u8],
        within: Duration,
    ) -> Result<Vec<Outcome>, Error> {
        let route = Route::new(envelope)?;
        let body = body(message)?;
        let deadline = Instant::now() + within;
        let work = deliver(&self.pool, server.clone(), &route, body, deadline);
        let outcome = tokio::time::timeout(within, work).await;
        let echoes = Echoes::new(server);
        outcome
            .unwrap_or(Err(Error::TimedOut))
            .map_err(|error| hidden(error, |text| echoes.hide(text)))
    }
}
