//! Video as a link that the page's script turns into a player on a click. Until then nobody is asked
//! for anything, and without script it stays a link.

use url::Url;

use super::super::safe_html::escape_into;
use super::links;
use super::raw::Tag;
use super::tokens::{Element, Token, Tokens};

/// The providers whose players are known.
pub(super) const PROVIDERS: &[&str] = &["vimeo", "youtube"];

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Video {
    provider: &'static str,
    id: String,
    /// Seconds to start from.
    start: Option<u32>,
}

/// Whether this may be the identifier of a video of any provider.
pub(super) fn is_id(id: &str) -> bool {
    is_youtube_id(id) || is_vimeo_id(id)
}

fn is_youtube_id(id: &str) -> bool {
    id.len() == 11 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn is_vimeo_id(id: &str) -> bool {
    (5..=12).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

impl Video {
    /// The video that an address of a page or of a player shows.
    pub fn at(address: &str) -> Option<Video> {
        // Players are often embedded without a scheme.
        let address = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
        let url = Url::parse(&address).ok().filter(|url| ["http", "https"].contains(&url.scheme()))?;
        let host = url.host_str()?;
        let host = host.strip_prefix("www.").unwrap_or(host);
        let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        let query = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        let (provider, id) = match (host, parts.as_slice()) {
            ("youtu.be", [id]) => ("youtube", (*id).to_owned()),
            ("youtube.com" | "m.youtube.com", ["watch"]) => ("youtube", query("v")?.into_owned()),
            (
                "youtube.com" | "m.youtube.com" | "youtube-nocookie.com",
                ["embed" | "live" | "shorts" | "v", id],
            ) => ("youtube", (*id).to_owned()),
            ("vimeo.com", [id]) | ("player.vimeo.com", ["video", id]) if query("h").is_none() => {
                ("vimeo", (*id).to_owned())
            }
            _ => return None,
        };
        let valid = if provider == "youtube" { is_youtube_id(&id) } else { is_vimeo_id(&id) };
        let start = query("t").or_else(|| query("start")).and_then(|time| seconds(&time));
        valid.then_some(Video { provider, id, start })
    }

    /// The page of the video at its provider.
    fn href(&self) -> String {
        match (self.provider, self.start) {
            ("youtube", Some(start)) => format!("https://www.youtube.com/watch?v={}&t={start}s", self.id),
            ("youtube", None) => format!("https://www.youtube.com/watch?v={}", self.id),
            _ => format!("https://vimeo.com/{}", self.id),
        }
    }

    fn name(&self) -> &'static str {
        if self.provider == "youtube" { "YouTube" } else { "Vimeo" }
    }

    fn facade(&self, label: Vec<Token>) -> Vec<Token> {
        let mut figure = Element::new(
            "figure",
            &[("class", "video"), ("data-provider", self.provider), ("data-id", &self.id)],
        );
        if let Some(start) = self.start {
            figure.set("data-start", start.to_string());
        }
        let mut tokens = vec![Token::Open(figure), Token::open("a", &[("href", &self.href())])];
        tokens.extend(label);
        tokens.extend([Token::close("a"), Token::close("figure")]);
        tokens
    }
}

/// Seconds of `90`, `90s` or `1h2m3s`.
fn seconds(time: &str) -> Option<u32> {
    if let Ok(seconds) = time.parse() {
        return Some(seconds).filter(|seconds| *seconds > 0);
    }
    let (mut total, mut number) = (0_u32, 0_u32);
    for character in time.chars() {
        let unit = match character {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            digit => {
                number = number.checked_mul(10)?.checked_add(digit.to_digit(10)?)?;
                continue;
            }
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        number = 0;
    }
    Some(total).filter(|seconds| *seconds > 0)
}

/// What stands for a typed `iframe`, still to be sanitised: a figure that becomes a facade, or a
/// link to the page that it showed.
pub(super) fn frame_link(html: &str, frame: &Tag) -> String {
    let address = frame.value(html, "src").unwrap_or_default();
    let title = frame.value(html, "title").filter(|title| !title.trim().is_empty());
    let (open, href, label, close) = match Video::at(&address) {
        Some(video) => (
            "<figure class=\"video\">",
            video.href(),
            title.unwrap_or_else(|| video.name().to_owned()),
            "</figure>",
        ),
        None if links::is_foreign(&address) => ("", address.clone(), title.unwrap_or(address), ""),
        None => return String::new(),
    };
    let mut link = format!("{open}<a href=\"");
    escape_into(&mut link, &href);
    link.push_str("\">");
    escape_into(&mut link, &label);
    link + "</a>" + close
}

/// Turns each paragraph that is nothing but a link to a video into its facade.
pub(super) fn facades(tokens: &mut Tokens) {
    let ends = tokens.ends();
    let mut out = Vec::with_capacity(tokens.0.len());
    let mut at = 0;
    while at < tokens.0.len() {
        let holder = matches!(&tokens.0[at], Token::Open(element)
            if element.name == "p" || (element.name == "figure" && element.has_class("video")));
        match holder.then(|| only_video(&tokens.0[at + 1..ends[at]])).flatten() {
            Some(facade) => {
                out.extend(facade);
                at = ends[at] + 1;
            }
            None => {
                out.push(tokens.0[at].clone());
                at += 1;
            }
        }
    }
    tokens.0 = out;
}

fn only_video(content: &[Token]) -> Option<Vec<Token>> {
    let start = content.iter().position(|token| !token.is_blank())?;
    let end = content.iter().rposition(|token| !token.is_blank())?;
    match &content[start..=end] {
        [Token::Text(address)] => {
            let video = Video::at(address.trim()).filter(|_| links::is_foreign(address.trim()))?;
            Some(video.facade(vec![Token::Text(video.name().to_owned())]))
        }
        [Token::Open(link), label @ .., Token::Close(_)] if link.name == "a" => {
            let href = link.get("href")?;
            let video = Video::at(href)?;
            let one_link = !label.iter().any(|token| *token == Token::close("a"));
            let bare = match label {
                [] => true,
                [Token::Text(text)] => links::is_foreign(text.trim()),
                _ => false,
            };
            let label = if bare { vec![Token::Text(video.name().to_owned())] } else { label.to_vec() };
            one_link.then(|| video.facade(label))
        }
        _ => None,
    }
}
