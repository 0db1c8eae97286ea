//! `robots.txt` (RFC 9309).

use crate::error::{Error, Problem, Result};

/// What Google reads of a `robots.txt`: 500 KiB, rounded down by its documentation.
pub const MAX_BYTES: usize = 512_000;

/// A `robots.txt`. Pages that must not be found are not listed here: a crawler that may not fetch a
/// page never sees its noindex (SEO 3.25).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robots {
    pub groups: Vec<Group>,
    /// Absolute URLs.
    pub sitemaps: Vec<String>,
}

/// Rules for some crawlers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// A group for nobody is left out.
    pub agents: Vec<Agent>,
    /// The longest match wins, not the first; no rules allow everything.
    pub rules: Vec<Rule>,
}

/// A path pattern: `*` is any run of characters, `$` at the end is the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    Allow(String),
    Disallow(String),
}

/// A crawler's product token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent(String);

impl Agent {
    /// Every crawler that has no group of its own.
    pub fn all() -> Agent {
        Agent("*".into())
    }

    /// Reads a product token (RFC 9309, 2.2.1), and allows digits, dots and the star at the end as
    /// real crawlers use them: `Mediapartners-Google*`.
    ///
    /// # Errors
    /// A problem when it holds anything else.
    pub fn parse(text: &str) -> Result<Agent, Problem> {
        let name = text.strip_suffix('*').unwrap_or(text);
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.is_empty() || !name.chars().all(allowed) {
            let reason = "a crawler's name has letters, digits, `-`, `_` and `.` only";
            return Err(Problem::new(format!("`{text}`: {reason}")));
        }
        Ok(Agent(text.into()))
    }
}

impl Robots {
    /// The file's text.
    ///
    /// # Errors
    /// `Error::Invalid` when it is longer than crawlers read.
    pub fn text(&self) -> Result<String> {
        let mut text = String::new();
        for group in self.groups.iter().filter(|group| !group.agents.is_empty()) {
            for Agent(agent) in &group.agents {
                line(&mut text, "User-agent", agent);
            }
            if group.rules.is_empty() {
                line(&mut text, "Disallow", "");
            }
            for rule in &group.rules {
                match rule {
                    Rule::Allow(path) => line(&mut text, "Allow", &pattern(path)),
                    Rule::Disallow(path) => line(&mut text, "Disallow", &pattern(path)),
                }
            }
            text.push('\n');
        }
        for sitemap in &self.sitemaps {
            line(&mut text, "Sitemap", &encode(sitemap));
        }
        if text.len() > MAX_BYTES {
            let reason = format!("the file has {} bytes, and crawlers read {MAX_BYTES}", text.len());
            return Err(Error::field("robots.txt", reason));
        }
        Ok(text)
    }
}

fn line(text: &mut String, field: &str, value: &str) {
    text.push_str(field);
    text.push_str(if value.is_empty() { ":" } else { ": " });
    text.push_str(value);
    text.push('\n');
}

/// A rule begins with a slash or a star; an empty one matches nothing.
fn pattern(path: &str) -> String {
    let path = encode(path);
    if path.is_empty() || path.starts_with(['/', '*']) { path } else { format!("/{path}") }
}

/// Percent-encodes what would end the value or the line, and all that isn't ASCII (2.2.2).
fn encode(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.trim().bytes() {
        match byte {
            b'!'..=b'"' | b'$'..=b'~' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seo::hostile;

    fn agent(text: &str) -> Agent {
        Agent::parse(text).expect("a product token")
    }

    #[test]
    fn the_file_has_a_group_a_paragraph_and_the_sitemaps_last() {
        let robots = Robots {
            groups: vec![
                Group {
                    agents: vec![Agent::all()],
                    rules: vec![
                        Rule::Disallow("/admin".into()),
                        Rule::Allow("/admin/logo.png$".into()),
                        Rule::Disallow("*?sort=".into()),
                    ],
                },
                Group {
                    agents: vec![agent("GPTBot"), agent("CCBot")],
                    rules: vec![Rule::Disallow("/".into())],
                },
                Group { agents: vec![agent("Mediapartners-Google*")], rules: vec![] },
            ],
            sitemaps: vec!["https://example.org/sitemap.xml".into()],
        };
        insta::assert_snapshot!(robots.text().expect("short enough"), @r"
        User-agent: *
        Disallow: /admin
        Allow: /admin/logo.png$
        Disallow: *?sort=

        User-agent: GPTBot
        User-agent: CCBot
        Disallow: /

        User-agent: Mediapartners-Google*
        Disallow:

        Sitemap: https://example.org/sitemap.xml
        ");
        assert_eq!(Robots::default().text().expect("short enough"), "");
    }

    #[test]
    fn a_path_is_encoded_and_cannot_end_its_line() {
        let rule = |path: &str| Robots {
            groups: vec![Group { agents: vec![Agent::all()], rules: vec![Rule::Disallow(path.into())] }],
            sitemaps: vec![],
        };
        let disallowed = |path: &str| {
            let text = rule(path).text().expect("short enough");
            text.strip_prefix("User-agent: *\n").map(|rest| rest.trim_end().to_owned())
        };
        for (path, expected) in [
            ("drafts", "Disallow: /drafts"),
            ("", "Disallow:"),
            ("/a b#c", "Disallow: /a%20b%23c"),
            ("/تهران", "Disallow: /%D8%AA%D9%87%D8%B1%D8%A7%D9%86"),
            ("/x\r\nAllow: /", "Disallow: /x%0D%0AAllow:%20/"),
            ("/%D8%AA*$", "Disallow: /%D8%AA*$"),
        ] {
            assert_eq!(disallowed(path).as_deref(), Some(expected), "{path:?}");
        }
    }

    #[test]
    fn a_crawlers_name_cannot_hold_anything_else() {
        for text in ["", "a b", "a\nAllow: /", "a*b", "ربات", "#", "a:b"] {
            assert!(Agent::parse(text).is_err(), "{text:?}");
        }
        assert_eq!(Agent::parse("*"), Ok(Agent::all()));
    }

    #[test]
    fn a_file_longer_than_crawlers_read_is_refused() {
        let with = |length: usize| Robots {
            groups: vec![],
            sitemaps: vec!["x".repeat(length - "Sitemap: \n".len())],
        };
        assert_eq!(with(MAX_BYTES).text().expect("just short enough").len(), MAX_BYTES);
        let error = with(MAX_BYTES + 1).text().expect_err("one byte too long");
        assert_eq!(error.to_string(), "`robots.txt`: the file has 512001 bytes, and crawlers read 512000");
    }

    proptest! {
        #![proptest_config(hostile::many())]
        #[test]
        fn any_string_stays_on_its_line(text in hostile::strings()) {
            let robots = Robots {
                groups: vec![Group {
                    agents: vec![Agent::all()],
                    rules: vec![Rule::Allow(text.clone()), Rule::Disallow(text.clone())],
                }],
                sitemaps: vec![text.clone()],
            };
            let written = robots.text().expect("short enough");
            let fields: Vec<&str> =
                written.lines().map(|line| line.split_once(':').map_or(line, |(field, _)| field)).collect();
            prop_assert_eq!(fields, ["User-agent", "Allow", "Disallow", "", "Sitemap"]);
            prop_assert!(written.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'~')));
            prop_assert!(!written.contains('#'));
            let value = written.lines().last().and_then(|line| line.strip_prefix("Sitemap:")).unwrap_or_default();
            let read = percent_encoding::percent_decode_str(value.trim()).collect::<Vec<u8>>();
            let meant = percent_encoding::percent_decode_str(text.trim()).collect::<Vec<u8>>();
            prop_assert_eq!(read, meant, "nothing is lost");
        }
    }
}
