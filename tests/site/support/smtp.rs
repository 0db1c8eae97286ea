//! A server that takes mail, as small as one can be (RFC 5321).

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A letter as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub from: String,
    pub to: String,
    /// Head and body, as they stood on the wire.
    pub text: String,
}

/// What a server was given, and what it is to answer next.
#[derive(Clone)]
pub struct Smtp {
    pub at: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    refusals: Arc<Mutex<Vec<&'static str>>>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Smtp {
    pub async fn start() -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let smtp = Smtp { at, arrived: Arc::default(), refusals: Arc::default(), said: Arc::default() };
        let server = smtp.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever hangs up in the middle is no fault of the server's.
                let _ = server.converse(stream).await;
            }
        });
        smtp
    }

    /// The setting that leads here, with a user and a password.
    pub fn setting(&self) -> String {
        format!("smtp://post:a%20secret@{}", self.at)
    }

    /// Refuses the next letters with these answers, one each.
    pub fn refuse(&self, answers: &[&'static str]) {
        self.refusals.lock().unwrap().extend(answers);
    }

    /// What has arrived since it was last asked.
    pub fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.arrived.lock().unwrap())
    }

    /// Every command so far.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    async fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 here\r\n").await?;
        let mut letter = Arrived { from: String::new(), to: String::new(), text: String::new() };
        loop {
            let line = line(&mut stream).await?;
            self.said.lock().unwrap().push(line.clone());
            let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            let answer = match word.as_str() {
                "EHLO" => "250-here\r\n250-AUTH PLAIN\r\n250 8BITMIME",
                "AUTH" => "235 welcome",
                "MAIL" => {
                    letter.from = line;
                    let refusal = { self.refusals.lock().unwrap().pop() };
                    refusal.unwrap_or("250 go on")
                }
                "RCPT" => {
                    letter.to = line;
                    "250 go on"
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    letter.text = data(&mut stream).await?;
                    self.arrived.lock().unwrap().push(letter.clone());
                    "250 taken"
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "250 fine",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}

impl Arrived {
    /// The address of this site that the letter names.
    pub fn link(&self) -> String {
        // Quoted-printable breaks long lines (RFC 2045, 6.7).
        let text = self.text.replace("=\n", "");
        let at = text.find("/admin/welcome/").expect("the letter names a link");
        text[at..].split_whitespace().next().unwrap().to_owned()
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await? {
        0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}

/// Up to the line with a dot alone.
async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let line = line(stream).await?;
        if line == "." {
            return Ok(text);
        }
        text += line.strip_prefix('.').unwrap_or(&line);
        text.push('\n');
    }
}
