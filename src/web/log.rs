//! Logs: one event a line, and nothing in them that a terminal would obey (SECURITY T28, T29).

use std::fmt::Write as _;
use std::io::{self, Write};
use std::net::IpAddr;
use std::panic;
use std::time::Instant;

use hyper::{Method, StatusCode, Uri};
use tracing::{Level, error, info};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::error::{Error, Result};

/// The target of the line each request leaves.
pub const ACCESS: &str = "atlas::access";

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Text,
    Json,
}

/// Starts logging to standard error. `filter` is a level or a list such as `info,sqlx=warn`; panics
/// are logged as well, as one line.
///
/// # Errors
/// `Error::Invalid` for a filter that can't be read.
pub fn start(format: Format, filter: &str) -> Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| Error::field("log", error.to_string()))?;
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Escaping(io::stderr));
    match format {
        Format::Text => lines.try_init(),
        Format::Json => lines.json().flatten_event(true).try_init(),
    }
    .map_err(Error::internal)?;
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        error!(place, "panic: {}", info.payload_as_str().unwrap_or("without a message"));
    }));
    Ok(())
}

/// What one request leaves in the log.
#[derive(Debug)]
pub struct Visit {
    pub method: Method,
    pub uri: Uri,
    pub status: StatusCode,
    pub started: Instant,
    pub bytes: u64,
    /// `hit`, `miss`, `coalesced`, `stale`, or `pass` for what is never kept.
    pub cache: &'static str,
    pub id: String,
    pub client: IpAddr,
}

impl Visit {
    /// Whether anybody reads these lines; where not, a hit costs no line.
    pub fn is_logged() -> bool {
        tracing::enabled!(target: ACCESS, Level::INFO)
    }

    pub fn log(&self) {
        info!(
            target: ACCESS,
            method = self.method.as_str(),
            path = path_and_keys(&self.uri),
            status = self.status.as_u16(),
            ms = self.started.elapsed().as_secs_f64() * 1000.0,
            bytes = self.bytes,
            cache = self.cache,
            id = self.id,
            client = %self.client,
        );
    }
}

/// A path as it may be written down: what comes after this is a key to the site (SECURITY T28).
pub fn without_secret(path: &str) -> String {
    const LINKS: [&str; 2] = ["/admin/welcome/", "/admin/preview/"];
    match LINKS.iter().find(|link| path.starts_with(**link)) {
        Some(link) => format!("{link}*"),
        None => path.to_owned(),
    }
}

/// The path, and of the query only the names: a value may be a secret. The page's number is none.
fn path_and_keys(uri: &Uri) -> String {
    let mut text = without_secret(uri.path());
    for (i, pair) in uri.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty()).enumerate() {
        text.push(if i == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some(("page", _)) => text.push_str(pair),
            Some((name, _)) => {
                text.push_str(name);
                text.push_str("=*");
            }
            None => text.push('*'),
        }
    }
    text
}

/// Writes events so that each stays one line and shows every character that would act on a terminal
/// or turn text around.
struct Escaping<M>(M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Escaping<M> {
    type Writer = EscapingWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        EscapingWriter(self.0.make_writer())
    }
}

struct EscapingWriter<W>(W);

impl<W: Write> Write for EscapingWriter<W> {
    /// An event comes whole, with its line feed at the end.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (line, end) = text.strip_suffix('\n').map_or((&*text, ""), |line| (line, "\n"));
        let mut clean = escape(line);
        clean.push_str(end);
        self.0.write_all(clean.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn escape(line: &str) -> String {
    let mut clean = String::with_capacity(line.len() + 1);
    for character in line.chars() {
        if acts(character) {
            let _ = write!(clean, "\\u{:04x}", u32::from(character));
        } else {
            clean.push(character);
        }
    }
    clean
}

/// Control characters, line and paragraph separators, marks of direction.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(json: bool, work: impl FnOnce()) -> String {
        let paper = Paper::default();
        let copy = paper.clone();
        let lines = tracing_subscriber::fmt().with_ansi(false).with_writer(Escaping(move || copy.clone()));
        if json {
            tracing::subscriber::with_default(lines.json().flatten_event(true).finish(), work);
        } else {
            tracing::subscriber::with_default(lines.finish(), work);
        }
        String::from_utf8(paper.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn hostile_text_stays_one_line_without_acting_characters() {
        let mut texts = vec!["plain سلام".to_owned()];
        for code in
            (0..0x20).chain(0x7f..0xa0).chain(0x200e..=0x200f).chain(0x2028..=0x202e).chain(0x2066..=0x2069)
        {
            texts.push(format!("a{}b\r\n\u{1b}[31mred", char::from_u32(code).unwrap()));
        }
        for json in [true, false] {
            let out = logged(json, || {
                for text in &texts {
                    info!(path = text.as_str(), debug = ?text, "seen {text}");
                }
            });
            assert_eq!(out.lines().count(), texts.len(), "json {json}");
            assert!(out.ends_with('\n') && !out.replace('\n', "").contains(acts), "json {json}");
            if json {
                for (line, text) in out.lines().zip(&texts) {
                    let event: serde_json::Value = serde_json::from_str(line).unwrap();
                    assert_eq!(event["path"], text.as_str());
                }
            }
        }
    }

    #[test]
    fn a_visit_is_one_event_without_the_values_of_its_query() {
        let visit = Visit {
            method: Method::GET,
            uri: Uri::from_static("/places?page=2&token=canary&canary"),
            status: StatusCode::OK,
            started: Instant::now(),
            bytes: 12,
            cache: "hit",
            id: "id-1".to_owned(),
            client: "10.0.0.1".parse().unwrap(),
        };
        let out = logged(true, || visit.log());
        let event: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(event["path"], "/places?page=2&token=*&*");
        assert_eq!((&event["status"], &event["bytes"]), (&200.into(), &12.into()));
        assert_eq!(event["client"], "10.0.0.1");
        assert!(!out.contains("canary"), "{out}");
    }
}
