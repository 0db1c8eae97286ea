//! The one way out: requests that Atlas makes of other machines (SECURITY T17).
//!
//! An address that is given in a setting may lead anywhere, so it is looked up here, only addresses of
//! the public internet are dialled, and those very addresses: a name server can't answer otherwise the
//! second time. No redirect is followed, no proxy of the environment is asked, and both time and size
//! are bounded. Requests are made by jobs, never by a page.
//!
//! Mail (`mail`) goes to the server of the settings alone, wherever that is.

pub mod mail;
mod public;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::error::{Error, Problem, Result};
pub use public::is_public;

/// Longest that a request may take, from the look-up of the name to the last byte.
const LONGEST: Duration = Duration::from_secs(10);

/// How much of an answer is read.
const LARGEST: usize = 64 * 1024;

/// How Atlas names itself.
const AGENT: &str = concat!("Atlas/", env!("CARGO_PKG_VERSION"));

/// Makes requests. Cloning shares the settings of TLS.
#[derive(Clone)]
pub struct Egress {
    tls: Arc<ClientConfig>,
    /// Where every request goes, whatever its address says.
    instead: Option<SocketAddr>,
}

/// What another machine answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: StatusCode,
    /// How long it asks to be left alone.
    pub retry_after: Option<Duration>,
    /// The beginning of its words.
    pub text: String,
}

impl Egress {
    /// To the public internet, trusting the authorities that browsers trust.
    ///
    /// # Errors
    /// `Internal` when the library of TLS has none of the protocol versions it was built with.
    pub fn new() -> Result<Egress> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        Egress::trusting(roots, None)
    }

    /// To one address, whatever the address of a request says: how a test listens. No setting leads
    /// here.
    ///
    /// # Errors
    /// As [`Egress::new`].
    pub fn to(address: SocketAddr, roots: RootCertStore) -> Result<Egress> {
        Egress::trusting(roots, Some(address))
    }

    fn trusting(roots: RootCertStore, instead: Option<SocketAddr>) -> Result<Egress> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Egress { tls: Arc::new(tls), instead })
    }

    /// Sends a body by POST and reads the answer, whatever its status.
    ///
    /// # Errors
    /// `Invalid` when the address is none that may be asked; `Unavailable` when nobody answers in time.
    pub async fn post(&self, url: &Url, content_type: &str, body: Vec<u8>) -> Result<Reply> {
        match tokio::time::timeout(LONGEST, self.ask(url, content_type, body)).await {
            Ok(reply) => reply,
            Err(_) => Err(away(url, format!("no answer within {} seconds", LONGEST.as_secs()))),
        }
    }

    async fn ask(&self, url: &Url, content_type: &str, body: Vec<u8>) -> Result<Reply> {
        let host = url.host().ok_or_else(|| refused(url, "names no host"))?;
        let stream = self.dial(url, &host).await?;
        let request = Request::builder()
            .method(Method::POST)
            .uri(&url[url::Position::BeforePath..url::Position::AfterQuery])
            .header(HOST, &url[url::Position::BeforeHost..url::Position::AfterPort])
            .header(USER_AGENT, AGENT)
            .header(CONTENT_TYPE, content_type)
            .header(CONNECTION, "close")
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| refused(url, &error.to_string()))?;
        if url.scheme() == "http" {
            return converse(url, stream, request).await;
        }
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(Error::internal)?,
            Host::Ipv4(ip) => ServerName::IpAddress(std::net::IpAddr::V4(ip).into()),
            Host::Ipv6(ip) => ServerName::IpAddress(std::net::IpAddr::V6(ip).into()),
        };
        let connected = TlsConnector::from(self.tls.clone()).connect(name, stream).await;
        converse(url, connected.map_err(|error| away(url, error))?, request).await
    }

    /// Connects to one of the addresses of a host, all of which are public.
    async fn dial(&self, url: &Url, host: &Host<&str>) -> Result<TcpStream> {
        let port = match (url.scheme(), url.port_or_known_default()) {
            ("http" | "https", Some(port @ (80 | 443))) => port,
            _ => return Err(refused(url, "is not http or https on port 80 or 443")),
        };
        let found: Vec<SocketAddr> = match (self.instead, host) {
            (Some(instead), _) => return connect(url, &[instead]).await,
            (None, Host::Ipv4(ip)) => vec![(*ip, port).into()],
            (None, Host::Ipv6(ip)) => vec![(*ip, port).into()],
            (None, Host::Domain(name)) => {
                lookup_host((*name, port)).await.map_err(|error| away(url, error))?.collect()
            }
        };
        // One private address among public ones is a trap, not a second home.
        if found.iter().any(|address| !is_public(address.ip())) {
            return Err(refused(url, "leads into a private network"));
        }
        connect(url, &found).await
    }
}

async fn connect(url: &Url, addresses: &[SocketAddr]) -> Result<TcpStream> {
    match TcpStream::connect(addresses).await {
        Ok(stream) => Ok(stream),
        Err(error) => Err(away(url, error)),
    }
}

async fn converse(
    url: &Url,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Reply> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| away(url, error))?;
    let speaking = tokio::spawn(connection);
    let answer = sender.send_request(request).await;
    let reply = match answer {
        Ok(answer) => {
            let (head, body) = answer.into_parts();
            let retry_after = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            // What is longer is of no interest: the status has said it all.
            let text = Limited::new(body, LARGEST).collect().await;
            let text = text.map(|text| String::from_utf8_lossy(&text.to_bytes()).into_owned());
            Ok(Reply {
                status: head.status,
                retry_after: retry_after.and_then(seconds),
                text: text.unwrap_or_default(),
            })
        }
        Err(error) => Err(away(url, error)),
    };
    speaking.abort();
    reply
}

/// `Retry-After` in seconds; its form as a date is as good as none (RFC 9110, 10.2.3).
fn seconds(value: &str) -> Option<Duration> {
    value.trim().parse().ok().map(Duration::from_secs)
}

fn refused(url: &Url, why: &str) -> Error {
    Problem::new(format!("`{url}` is not asked: it {why}")).into()
}

fn away(url: &Url, why: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("{} does not answer: {why}", url.host_str().unwrap_or_default()))
}

#[cfg(test)]
mod tests;
