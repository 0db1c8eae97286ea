//! `[analytics]`: who counts visits. Only kinds that are known here, each with the script it needs and what
//! the policy of the pages has to allow for it; nobody types code.

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::place::Place;
use crate::error::Problems;

/// The section: a kind, the address where it stands, and the name of the site there. Without a kind
/// nobody counts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analytics {
    kind: Option<Spanned<String>>,
    host: Option<Spanned<String>>,
    site: Option<Spanned<String>>,
}

/// A way of counting.
struct Kind {
    name: &'static str,
    /// The script below the host; of Matomo, ours fetches it.
    script: Option<&'static str>,
    /// What `site` is, and what it looks like; nothing where the host says it all.
    site: Option<Asked>,
    /// It asks for a picture where a browser can't send otherwise.
    pictures: bool,
}

/// What somebody is asked for.
struct Asked {
    what: &'static str,
    fits: fn(&str) -> bool,
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "plausible",
        script: Some("js/script.js"),
        site: Some(Asked { what: "the domain as Plausible has it, such as `example.org`,", fits: is_domain }),
        pictures: false,
    },
    Kind {
        name: "umami",
        script: Some("script.js"),
        site: Some(Asked {
            what: "the website's ID, such as `b0a1c2d3-0000-4000-8000-000000000000`,",
            fits: is_uuid,
        }),
        pictures: false,
    },
    Kind { name: "goatcounter", script: Some("count.js"), site: None, pictures: true },
    Kind {
        name: "matomo",
        script: None,
        site: Some(Asked { what: "the site's number, such as `1`,", fits: is_number }),
        pictures: true,
    },
];

/// The names of all kinds.
pub const KIND_NAMES: [&str; 4] = ["plausible", "umami", "goatcounter", "matomo"];

/// Of Matomo, what our own script is told: the file below `static/`.
pub const MATOMO: &str = "site/matomo.js";

/// The script of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its address, or the name of one of our own files.
    pub src: Source,
    /// The `data-` attributes that tell it what it is to know.
    pub data: Vec<(&'static str, String)>,
}

/// Where a script comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Url(String),
    /// A file below `static/`.
    Own(&'static str),
}

impl Analytics {
    pub(super) fn check(&self, place: &Place, problems: &mut Problems) {
        let mut fault = |key: &str, value: Option<&Spanned<String>>, reason: String| {
            let problem = value.map_or_else(
                || place.whole(reason.as_str()),
                |value| place.problem(value.span().start, reason.as_str()),
            );
            problems.push(problem.field(format!("analytics.{key}")));
        };
        let known = KIND_NAMES.join(", ");
        let Some(written) = &self.kind else {
            if self.host.is_some() || self.site.is_some() {
                fault("kind", None, format!("is missing; one of {known} is right"));
            }
            return;
        };
        let right = "the https address where it stands is right, such as `https://stats.example.org`";
        match &self.host {
            None => fault("host", Some(written), format!("is missing; {right}")),
            Some(host) if address(host.get_ref()).is_none() => {
                fault("host", Some(host), format!("is `{}`; {right}", host.get_ref()));
            }
            Some(_) => {}
        }
        let name = written.get_ref();
        let Some(kind) = self.kind() else {
            return fault("kind", Some(written), format!("is `{name}`; one of {known} is right"));
        };
        match (&kind.site, &self.site) {
            (Some(Asked { what, fits }), Some(site)) if !fits(site.get_ref()) => {
                fault("site", Some(site), format!("is `{}`; {what} is right", site.get_ref()));
            }
            (Some(Asked { what, .. }), None) => {
                fault("site", Some(written), format!("is missing; {what} is right"))
            }
            (None, Some(site)) => {
                fault("site", Some(site), format!("is nothing that {name} asks for; leave it empty"));
            }
            _ => {}
        }
    }

    fn kind(&self) -> Option<&'static Kind> {
        let name = self.kind.as_ref()?.get_ref();
        KINDS.iter().find(|kind| kind.name == name)
    }

    fn host(&self) -> String {
        self.host.as_ref().and_then(|host| address(host.get_ref())).unwrap_or_default()
    }

    /// Nobody counts.
    pub fn is_off(&self) -> bool {
        self.kind.is_none()
    }

    /// What a page carries.
    pub fn script(&self) -> Option<Script> {
        let (kind, host) = (self.kind()?, self.host());
        let site = self.site.as_ref().map(|site| site.get_ref().clone()).unwrap_or_default();
        let data = match kind.name {
            "plausible" => vec![("domain", site), ("api", format!("{host}/api/event"))],
            "umami" => vec![("website-id", site), ("host-url", host.clone())],
            "goatcounter" => vec![("goatcounter", format!("{host}/count"))],
            _ => vec![("host", host.clone()), ("site", site)],
        };
        let src = kind.script.map_or(Source::Own(MATOMO), |script| Source::Url(format!("{host}/{script}")));
        Some(Script { src, data })
    }

    /// What the policy of a page allows besides: for each directive, one source.
    pub fn allowed(&self) -> Vec<(&'static str, String)> {
        let Some(kind) = self.kind() else { return Vec::new() };
        let host = self.host();
        // Below a path, only what stands below it (CSP 3, 2.3.1).
        let has_path = Url::parse(&host).is_ok_and(|url| url.path() != "/");
        let source = if has_path { format!("{host}/") } else { host };
        let directives = ["script-src", "connect-src"].into_iter().chain(kind.pictures.then_some("img-src"));
        directives.map(|directive| (directive, source.clone())).collect()
    }
}

/// The address without a slash at its end; none where it is no plain https address.
fn address(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| url.scheme() == "https" && url.has_host())?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        // What ends a source or a directive of the policy.
        && !url.as_str().contains([';', ',', ' ', '\'', '*']);
    plain.then(|| url.as_str().trim_end_matches('/').to_owned())
}

fn is_domain(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    text.split(',').all(part)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn is_number(text: &str) -> bool {
    (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{parsed, refused};
    use super::*;

    fn of(section: &str) -> Analytics {
        parsed(&format!("[analytics]\n{section}")).unwrap().analytics
    }

    #[test]
    fn each_kind_has_its_script_and_asks_for_no_more_than_its_host() {
        let own = of("kind = \"plausible\"\nhost = \"https://stats.example.org/\"\nsite = \"example.org\"\n");
        let host = "https://stats.example.org";
        assert_eq!(
            own.script().unwrap(),
            Script {
                src: Source::Url(format!("{host}/js/script.js")),
                data: vec![("domain", "example.org".into()), ("api", format!("{host}/api/event"))],
            }
        );
        assert_eq!(own.allowed(), [("script-src", host.to_owned()), ("connect-src", host.to_owned())]);
        let goat = of("kind = \"goatcounter\"\nhost = \"https://me.goatcounter.com\"\n");
        let three = ["script-src", "connect-src", "img-src"];
        assert_eq!(goat.allowed(), three.map(|directive| (directive, "https://me.goatcounter.com".into())));
        let matomo = of("kind = \"matomo\"\nhost = \"https://example.org/matomo\"\nsite = \"3\"\n");
        assert_eq!(
            matomo.allowed(),
            three.map(|directive| (directive, "https://example.org/matomo/".into()))
        );
        assert_eq!(matomo.script().unwrap().src, Source::Own(MATOMO));
        let umami = "kind = \"umami\"\nhost = \"https://u.example:8443\"\n\
                     site = \"b0a1c2d3-0000-4000-8000-000000000000\"\n";
        assert_eq!(of(umami).script().unwrap().data[1], ("host-url", "https://u.example:8443".into()));
        assert!(parsed("").unwrap().analytics.is_off());
        assert_eq!(KINDS.map(|kind| kind.name), KIND_NAMES);
    }

    #[test]
    fn what_is_no_kind_no_address_or_no_name_is_refused() {
        for (section, message) in [
            (
                "kind = \"google\"\nhost = \"https://a.example\"\n",
                "site.toml:6: `analytics.kind`: is `google`; one of plausible, umami, goatcounter, matomo is right",
            ),
            (
                "kind = \"goatcounter\"\nhost = \"https://a.example; script-src *\"\n",
                "site.toml:7: `analytics.host`: is `https://a.example; script-src *`; the https address where it \
                 stands is right, such as `https://stats.example.org`",
            ),
            (
                "kind = \"matomo\"\nhost = \"https://a.example\"\nsite = \"<script>\"\n",
                "site.toml:8: `analytics.site`: is `<script>`; the site's number, such as `1`, is right",
            ),
            (
                "kind = \"matomo\"\nhost = \"https://a.example\"\n",
                "site.toml:6: `analytics.site`: is missing; the site's number, such as `1`, is right",
            ),
            (
                "host = \"https://a.example\"\n",
                "site.toml: `analytics.kind`: is missing; one of plausible, umami, goatcounter, matomo is right",
            ),
            (
                "kind = \"goatcounter\"\nsite = \"1\"\n",
                "site.toml:6: `analytics.host`: is missing; the https address where it stands is right, such as \
                 `https://stats.example.org`\nsite.toml:7: `analytics.site`: is nothing that goatcounter asks for; \
                 leave it empty",
            ),
        ] {
            refused(&format!("[analytics]\n{section}"), message);
        }
        for host in [
            "http://a.example",
            "https://",
            "https://u:p@a.example",
            "https://a.example/?x",
            "//a",
            "https://*.a",
        ] {
            assert_eq!(address(host), None, "{host}");
        }
    }
}
