//! `robots.txt` (RFC 9309): writing it, and reading it as crawlers do.

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

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Crawlers don't look at the case of their names.
    pub fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }
}

impl Group {
    pub fn names(&self, agent: &str) -> bool {
        self.agents.iter().any(|own| own.is(agent))
    }
}

impl Rule {
    pub fn pattern(&self) -> &str {
        match self {
            Rule::Allow(pattern) | Rule::Disallow(pattern) => pattern,
        }
    }

    pub fn allows(&self) -> bool {
        matches!(self, Rule::Allow(_))
    }

    /// Whether it speaks of a URL, given as its path and query.
    pub fn matches(&self, target: &str) -> bool {
        matches(&self.normal(), &normal(target))
    }

    fn normal(&self) -> String {
        normal(&pattern(self.pattern()))
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

    /// The rule that says whether a crawler may read a URL, given as its path and query; none when
    /// nothing speaks of it, and then it may. A crawler that is named anywhere is told nothing by
    /// the groups for all (RFC 9309, 2.2.1 and 2.2.2).
    pub fn decide(&self, agent: &str, target: &str) -> Option<&Rule> {
        let named = self.groups.iter().any(|group| group.names(agent));
        let agent = if named { agent } else { "*" };
        let rules = self.groups.iter().filter(|group| group.names(agent)).flat_map(|group| &group.rules);
        let target = normal(target);
        // The longer pattern is the more specific, and of two equals the one that allows.
        let weighed = rules.filter_map(|rule| {
            let pattern = rule.normal();
            matches(&pattern, &target).then(|| ((pattern.len(), rule.allows()), rule))
        });
        weighed.max_by_key(|(weight, _)| *weight).map(|(_, rule)| rule)
    }

    /// Whether a crawler may read a URL, given as its path and query.
    pub fn allows(&self, agent: &str, target: &str) -> bool {
        // Nobody can be kept from the file itself (2.2.2).
        target == "/robots.txt" || self.decide(agent, target).is_none_or(Rule::allows)
    }
}

/// Whether a pattern matches the beginning of a target, or all of it when it ends in `$`. Each run of
/// plain characters is found where it first occurs, so this takes no longer than one look at both.
fn matches(pattern: &str, target: &str) -> bool {
    if pattern.is_empty() {
        return false;
    }
    let (pattern, whole) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut runs = pattern.split('*');
    let Some(mut rest) = target.strip_prefix(runs.next().unwrap_or_default()) else { return false };
    let runs: Vec<&str> = runs.collect();
    let Some((last, between)) = runs.split_last() else { return !whole || rest.is_empty() };
    for run in between {
        let Some(at) = rest.find(run) else { return false };
        rest = &rest[at + run.len()..];
    }
    if whole { rest.ends_with(last) } else { rest.contains(last) }
}

/// One spelling for all that mean the same (2.2.2): unreserved characters plain, everything else that
/// is encoded or has to be with upper-case digits.
fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let encoded = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(hex);
        at += if encoded.is_some() { 3 } else { 1 };
        match encoded.unwrap_or(bytes[at - 1]) {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => normal.push(char::from(byte)),
            byte if encoded.is_none() && byte.is_ascii_graphic() => normal.push(char::from(byte)),
            byte => normal.push_str(&format!("%{byte:02X}")),
        }
    }
    normal
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
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
    use regex::Regex;

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

    fn for_all(rules: Vec<Rule>) -> Robots {
        Robots { groups: vec![Group { agents: vec![Agent::all()], rules }], sitemaps: vec![] }
    }

    fn allow(pattern: &str) -> Rule {
        Rule::Allow(pattern.into())
    }

    fn disallow(pattern: &str) -> Rule {
        Rule::Disallow(pattern.into())
    }

    #[test]
    fn patterns_match_as_the_specification_shows() {
        for (pattern, matching, other) in [
            ("/", &["/", "/fish"][..], &[][..]),
            ("/*", &["/", "/fish"], &[]),
            ("/$", &["/"], &["/fish", "/?a=1"]),
            (
                "/fish",
                &["/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fish.php?id=1"],
                &["/Fish", "/catfish", "/?id=fish", "/desert/fish"],
            ),
            ("/fish*", &["/fish", "/fishheads"], &["/Fish.asp", "/catfish"]),
            ("/fish/", &["/fish/", "/fish/?id=1", "/fish/salmon.htm"], &["/fish", "/fish.html"]),
            (
                "/*.php",
                &["/index.php", "/folder/file.php?parameters", "/folder/any.php.file.html"],
                &["/", "/windows.PHP"],
            ),
            (
                "/*.php$",
                &["/filename.php", "/folder/filename.php", "/a.php.b.php"],
                &["/filename.php?parameters", "/filename.php/", "/filename.php5"],
            ),
            ("/fish*.php", &["/fish.php", "/fishheads/catfish.php?parameters"], &["/Fish.PHP"]),
            ("/a*b*c$", &["/abc", "/a-b-c-b-c"], &["/abcb", "/acb"]),
            ("/a$b", &["/a$b", "/a$bc"], &["/a", "/ab"]),
            ("/ab*ab$", &["/abab", "/ababab"], &["/ab"]),
            (
                "/تهران",
                &["/%D8%AA%D9%87%D8%B1%D8%A7%D9%86/x", "/%d8%aa%d9%87%d8%b1%d8%a7%d9%86"],
                &["/%D8%AA"],
            ),
            ("/%7Ejoe/%2fx", &["/~joe/%2Fx", "/%7ejoe/%2fx/y"], &["/~joe//x"]),
            ("", &[], &["/", ""]),
        ] {
            for target in matching {
                assert!(disallow(pattern).matches(target), "{pattern} matches {target}");
            }
            for target in other {
                assert!(!disallow(pattern).matches(target), "{pattern} does not match {target}");
            }
        }
    }

    #[test]
    fn the_longest_match_wins_and_of_equals_the_one_that_allows() {
        for (allowed, disallowed, target, expected) in [
            ("/p", "/", "/page", true),
            ("/folder", "/folder", "/folder/page", true),
            ("/page", "/*.htm", "/page.htm", false),
            ("/page", "/*.ph", "/page.php5", true),
            ("/$", "/", "/", true),
            ("/$", "/", "/page.htm", false),
        ] {
            for rules in
                [vec![allow(allowed), disallow(disallowed)], vec![disallow(disallowed), allow(allowed)]]
            {
                assert_eq!(
                    for_all(rules).allows("Examplebot", target),
                    expected,
                    "{allowed} {disallowed} {target}"
                );
            }
        }
        assert!(for_all(vec![disallow("/")]).allows("Examplebot", "/robots.txt"));
        assert!(Robots::default().allows("Examplebot", "/"));
    }

    #[test]
    fn a_crawler_follows_its_own_groups_and_no_other() {
        let mut robots = for_all(vec![disallow("/all")]);
        robots
            .groups
            .push(Group { agents: vec![agent("GPTBot"), agent("CCBot")], rules: vec![disallow("/ai")] });
        robots.groups.push(Group { agents: vec![agent("gptbot")], rules: vec![disallow("/more")] });
        robots.groups.push(Group { agents: vec![agent("Freebot")], rules: vec![] });
        let kept_from = |agent: &str| -> Vec<&str> {
            ["/all", "/ai", "/more"].into_iter().filter(|path| !robots.allows(agent, path)).collect()
        };
        assert_eq!(kept_from("Examplebot"), ["/all"]);
        assert_eq!(kept_from("GPTBOT"), ["/ai", "/more"]);
        assert_eq!(kept_from("ccbot"), ["/ai"]);
        assert_eq!(kept_from("Freebot"), Vec::<&str>::new());
    }

    /// The same meaning in the language of another matcher.
    fn oracle(pattern: &str) -> Regex {
        let (body, end) = pattern.strip_suffix('$').map_or((pattern, ""), |body| (body, "$"));
        let runs: Vec<String> = body.split('*').map(regex::escape).collect();
        Regex::new(&format!("^(?s){}{end}", runs.join(".*"))).expect("a valid expression")
    }

    proptest! {
        #![proptest_config(hostile::many())]
        #[test]
        fn matching_agrees_with_an_expression(
            pattern in "/[ab*/]{0,8}[$]?",
            target in "/[ab/]{0,10}",
        ) {
            prop_assert_eq!(disallow(&pattern).matches(&target), oracle(&pattern).is_match(&target));
        }

        #[test]
        fn whatever_is_disallowed_an_equal_rule_allows_again(
            pattern in "/[ab*/]{0,8}[$]?",
            target in "/[ab/]{0,10}",
        ) {
            let robots = for_all(vec![disallow(&pattern), allow(&pattern)]);
            prop_assert!(robots.allows("Examplebot", &target));
            prop_assert_eq!(
                for_all(vec![disallow(&pattern)]).allows("Examplebot", &target),
                !disallow(&pattern).matches(&target)
            );
        }

        #[test]
        fn a_path_matches_itself_however_it_is_spelled(text in hostile::strings()) {
            let path = format!("/{}", text.trim().replace(['*', '$', '#'], ""));
            prop_assert!(disallow(&path).matches(&path));
            let written = pattern(&path);
            prop_assert!(disallow(&written).matches(&path), "{} as written", written);
        }
    }
}
