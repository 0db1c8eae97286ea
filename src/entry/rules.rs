//! Redirect rules: what happens to paths that the registry doesn't know.
//!
//! Only linear-time expressions (the `regex` crate), small ones, and not many: a rule can cost
//! neither the server's time nor a visitor's (SECURITY T21).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use regex::{Captures, Regex, RegexBuilder};

use crate::error::{Problem, Result};
use crate::text::Path;

/// The most expressions a site may have; each is tried in turn on a path nobody knows.
pub const MOST: usize = 500;
const LONGEST: usize = 500;
const COMPILED: usize = 256 * 1024;
const AUTOMATON: usize = 1024 * 1024;

/// A rule that can be asked.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The pattern as it was written.
    pub text: String,
    pub pattern: Pattern,
    /// A path that may use `$1` … `$9` of an expression, or another site's URL; none when gone.
    pub target: Option<String>,
    /// 301, 302, 307, 308 or 410.
    pub status: u16,
}

#[derive(Debug, Clone)]
pub enum Pattern {
    /// This path and everything below it; what follows is added to the target.
    Prefix(Path),
    /// The whole path, decoded, must match.
    Regex(Regex),
}

impl Rule {
    /// Reads a rule as a person writes it.
    ///
    /// # Errors
    /// `Error::Invalid` with the field (`kind`, `pattern`, `target`, `status`) and the reason.
    pub fn new(kind: &str, pattern: &str, target: Option<&str>, status: u16) -> Result<Rule> {
        let text = pattern.to_owned();
        let pattern = match kind {
            "prefix" => {
                Pattern::Prefix(Path::parse(pattern).map_err(|reason| Problem::new(reason).field("pattern"))?)
            }
            "regex" => Pattern::Regex(compile(pattern)?),
            other => {
                let reason = format!("`{other}` is no kind of rule; one of exact, prefix, regex");
                return Err(Problem::new(reason).field("kind").into());
            }
        };
        check_status(status, target.is_some())?;
        if let (Pattern::Regex(regex), Some(target)) = (&pattern, target) {
            check_parts(regex, target)?;
        }
        Ok(Rule { text, pattern, target: target.map(str::to_owned), status })
    }

    /// `prefix` or `regex`.
    pub fn kind(&self) -> &'static str {
        match self.pattern {
            Pattern::Prefix(_) => "prefix",
            Pattern::Regex(_) => "regex",
        }
    }

    /// The target for a path, when the rule matches it.
    pub fn apply(&self, path: &Path) -> Option<Option<String>> {
        match &self.pattern {
            Pattern::Prefix(prefix) => {
                let rest = below(prefix, path)?;
                Some(
                    self.target
                        .as_ref()
                        .map(|target| format!("{}{}", target.trim_end_matches('/'), part_of(target, &rest))),
                )
            }
            Pattern::Regex(regex) => {
                let found = regex.captures(path.as_str())?;
                Some(self.target.as_ref().map(|target| expand(target, &found)))
            }
        }
    }
}

/// The rest of a path below a prefix, compared in the folded form.
fn below(prefix: &Path, path: &Path) -> Option<String> {
    let mut segments = path.segments();
    for wanted in prefix.segments() {
        let segment = segments.next()?;
        if crate::text::fold(segment) != crate::text::fold(wanted) {
            return None;
        }
    }
    Some(segments.map(|segment| format!("/{segment}")).collect())
}

/// The target with `$1` … `$9` replaced by what the expression found; `$$` is a dollar sign.
fn expand(target: &str, found: &Captures<'_>) -> String {
    let mut to = String::new();
    let mut rest = target;
    while let Some((before, after)) = rest.split_once('$') {
        to.push_str(before);
        let part = after.chars().next().and_then(|digit| digit.to_digit(10));
        if let Some(part) = part {
            let part = found.get(part as usize).map_or("", |part| part.as_str());
            to.push_str(&part_of(target, part));
        } else {
            to.push('$');
        }
        let taken = usize::from(part.is_some() || after.starts_with('$'));
        rest = &after[taken..];
    }
    to.push_str(rest);
    to
}

/// A part of a visitor's path as it stands in a target: a path of ours is text, another site's URL is
/// encoded, so that nothing in the part can end its path.
fn part_of<'a>(target: &str, part: &'a str) -> Cow<'a, str> {
    if target.starts_with('/') { Cow::Borrowed(part) } else { utf8_percent_encode(part, UNSAFE).into() }
}

/// All but the unreserved characters and the slash (RFC 3986, 2.3).
const UNSAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A part that the expression has not would always be empty, which nobody means.
fn check_parts(regex: &Regex, target: &str) -> Result<()> {
    for (at, _) in target.replace("$$", "").match_indices('$') {
        let after = target.replace("$$", "")[at + 1..].chars().next();
        let part = after.and_then(|digit| digit.to_digit(10)).map(|part| part as usize);
        if part.is_none_or(|part| part >= regex.captures_len()) {
            let reason = format!(
                "`${}` is no part of the expression, which has {}; a dollar sign is written `$$`",
                after.unwrap_or(' '),
                regex.captures_len() - 1
            );
            return Err(Problem::new(reason).field("target").into());
        }
    }
    Ok(())
}

fn compile(pattern: &str) -> Result<Regex> {
    let wrong = |reason: String| Problem::new(reason).field("pattern");
    if pattern.len() > LONGEST {
        return Err(wrong(format!("the expression is longer than {LONGEST} bytes")).into());
    }
    RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(COMPILED)
        .dfa_size_limit(AUTOMATON)
        .build()
        .map_err(|error| {
            let message = error.to_string();
            let last = message.lines().last().unwrap_or_default().trim_start_matches("error: ");
            wrong(format!("this is no expression that can be used: {last}")).into()
        })
}

/// Checks that status and target fit.
///
/// # Errors
/// `Error::Invalid` for any other status, a redirect without a target, a 410 with one.
pub fn check_status(status: u16, has_target: bool) -> Result<()> {
    match (status, has_target) {
        (410, true) => Err(Problem::new("a path that is gone (410) has no target").field("target").into()),
        (410, false) | (301 | 302 | 307 | 308, true) => Ok(()),
        (301 | 302 | 307 | 308, false) => {
            Err(Problem::new("a redirect needs a target").field("target").into())
        }
        (other, _) => {
            let reason = format!("{other} is not one of 301, 302, 307, 308, 410");
            Err(Problem::new(reason).field("status").into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(rule: &Rule, path: &str) -> Option<String> {
        rule.apply(&Path::parse(path).unwrap()).map(|target| target.unwrap_or_else(|| "gone".into()))
    }

    #[test]
    fn a_prefix_takes_its_path_and_everything_below() {
        let rule = Rule::new("prefix", "/Old", Some("/new"), 301).unwrap();
        assert_eq!(to(&rule, "/old"), Some("/new".into()));
        assert_eq!(to(&rule, "/OLD/a/b"), Some("/new/a/b".into()));
        assert_eq!(to(&rule, "/older"), None);
        assert_eq!(to(&Rule::new("prefix", "/old", None, 410).unwrap(), "/old/x"), Some("gone".into()));
    }

    #[test]
    fn an_expression_matches_the_whole_path_and_hands_over_its_parts() {
        let rule = Rule::new("regex", r"/(\d{4})/(.+)\.html", Some("/$2"), 301).unwrap();
        assert_eq!(to(&rule, "/2015/hello.html"), Some("/hello".into()));
        assert_eq!(to(&rule, "/x/2015/hello.html"), None);
        assert_eq!(to(&rule, "/2015/hello.html/more"), None);
    }

    #[test]
    fn what_goes_to_another_site_is_encoded() {
        let there = Some("https://partner.example/in/$1");
        let rule = Rule::new("regex", "/out/(.+)", there, 302).unwrap();
        assert_eq!(
            to(&rule, "/out/a b@z%/café"),
            Some("https://partner.example/in/a%20b%40z%25/caf%C3%A9".into())
        );
        let rule = Rule::new("prefix", "/out", Some("https://partner.example/"), 302).unwrap();
        assert_eq!(to(&rule, "/out/a b@x"), Some("https://partner.example/a%20b%40x".into()));
    }

    #[test]
    fn a_part_is_one_digit_and_must_be_there() {
        let rule = Rule::new("regex", "/(a)(b)", Some("/$1x$20$$"), 301).unwrap();
        assert_eq!(to(&rule, "/ab"), Some("/axb0$".into()));
        for target in ["/$3", "/${1}", "/$x", "/$"] {
            assert!(Rule::new("regex", "/(a)(b)", Some(target), 301).is_err(), "{target}");
        }
    }

    #[test]
    fn expressions_that_could_hurt_are_refused() {
        for pattern in ["(a{1000}){1000}", "(", r"(?P<x", &"a".repeat(501), r"(a)\1", "(?=a)"] {
            let error = Rule::new("regex", pattern, Some("/x"), 301).unwrap_err();
            assert!(error.to_string().starts_with("`pattern`: "), "{error}");
        }
    }

    #[test]
    fn status_and_target_must_fit() {
        for (status, target) in [(410, Some("/x")), (301, None), (200, Some("/x")), (303, Some("/x"))] {
            assert!(Rule::new("prefix", "/a", target, status).is_err(), "{status} {target:?}");
        }
    }
}
