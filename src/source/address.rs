//! From a file to its address, by the rules of the generator it was written for, so that every
//! page keeps the address it had.

use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::Regex;
use time::{Date, Month};
use unicode_normalization::UnicodeNormalization;

use super::document::{Dialect, Document};
use crate::clock::Time;
use crate::error::Problem;

/// Where a document belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// A site path: decoded, beginning with `/`, without a slash at the end.
    pub path: String,
    /// The last part of the path as the file gives it; none for the home page.
    pub slug: Option<String>,
    /// From the front matter, else the file's name, else a dated path or folder.
    pub date: Option<Time>,
    /// From the front matter, else the ending of the file's name (`about.fa.md`).
    pub locale: Option<String>,
    /// `_index.md`: the page of a folder.
    pub section: bool,
    /// Former addresses, as site paths.
    pub aliases: Vec<String>,
}

/// Finds the address of the document at `relative` in its folder. `locales` are the site's, the
/// default one first: only they are read as the ending of a name.
///
/// The rules, the first that fits: an explicit `path`, `url` or `permalink` (with Jekyll's
/// placeholders and styles); a post in `_posts` has Jekyll's default permalink; else the folder and
/// the slug, as Zola and Hugo have it, under the locale unless that is the default.
/// See getzola.org/documentation/content/page, gohugo.io/content-management/urls,
/// jekyllrb.com/docs/permalinks.
///
/// # Errors
/// The address or an alias can't be one: a placeholder nobody knows, another site's URL, a query.
pub fn locate(relative: &str, document: &Document, locales: &[String]) -> Result<Located, Problem> {
    let file = File::of(relative, locales);
    let front = &document.front;
    let named_date = front.date.or(file.date.map(Time::of_date));
    let locale = front.locale.clone().or_else(|| file.locale.map(str::to_owned));
    let place = Place { relative, document, file: &file, date: named_date };
    let path = match &front.path {
        Some(written) => place.explicit(written)?,
        None if file.is_post => place.permalink("/:categories/:year/:month/:day/:title.html")?,
        None => place.by_folder(locale.as_deref(), locales)?,
    };
    let path = if path.is_empty() { "/".to_owned() } else { path };
    let aliases = front.aliases.iter().map(|alias| place.alias(alias, &path));
    Ok(Located {
        slug: front.slug.clone().or_else(|| last_segment(&path)),
        date: named_date.or_else(|| dated(&path).or_else(|| dated(file.folder)).map(Time::of_date)),
        locale,
        section: file.section,
        aliases: aliases.collect::<Result<_, _>>()?,
        path,
    })
}

/// The name of a file without its folder, endings and date; an `index.md` is named by its folder.
pub(super) fn bare_name(relative: &str) -> &str {
    File::of(relative, &[]).name
}

/// What a file's place in the folder says.
struct File<'a> {
    /// Its folder, without the roots that generators put before every address.
    folder: &'a str,
    name: &'a str,
    date: Option<Date>,
    locale: Option<&'a str>,
    section: bool,
    is_post: bool,
}

static DATED_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?\s?[-_](.+)$")
        .expect("a valid pattern")
});
static DATED_PATH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)").expect("a valid pattern"));

impl<'a> File<'a> {
    fn of(relative: &'a str, locales: &'a [String]) -> File<'a> {
        let relative = relative.trim_start_matches("./").trim_start_matches('/');
        let relative = relative.strip_prefix("content/").unwrap_or(relative);
        let (folder, name) = relative.rsplit_once('/').unwrap_or(("", relative));
        let stem = [".md", ".markdown"].iter().find_map(|ending| strip_ending(name, ending)).unwrap_or(name);
        let (stem, locale) = split_locale(stem, locales);
        let is_post = folder.split('/').any(|name| name == "_posts");
        let section = stem == "_index";
        let (folder, name) = match stem {
            "_index" => (folder, folder.rsplit('/').next().unwrap_or(folder)),
            "index" => folder.rsplit_once('/').unwrap_or(("", folder)),
            name => (folder, name),
        };
        let (name, date) = split_date(name);
        File { folder, name, date, locale, section, is_post }
    }
}

fn strip_ending<'a>(name: &'a str, ending: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(ending.len())?;
    name.get(at..).filter(|end| end.eq_ignore_ascii_case(ending)).map(|_| &name[..at])
}

fn split_locale<'a>(stem: &'a str, locales: &[String]) -> (&'a str, Option<&'a str>) {
    match stem.rsplit_once('.') {
        Some((name, ending)) if !name.is_empty() && locales.iter().any(|locale| locale == ending) => {
            (name, Some(ending))
        }
        _ => (stem, None),
    }
}

fn split_date(name: &str) -> (&str, Option<Date>) {
    let Some(found) = DATED_NAME.captures(name) else { return (name, None) };
    match (date(&found[1], &found[2], &found[3]), found.get(4)) {
        (Some(date), Some(rest)) => (rest.as_str(), Some(date)),
        _ => (name, None),
    }
}

fn dated(path: &str) -> Option<Date> {
    let found = DATED_PATH.captures(path)?;
    date(&found[1], &found[2], &found[3])
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

const PATH: [&str; 3] = ["path", "url", "permalink"];
const ALIASES: [&str; 3] = ["aliases", "redirect_from", "redirects"];

struct Place<'a> {
    relative: &'a str,
    document: &'a Document,
    file: &'a File<'a>,
    date: Option<Time>,
}

impl Place<'_> {
    /// A problem with one of the keys in `names`, ours first: the one the file uses.
    fn problem(&self, names: &[&str], reason: String) -> Problem {
        let document = self.document;
        let lines = names.iter().filter_map(|name| document.line_of(name).map(|line| (*name, line)));
        let problem = Problem::new(reason).file(self.relative);
        let Some((ours, line)) = lines.clone().next() else { return problem.field(names[0]) };
        let written = lines.skip(1).find(|(_, other)| *other == line).map_or(ours, |(name, _)| name);
        problem.at(self.relative, line).field(written)
    }

    fn explicit(&self, written: &str) -> Result<String, Problem> {
        let style = match written {
            "pretty" => "/:categories/:year/:month/:day/:title/",
            "date" => "/:categories/:year/:month/:day/:title.html",
            "ordinal" => "/:categories/:year/:y_day/:title.html",
            "none" => "/:categories/:title.html",
            _ if written.contains("/:") || written.starts_with(':') => written,
            _ if self.document.dialect == Dialect::Atlas => return self.exact(written),
            _ => return site_path(written).map_err(|reason| self.problem(&PATH, reason)),
        };
        self.permalink(style)
    }

    /// A path that export wrote is decoded already: its `%41` is three letters.
    fn exact(&self, written: &str) -> Result<String, Problem> {
        segments(written.split('/').map(str::to_owned))
            .map_err(|reason| self.problem(&PATH, format!("`{written}` {reason}")))
    }

    /// Fills in Jekyll's placeholders.
    fn permalink(&self, style: &str) -> Result<String, Problem> {
        let mut segments = Vec::new();
        for segment in style.split('/').filter(|segment| !segment.is_empty()) {
            if segment == ":categories" {
                segments.extend(self.document.front.categories.iter().map(|name| slug(name)));
            } else {
                segments.push(self.placeholders(segment).map_err(|reason| self.problem(&PATH, reason))?);
            }
        }
        let path = segments.join("/").replace('%', "%25");
        site_path(&path).map_err(|reason| self.problem(&PATH, reason))
    }

    fn placeholders(&self, segment: &str) -> Result<String, String> {
        let mut text = String::new();
        let mut parts = segment.split(':');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            text.push_str(&self.placeholder(name)?);
            text.push_str(rest);
        }
        Ok(text)
    }

    fn placeholder(&self, name: &str) -> Result<String, String> {
        let front = &self.document.front;
        match name {
            "title" => return Ok(front.slug.clone().unwrap_or_else(|| cased_slug(self.file.name))),
            "slug" => return Ok(slug(front.slug.as_deref().unwrap_or(self.file.name))),
            "name" | "basename" => return Ok(self.file.name.to_owned()),
            "path" => return Ok(self.file.folder.to_owned()),
            "categories" => {
                return Ok(front.categories.iter().map(|name| slug(name)).collect::<Vec<_>>().join("/"));
            }
            "output_ext" => return Ok(".html".to_owned()),
            _ => {}
        }
        let missing =
            || format!("`:{name}` needs a date, and neither the front matter nor the file's name has one");
        let date = || self.date.map(Time::date).ok_or_else(missing);
        Ok(match name {
            "year" => format!("{:04}", date()?.year()),
            "short_year" => format!("{:02}", date()?.year().rem_euclid(100)),
            "month" => format!("{:02}", u8::from(date()?.month())),
            "i_month" => u8::from(date()?.month()).to_string(),
            "day" => format!("{:02}", date()?.day()),
            "i_day" => date()?.day().to_string(),
            "y_day" => format!("{:03}", date()?.ordinal()),
            _ => return Err(format!("the placeholder `:{name}` is not known; write the whole path")),
        })
    }

    fn by_folder(&self, locale: Option<&str>, locales: &[String]) -> Result<String, Problem> {
        let last = match &self.document.front.slug {
            _ if self.file.section => None,
            Some(written) => Some(written.trim_matches('/').to_owned()),
            None if self.file.name.is_empty() => None,
            None => Some(self.file_slug()?),
        };
        let folders = self.file.folder.split('/').filter(|name| !name.is_empty()).map(str::to_owned);
        let mut parts: Vec<String> = folders.chain(last).filter(|part| !part.is_empty()).collect();
        if let Some(locale) = locale
            && locales.first().is_some_and(|default| default != locale)
            && parts.first().is_none_or(|first| first != locale)
        {
            parts.insert(0, locale.to_owned());
        }
        let parts = parts.iter().flat_map(|part| part.split('/')).map(|part| part.nfc().collect());
        segments(parts).map_err(|reason| self.problem(&["slug"], format!("the address {reason}")))
    }

    /// Zola writes names in Latin letters, Hugo in their own.
    fn file_slug(&self) -> Result<String, Problem> {
        let slug = match self.document.dialect {
            Dialect::Toml | Dialect::Atlas => latin_slug(self.file.name),
            Dialect::Yaml | Dialect::Json | Dialect::Bare => hugo_slug(self.file.name),
        };
        if slug.is_empty() {
            let reason = "the file's name has no letter to make an address of; give it a `slug`";
            return Err(self.problem(&["slug"], reason.to_owned()));
        }
        Ok(slug)
    }

    /// Zola and Jekyll count from the site's root, Hugo from the page's folder when there is no
    /// slash at the start; `./` and `../` say so in any of them.
    fn alias(&self, alias: &str, path: &str) -> Result<String, Problem> {
        let hugo = matches!(self.document.dialect, Dialect::Yaml | Dialect::Json);
        let relative = alias.starts_with("./") || alias.starts_with("../");
        let whole = match alias.starts_with('/') || alias.contains("://") {
            false if hugo || relative => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                join(folder, alias)
                    .ok_or_else(|| self.problem(&ALIASES, format!("`{alias}` leads out of the site")))?
            }
            _ => alias.to_owned(),
        };
        if self.document.dialect == Dialect::Atlas {
            return self.exact_alias(&whole);
        }
        site_path(&whole).map_err(|reason| self.problem(&ALIASES, reason))
    }

    fn exact_alias(&self, written: &str) -> Result<String, Problem> {
        segments(written.split('/').map(str::to_owned))
            .map_err(|reason| self.problem(&ALIASES, format!("`{written}` {reason}")))
    }
}

/// `folder` + `relative` without dot segments; none when it leads out of the root.
pub(super) fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// A written path as a site path: decoded, NFC, one slash before each part, no `index.html`.
fn site_path(written: &str) -> Result<String, String> {
    let trimmed = written.trim();
    let shown = trimmed.replace(char::is_control, "\u{fffd}");
    if trimmed.contains("://") || trimmed.starts_with("//") {
        return Err(format!("`{shown}` is a whole URL; write a path of this site"));
    }
    if trimmed.contains(['?', '#']) {
        return Err(format!("`{shown}` has a query or a fragment; a path can't have one"));
    }
    let decoded = trimmed
        .split('/')
        .map(|part| percent_decode_str(part).decode_utf8().map(|part| part.nfc().collect::<String>()));
    let decoded: Vec<String> =
        decoded.collect::<Result<_, _>>().map_err(|_| format!("`{shown}` is not UTF-8"))?;
    let path = segments(decoded.into_iter()).map_err(|reason| format!("`{shown}` {reason}"))?;
    let path = path.strip_suffix("/index.html").unwrap_or(&path).to_owned();
    Ok(if path.is_empty() { "/".to_owned() } else { path })
}

fn segments(parts: impl Iterator<Item = String>) -> Result<String, String> {
    let mut path = String::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if part == "." || part == ".." {
            return Err("goes up or stays with `.`; write the path itself".to_owned());
        }
        if part.contains(['/', '\\']) || part.chars().any(char::is_control) {
            return Err("has a character that no path may hold".to_owned());
        }
        path.push('/');
        path.push_str(&part);
    }
    Ok(if path.is_empty() { "/".to_owned() } else { path })
}

fn last_segment(path: &str) -> Option<String> {
    path.rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Letters and digits of any script in lower case, `-` for the rest.
fn slug(text: &str) -> String {
    dashed(text.nfc().flat_map(char::to_lowercase), |c| c.is_alphanumeric())
}

/// Jekyll's `:title`: the case stays, and so do a few signs.
fn cased_slug(text: &str) -> String {
    dashed(text.nfc(), |c| c.is_alphanumeric() || "._~!$&'()+,;=@".contains(c))
}

fn latin_slug(text: &str) -> String {
    dashed(deunicode::deunicode(text).to_lowercase().chars(), |c| c.is_ascii_alphanumeric())
}

fn hugo_slug(text: &str) -> String {
    dashed(text.nfc().flat_map(char::to_lowercase), |c| {
        c.is_alphanumeric() || "._\u{200c}".contains(c) || is_mark(c)
    })
}

/// Vowel signs belong to their letters.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

fn dashed(text: impl Iterator<Item = char>, keep: impl Fn(char) -> bool) -> String {
    let mut slug = String::new();
    for c in text {
        if keep(c) || is_mark(c) {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}
