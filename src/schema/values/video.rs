//! A video, by the address people copy.

use std::fmt;

use serde_json::Value as Json;
use time::Date;
use url::Url;

use super::super::read::date_of;
use super::object::{Object, kind_of};
use super::text::ascii_digits;
use super::web::{image_address, web_address};

/// A video. Shown as a picture that loads the player when it is clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    pub provider: Provider,
    /// The provider's name for it; for a file its address.
    pub id: String,
    /// The page (or file) that a reader without the player opens.
    pub url: String,
    pub title: Option<String>,
    /// A picture of it. YouTube's own is known without asking.
    pub thumbnail: Option<String>,
    /// The day it was published; search engines want it (Google's VideoObject).
    pub uploaded: Option<Date>,
    /// What one sees in it, in a sentence.
    pub description: Option<String>,
    /// How long it runs.
    pub duration: Option<Duration>,
}

/// How long something runs, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration(pub u32);

/// Every key of a video.
pub const VIDEO_KEYS: [&str; 6] = ["url", "title", "thumbnail", "uploaded", "description", "duration"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    YouTube,
    Vimeo,
    Aparat,
    /// A file a browser plays: `.mp4`, `.webm`, `.ogv`, `.m4v`.
    File,
}

impl Video {
    pub fn read(raw: &Json) -> Result<Video, String> {
        match raw {
            Json::String(address) => Video::at(address),
            Json::Object(_) => {
                let object = Object::with(raw, &VIDEO_KEYS)?;
                let mut video = Video::at(&object.required("url")?)?;
                video.title = object.line("title")?;
                video.thumbnail = object.line("thumbnail")?.map(|src| image_address(&src)).transpose()?;
                video.uploaded = object.line("uploaded")?.map(|day| date_of(&day)).transpose()?;
                video.description = object.line("description")?;
                video.duration = object.line("duration")?.map(|text| Duration::parse(&text)).transpose()?;
                Ok(video)
            }
            other => Err(format!("is {}; the address of a video is right", kind_of(other))),
        }
    }

    /// The video at an address, in any of the forms its provider hands out.
    pub fn at(raw: &str) -> Result<Video, String> {
        let address = web_address(raw)?;
        let Some((provider, id)) = provider_of(&address) else {
            return Err(format!(
                "is {address:?}; a video of YouTube, Vimeo or Aparat, or an mp4 or webm file, is right"
            ));
        };
        let url = match provider {
            Provider::YouTube => format!("https://www.youtube.com/watch?v={id}"),
            Provider::Vimeo => format!("https://vimeo.com/{id}"),
            Provider::Aparat => format!("https://www.aparat.com/v/{id}"),
            Provider::File => address,
        };
        let (title, thumbnail, uploaded, description, duration) = (None, None, None, None, None);
        Ok(Video { provider, id, url, title, thumbnail, uploaded, description, duration })
    }

    /// What the player's frame loads; `None` for a file, which needs no frame.
    pub fn embed_url(&self) -> Option<String> {
        let id = &self.id;
        match self.provider {
            Provider::YouTube => Some(format!("https://www.youtube-nocookie.com/embed/{id}")),
            Provider::Vimeo => Some(format!("https://player.vimeo.com/video/{}", id.replacen('/', "?h=", 1))),
            Provider::Aparat => {
                Some(format!("https://www.aparat.com/video/video/embed/videohash/{id}/vt/frame"))
            }
            Provider::File => None,
        }
    }

    /// A picture of it: the editor's, or the one YouTube serves.
    pub fn picture(&self) -> Option<String> {
        let own = (self.provider == Provider::YouTube)
            .then(|| format!("https://i.ytimg.com/vi/{}/hqdefault.jpg", self.id));
        self.thumbnail.clone().or(own)
    }
}

fn provider_of(address: &str) -> Option<(Provider, String)> {
    if is_file(address.split(['?', '#']).next().unwrap_or_default()) {
        return Some((Provider::File, address.to_owned()));
    }
    let url = Url::parse(address).ok()?;
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let query = || url.query_pairs().find(|(key, _)| key == "v").map(|(_, value)| value.into_owned());
    let found = match (url.host_str()?.trim_start_matches("www."), &parts[..]) {
        ("youtube.com" | "m.youtube.com", ["watch"]) => (Provider::YouTube, query()?),
        ("youtube.com" | "m.youtube.com" | "youtube-nocookie.com", ["embed" | "shorts" | "live", id]) => {
            (Provider::YouTube, (*id).to_owned())
        }
        ("youtu.be", [id]) => (Provider::YouTube, (*id).to_owned()),
        // The second part is the key of an unlisted video.
        ("vimeo.com", [id, key]) if digits(id) => (Provider::Vimeo, format!("{id}/{key}")),
        ("vimeo.com", [id]) | ("player.vimeo.com", ["video", id]) if digits(id) => {
            (Provider::Vimeo, (*id).to_owned())
        }
        ("aparat.com", ["v", id]) => (Provider::Aparat, (*id).to_owned()),
        _ => return None,
    };
    let fits = found.1.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/'));
    (fits && (1..=64).contains(&found.1.len())).then_some(found)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_file(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".mp4", ".webm", ".ogv", ".m4v"].iter().any(|end| lower.ends_with(end))
}

impl Duration {
    /// `4:13` or `1:02:30`.
    pub fn parse(text: &str) -> Result<Duration, String> {
        let ascii = ascii_digits(text);
        let parts: Option<Vec<u32>> = ascii
            .split(':')
            .map(|part| part.parse().ok().filter(|_| digits(part) && part.len() < 4))
            .collect();
        let seconds = match parts.as_deref() {
            Some([minutes, seconds]) if *seconds < 60 => minutes * 60 + seconds,
            Some([hours, minutes, seconds]) if *minutes < 60 && *seconds < 60 => {
                (hours * 60 + minutes) * 60 + seconds
            }
            _ => 0,
        };
        if seconds == 0 {
            return Err(format!("has the duration {text:?}; `4:13` or `1:02:30` is right"));
        }
        Ok(Duration(seconds))
    }

    /// ISO 8601: `PT4M13S`.
    pub fn iso(self) -> String {
        let (hours, minutes, seconds) = self.parts();
        let part =
            |number: u32, unit: char| if number > 0 { format!("{number}{unit}") } else { String::new() };
        format!("PT{}{}{}", part(hours, 'H'), part(minutes, 'M'), part(seconds, 'S'))
    }

    fn parts(self) -> (u32, u32, u32) {
        (self.0 / 3600, self.0 / 60 % 60, self.0 % 60)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (0, minutes, seconds) => write!(f, "{minutes}:{seconds:02}"),
            (hours, minutes, seconds) => write!(f, "{hours}:{minutes:02}:{seconds:02}"),
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Provider::YouTube => "YouTube",
            Provider::Vimeo => "Vimeo",
            Provider::Aparat => "Aparat",
            Provider::File => "File",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Duration;

    #[test]
    fn a_duration_is_read_as_players_show_it_and_said_as_crawlers_read_it() {
        for (text, said) in [
            ("4:13", "4:13 PT4M13S"),
            ("۰:۰۵", "0:05 PT5S"),
            ("90:00", "1:30:00 PT1H30M"),
            ("1:02:30", "1:02:30 PT1H2M30S"),
        ] {
            let read = Duration::parse(text).unwrap();
            assert_eq!(format!("{read} {}", read.iso()), said);
            assert_eq!(Duration::parse(&read.to_string()), Ok(read));
        }
        for wrong in ["", "4", "0:00", "4:60", "1:60:00", "a:10", "-1:10", "PT4M", "1:2:3:4", "9999:10"] {
            assert!(Duration::parse(wrong).is_err(), "{wrong}");
        }
    }
}
