//! A browser's least: sends a request as it is told, reads the answer, follows no redirect.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than any answer of these tests may take.
const AT_MOST: Duration = Duration::from_secs(60);
/// The host of `web::ORIGIN`.
const HOST: &str = "site.test";

/// A kept-alive connection.
pub struct Client(BufReader<TcpStream>);

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, in the order of the wire.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Client {
    pub async fn to(at: SocketAddr) -> Client {
        Client(BufReader::new(TcpStream::connect(at).await.unwrap()))
    }

    /// One request with its answer. `Host` is the site's own unless `headers` has another.
    pub async fn ask(&mut self, method: &str, target: &[u8], headers: &[(&str, &str)]) -> io::Result<Answer> {
        let mut request = [method.as_bytes(), b" ", target, b" HTTP/1.1\r\n"].concat();
        let own = !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        for (name, value) in own.then_some(&("host", HOST)).into_iter().chain(headers) {
            request.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        request.extend_from_slice(b"\r\n");
        self.send(&request).await?;
        self.answer(method).await
    }

    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(bytes).await
    }

    /// The next answer on the connection.
    pub async fn answer(&mut self, method: &str) -> io::Result<Answer> {
        timeout(AT_MOST, self.read(method)).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    async fn read(&mut self, method: &str) -> io::Result<Answer> {
        let first = self.line().await?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no status line: {first:?}")))?;
        let mut answer = Answer { status, headers: Vec::new(), body: Vec::new() };
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| io::Error::other("no header"))?;
            answer.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if method != "HEAD" && !matches!(status, 100..200 | 204 | 304) {
            answer.body = self.body(&answer).await?;
        }
        Ok(answer)
    }

    async fn body(&mut self, answer: &Answer) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if answer.header("transfer-encoding") != "chunked" {
            body.resize(answer.header("content-length").parse().unwrap_or(0), 0);
            self.0.read_exact(&mut body).await?;
            return Ok(body);
        }
        loop {
            let size = usize::from_str_radix(&self.line().await?, 16).map_err(io::Error::other)?;
            let mut chunk = vec![0; size];
            self.0.read_exact(&mut chunk).await?;
            body.extend(chunk);
            self.line().await?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        if self.0.read_until(b'\n', &mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }
}

impl Answer {
    /// The header's value; empty without it.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Status and where it leads, in one look: `301 https://site.test/a`.
    pub fn hop(&self) -> String {
        format!("{} {}", self.status, self.header("location")).trim_end().to_owned()
    }
}
