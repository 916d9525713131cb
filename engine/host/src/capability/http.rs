use crate::{
    call::Call,
    error::HostError,
    network::{NetworkPolicy, NoRoute},
    secrets::Unfit,
    tls::Trust,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
    redirect::Policy,
};
use std::{borrow::Cow, error::Error as _, sync::Arc, time::Duration};
use url::{Host, Url};

pub(crate) use crate::secrets::BodySecrets;
pub(crate) use reqwest::Method;

#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) basic: Option<Basic>,
    pub(crate) body: Option<Vec<u8>>,
    /// None: no secret may stand in the body.
    pub(crate) body_secrets: Option<BodySecrets>,
    pub(crate) timeout: Option<Duration>,
}

/// For an `authorization` header (RFC 7617).
#[derive(Debug)]
pub(crate) struct Basic {
    pub(crate) username: String,
    pub(crate) password: String,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error {
    Denied(String),
    Invalid(String),
    Unreachable(String),
    TimedOut,
    TooLarge,
}

/// One client for all plugins: its pool of connections is what makes fan-out cheap.
pub(crate) struct Client(reqwest::Client);

const AGENT: &str = concat!("push-notify/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Headers that frame the message or belong to the connection; the guest's own would contradict
/// ours.
const OURS: [&str; 11] = [
    // An answer that is packed or cut to pieces could carry a secret back unseen.
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authorization",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Most headers of one request; the map that they go to panics at some 24 000.
const HEADERS: usize = 100;
/// Most bytes of their names and values.
const HEADER_BYTES: usize = 64 << 10;
/// Longest reason of a failure, in bytes.
const LONGEST_REASON: usize = 300;

impl Client {
    pub(crate) fn new(network: &Arc<NetworkPolicy>, trust: &Trust) -> Result<Self, HostError> {
        let mut tls = (*trust.config).clone();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // A proxy would resolve names for us, past the guard.
            .no_proxy()
            .redirect(Policy::none())
            .dns_resolver(Arc::new(Guard(Arc::clone(network))))
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(Duration::from_secs(60))
            .tcp_nodelay(true)
            .build()
            .map(Self)
            .map_err(|problem| HostError::Setup(format!("http client: {problem}")))
    }
}

/// Only vetted addresses get to the connector. Literal addresses do not come here: see [`address`].
struct Guard(Arc<NetworkPolicy>);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let network = Arc::clone(&self.0);
        Box::pin(async move {
            let addresses = network.resolve(name.as_str(), 0).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

pub(crate) async fn send(call: &mut Call, request: Request) -> Result<Response, Error> {
    let most = call.services.limits.http_requests;
    if call.http_requests >= most {
        return Err(Error::Denied(format!(
            "a call may make at most {most} http requests"
        )));
    }
    call.http_requests += 1;
    let timeout = request
        .timeout
        .map_or(call.remaining(), |asked| asked.min(call.remaining()));
    let request = call.charged(|call| prepare(call, request))?;
    let _idle = call.services.ticker.pause();
    match tokio::time::timeout(timeout, exchange(call, request)).await {
        Ok(outcome) => outcome.map(|response| call.charged(|call| hide(call, response))),
        Err(_) => Err(Error::TimedOut),
    }
}

fn prepare(call: &Call, request: Request) -> Result<reqwest::Request, Error> {
    let url = address(call, &request.url)?;
    let mut prepared = reqwest::Request::new(request.method, url);
    let mut headers = headers(call, request.headers)?;
    if let Some(basic) = request.basic {
        headers.insert(AUTHORIZATION, authorization(call, &basic)?);
    }
    *prepared.headers_mut() = headers;
    let body = request.body;
    let body = body.map(|body| filled(call, body, request.body_secrets));
    *prepared.body_mut() = body.transpose()?.map(reqwest::Body::from);
    Ok(prepared)
}

fn authorization(call: &Call, basic: &Basic) -> Result<HeaderValue, Error> {
    let [username, password] =
        [&basic.username, &basic.password].map(|part| call.secrets.fill_text(part));
    // The far side would take the rest of such a name for the password's start.
    if username.contains(':') {
        return Err(Error::Invalid("a user name has a colon".to_owned()));
    }
    let pair = STANDARD.encode(format!("{username}:{password}"));
    let mut value = HeaderValue::from_str(&format!("Basic {pair}"))
        .map_err(|_| Error::Invalid("header `authorization` cannot be sent".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The body with its secrets in, where the plugin says that they are meant to be there. One that
/// goes out by mistake would go out as a placeholder, and the far side refuse it for no reason that
/// anybody sees.
fn filled(call: &Call, body: Vec<u8>, body_secrets: Option<BodySecrets>) -> Result<Vec<u8>, Error> {
    match body_secrets {
        Some(as_written) => Ok(match call.secrets.fill_body(&body, as_written) {
            Cow::Borrowed(_) => body,
            Cow::Owned(filled) => filled,
        }),
        None if call.secrets.is_in(&body) => Err(Error::Invalid(
            "a secret is in the body, and the request does not say that it may be".to_owned(),
        )),
        None => Ok(body),
    }
}

/// The URL with its secrets in, once it is known to be allowed.
fn address(call: &Call, text: &str) -> Result<Url, Error> {
    let invalid = |problem: &str| Error::Invalid(problem.to_owned());
    let secrets = &call.secrets;
    let unfit = |unfit: Unfit| invalid(unfit.0);
    // Before the other values are in: a host is looked up, and shown in refusals, so that none may
    // become a part of it.
    let known = Url::parse(&secrets.fill_first(text).map_err(unfit)?)
        .map_err(|problem| Error::Invalid(format!("URL: {problem}")))?;
    if !matches!(known.scheme(), "http" | "https") {
        return Err(invalid("the URL is neither http nor https"));
    }
    let host = known.host_str().unwrap_or_default();
    let url = Url::parse(&secrets.fill_url(text).map_err(unfit)?)
        .ok()
        .filter(|url| !secrets.has_placeholder(host) && url.origin() == known.origin())
        .ok_or_else(|| invalid("a secret cannot be a part of the host"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("the URL has user information: use a header"));
    }
    call.caller
        .granted
        .check_http(&url, &call.fields)
        .map_err(|refusal| Error::Denied(call.secrets.hide_text(refusal)))?;
    let literal = match url.host() {
        Some(Host::Ipv4(ip)) => Some(ip.into()),
        Some(Host::Ipv6(ip)) => Some(ip.into()),
        _ => None,
    };
    if let Some(ip) = literal {
        let network = &call.services.network;
        network
            .check(ip)
            .map_err(|denied| Error::Denied(denied.to_string()))?;
    }
    Ok(url)
}

fn headers(call: &Call, list: Vec<(String, String)>) -> Result<HeaderMap, Error> {
    let too_many = || Error::Invalid(format!("more than {HEADERS} headers or 64 KiB of them"));
    if list.len() > HEADERS {
        return Err(too_many());
    }
    let mut headers = HeaderMap::with_capacity(list.len() + 1);
    let mut size = 0;
    for (name, value) in list {
        if name.len() > HEADER_BYTES || value.len() > HEADER_BYTES {
            return Err(too_many());
        }
        let wrong = || Error::Invalid(format!("header `{}` cannot be sent", name.escape_debug()));
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        if OURS.contains(&key.as_str()) {
            return Err(Error::Invalid(format!("header `{key}` is the engine's")));
        }
        let filled = call.secrets.fill(value.as_bytes());
        size += name.len() + filled.len();
        if size > HEADER_BYTES {
            return Err(too_many());
        }
        let mut value = HeaderValue::from_bytes(&filled).map_err(|_| wrong())?;
        value.set_sensitive(matches!(filled, Cow::Owned(_)));
        headers.append(key, value);
    }
    headers
        .entry(USER_AGENT)
        .or_insert(HeaderValue::from_static(AGENT));
    Ok(headers)
}

async fn exchange(call: &Call, request: reqwest::Request) -> Result<Response, Error> {
    let most = call.services.limits.http_body_bytes;
    let failed = |problem| explain(call, problem);
    let mut response = call
        .services
        .http
        .0
        .execute(request)
        .await
        .map_err(failed)?;
    let announced = response.content_length().unwrap_or(0);
    if announced > most as u64 {
        return Err(Error::TooLarge);
    }
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    let mut body = Vec::with_capacity(announced as usize);
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > most {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response {
        status,
        headers,
        body,
    })
}

/// Without the values that the far side echoed.
fn hide(call: &Call, mut response: Response) -> Response {
    for (_, value) in &mut response.headers {
        *value = call.secrets.hide_text(std::mem::take(value));
    }
    response.body = call.secrets.hide(response.body);
    response
}

fn explain(call: &Call, problem: reqwest::Error) -> Error {
    if problem.is_timeout() {
        return Error::TimedOut;
    }
    // The URL holds secrets by now.
    let problem = problem.without_url();
    let mut text = problem.to_string();
    let mut cause = problem.source();
    while let Some(error) = cause {
        match error.downcast_ref::<NoRoute>() {
            Some(NoRoute::Denied(denied)) => return Error::Denied(denied.to_string()),
            Some(NoRoute::Unknown(problem)) => {
                text = format!("no address: {problem}");
                break;
            }
            None => text = error.to_string(),
        }
        cause = error.source();
    }
    let text = call.secrets.hide_cut(text, LONGEST_REASON);
    match problem.is_builder() {
        true => Error::Invalid(text),
        false => Error::Unreachable(text),
    }
}
