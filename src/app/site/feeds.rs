//! `[feeds]`, `[news]` and `[indexnow]` of `site.toml`.

use serde::Deserialize;
use toml::Spanned;

use super::place::Place;
use crate::config::nearest;
use crate::error::Problems;
use crate::schema::{Choice, Field, Type};

/// What feeds say besides their entries.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedsSection {
    /// The WebSub hub that readers may ask to be told by.
    websub: Option<Spanned<String>>,
}

impl FeedsSection {
    pub fn websub(&self) -> Option<&str> {
        self.websub.as_ref().map(|hub| hub.get_ref().as_str())
    }

    pub fn check(&self, place: &Place, problems: &mut Problems) {
        let Some(hub) = &self.websub else { return };
        let is_hub = url::Url::parse(hub.get_ref()).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.as_str() == hub.get_ref()
                && url.fragment().is_none()
        });
        // It stands in a `Link` header between these.
        if !is_hub || hub.get_ref().contains(['<', '>', '"']) {
            let reason =
                format!("`{}` is no hub; a URL such as https://hub.example/ is right", hub.get_ref());
            problems.push(place.problem(hub.span().start, reason).field("feeds.websub"));
        }
    }
}

const NEWS_ARTICLE: &str = "NewsArticle";

/// Which entries of a type are news.
pub enum News<'a> {
    All,
    /// Those with one of these choices in the field.
    Some {
        field: &'a str,
        choices: Vec<&'a str>,
    },
}

fn is_news(choice: &Choice) -> bool {
    choice.schema.as_deref() == Some(NEWS_ARTICLE)
}

/// What stands in the news sitemap.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewsSection {
    /// Types whose entries are news, all of them; when absent, whatever is a `NewsArticle`.
    types: Option<Vec<Spanned<String>>>,
    /// The publication as Google News knows it; the site's name when absent.
    pub name: Option<String>,
}

impl NewsSection {
    /// Which entries of a type are news.
    pub fn takes<'a>(&self, kind: &'a Type) -> Option<News<'a>> {
        if let Some(types) = &self.types {
            return types.iter().any(|name| *name.get_ref() == kind.name).then_some(News::All);
        }
        if kind.schema == NEWS_ARTICLE {
            return Some(News::All);
        }
        let said = |field: &&Field| field.filter && field.choices.iter().any(is_news);
        let field = kind.fields.iter().find(said)?;
        let choices = field.choices.iter().filter(|choice| is_news(choice));
        Some(News::Some { field: &field.name, choices: choices.map(|choice| &*choice.value).collect() })
    }

    /// Every type that is named exists; which there are is known only when all files are read.
    pub fn check(&self, known: &[&str], place: &Place, problems: &mut Problems) {
        for name in self.types.iter().flatten() {
            if !known.contains(&name.get_ref().as_str()) {
                let hint = nearest(name.get_ref(), known.iter().copied())
                    .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                let reason = format!("there is no type `{}`{hint}", name.get_ref());
                problems.push(place.problem(name.span().start, reason).field("news.types"));
            }
        }
    }
}

/// The key that shows search engines who may tell them of changes (indexnow.org).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexNowSection {
    key: Option<Spanned<String>>,
    /// Where engines are told; one tells the others.
    endpoint: Option<Spanned<String>>,
}

/// The address that every engine that takes part stands behind.
const ENDPOINT: &str = "https://api.indexnow.org/indexnow";

impl IndexNowSection {
    pub fn key(&self) -> Option<&str> {
        self.key.as_ref().map(|key| key.get_ref().as_str())
    }

    pub fn endpoint(&self) -> &str {
        self.endpoint.as_ref().map_or(ENDPOINT, |endpoint| endpoint.get_ref().as_str())
    }

    /// The path of the key's file: `/KEY.txt`.
    pub fn path(&self) -> Option<String> {
        self.key().map(|key| format!("/{key}.txt"))
    }

    pub fn check(&self, place: &Place, problems: &mut Problems) {
        if let Some(endpoint) = &self.endpoint {
            let is_url = url::Url::parse(endpoint.get_ref())
                .is_ok_and(|url| url.scheme() == "https" && url.port().is_none() && url.fragment().is_none());
            if !is_url {
                let reason = format!("`{}` is no address such as {ENDPOINT}", endpoint.get_ref());
                problems.push(place.problem(endpoint.span().start, reason).field("indexnow.endpoint"));
            }
        }
        let Some(key) = &self.key else { return };
        let length = key.get_ref().len();
        let plain = key.get_ref().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !plain || !(8..=128).contains(&length) {
            let reason = "must have 8 to 128 characters of a to z, A to Z, 0 to 9 and `-`";
            problems.push(place.problem(key.span().start, reason).field("indexnow.key"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{parsed, refused};

    #[test]
    fn a_hub_a_key_and_the_news_are_checked() {
        for (section, message) in [
            (
                "[feeds]\nwebsub = \"hub.example\"\n",
                "site.toml:6: `feeds.websub`: `hub.example` is no hub; a URL such as https://hub.example/ is right",
            ),
            (
                "[feeds]\nwebsub = \"https://hub.example/>; rel=x\"\n",
                "site.toml:6: `feeds.websub`: `https://hub.example/>; rel=x` is no hub; a URL such as https://hub.example/ is right",
            ),
            (
                "[indexnow]\nkey = \"short\"\n",
                "site.toml:6: `indexnow.key`: must have 8 to 128 characters of a to z, A to Z, 0 to 9 and `-`",
            ),
            (
                "[indexnow]\nkey = \"0123/5678\"\n",
                "site.toml:6: `indexnow.key`: must have 8 to 128 characters of a to z, A to Z, 0 to 9 and `-`",
            ),
            (
                "[indexnow]\nendpoint = \"http://engine.example/indexnow\"\n",
                "site.toml:6: `indexnow.endpoint`: `http://engine.example/indexnow` is no address such as https://api.indexnow.org/indexnow",
            ),
            ("[news]\ntyps = []\n", "site.toml:6: unknown field `typs`, expected `types` or `name`"),
        ] {
            refused(section, message);
        }
        let site = parsed("[feeds]\nwebsub = \"https://hub.example/\"\n[indexnow]\nkey = \"0123-abcd-EF\"\n")
            .unwrap();
        assert_eq!(site.feeds.websub(), Some("https://hub.example/"));
        assert_eq!(site.indexnow.path().as_deref(), Some("/0123-abcd-EF.txt"));
    }
}
