//! A client that sends exactly the bytes it is told to.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than anything in these tests may take.
const AT_MOST: Duration = Duration::from_secs(20);

pub struct Client(pub BufReader<TcpStream>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl Client {
    pub async fn to(at: SocketAddr) -> Client {
        Client(BufReader::new(TcpStream::connect(at).await.unwrap()))
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.0.get_mut().write_all(bytes.as_ref()).await
    }

    /// One request with its answer.
    pub async fn ask(&mut self, method: &str, target: &str, lines: &str) -> io::Result<Answer> {
        self.send(format!("{method} {target} HTTP/1.1\r\nHost: site.test\r\n{lines}\r\n")).await?;
        self.answer(method).await
    }

    pub async fn get(&mut self, target: &str, lines: &str) -> Answer {
        self.ask("GET", target, lines).await.unwrap()
    }

    /// The next answer; its body as long as it says.
    pub async fn answer(&mut self, method: &str) -> io::Result<Answer> {
        timeout(AT_MOST, self.read(method)).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    async fn read(&mut self, method: &str) -> io::Result<Answer> {
        let first = self.line().await?;
        let code = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = code.ok_or_else(|| io::Error::other(format!("no status line: {first:?}")))?;
        let mut headers = BTreeMap::new();
        loop {
            let line = self.line().await?;
            let Some((name, text)) = line.split_once(": ") else { break };
            let value: &mut String =
                headers.entry(name.to_owned()).and_modify(|kept: &mut String| kept.push(',')).or_default();
            value.push_str(text);
        }
        let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        let none = method == "HEAD" || status == 304;
        let mut body = vec![0; if none { 0 } else { length }];
        self.0.read_exact(&mut body).await?;
        Ok(Answer { status, headers, body })
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Whether the server ends the connection, with no further byte, within this time.
    pub async fn is_closed_within(&mut self, time: Duration) -> bool {
        match timeout(time, self.0.read_u8()).await {
            Ok(read) => read.is_err(),
            Err(_) => false,
        }
    }
}
