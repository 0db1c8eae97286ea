//! The rule that gives an entry its address when it is saved: `/{city.path}/{slug}`.

use std::fmt;

use time::Date;

/// A parsed path rule. It is used when an entry is saved; the stored path is the truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathRule {
    tokens: Vec<Token>,
}

/// One part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// Fixed text, with its slashes.
    Literal(String),
    /// The parent entry's path; dropped, with the slash before it, when there is no parent.
    ParentPath,
    /// The path of the entry that this relation field leads to.
    FieldPath(String),
    /// Four digits of the publication date.
    Year,
    /// Two digits.
    Month,
    /// Two digits.
    Day,
    Slug,
}

/// Whose path an address begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrefixSource<'a> {
    None,
    /// The parent, if the entry has one.
    Parent,
    /// The entry in this relation field.
    Field(&'a str),
}

impl PathRule {
    /// Reads a rule.
    ///
    /// # Errors
    /// What is wrong and what would be right, one sentence a fault.
    pub fn parse(rule: &str) -> Result<PathRule, Vec<String>> {
        let mut faults = Vec::new();
        let tokens = tokens_of(rule, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let rule = PathRule { tokens };
        rule.check(&mut faults);
        if faults.is_empty() { Ok(rule) } else { Err(faults) }
    }

    /// `/{slug}`.
    pub(super) fn only_slug() -> PathRule {
        PathRule { tokens: vec![Token::Literal("/".to_owned()), Token::Slug] }
    }

    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Whose path the address begins with: moving that entry moves this one.
    pub fn prefix_source(&self) -> PrefixSource<'_> {
        match self.tokens.get(1) {
            Some(Token::ParentPath) => PrefixSource::Parent,
            Some(Token::FieldPath(name)) => PrefixSource::Field(name),
            _ => PrefixSource::None,
        }
    }

    /// Whether the address holds the date of publication.
    pub fn needs_date(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Year | Token::Month | Token::Day))
    }

    /// The address of an entry: `prefix` is the path of the entry that [`Self::prefix_source`]
    /// names, `None` when there is none; `date` the day of publication.
    ///
    /// Returns `None` when the rule needs a prefix field or a date that is not there.
    pub fn build(&self, prefix: Option<&str>, date: Option<Date>, slug: &str) -> Option<String> {
        let mut path = String::new();
        for token in &self.tokens {
            match token {
                Token::Literal(text) => path.push_str(text),
                Token::ParentPath => push_prefix(&mut path, prefix.unwrap_or("/")),
                Token::FieldPath(_) => push_prefix(&mut path, prefix?),
                Token::Year => path.push_str(&format!("{:04}", date?.year())),
                Token::Month => path.push_str(&format!("{:02}", u8::from(date?.month()))),
                Token::Day => path.push_str(&format!("{:02}", date?.day())),
                Token::Slug => path.push_str(slug),
            }
        }
        Some(path)
    }

    fn check(&self, faults: &mut Vec<String>) {
        if self.tokens.last() != Some(&Token::Slug) {
            faults.push("must end in `{slug}`, which makes each address of the type its own".to_owned());
        }
        if self.tokens.iter().filter(|token| **token == Token::Slug).count() > 1 {
            faults.push("names `{slug}` twice; once, at the end, is right".to_owned());
        }
        for (i, token) in self.tokens.iter().enumerate() {
            let name = match token {
                Token::ParentPath => "parent",
                Token::FieldPath(name) => name,
                _ => continue,
            };
            let first = i == 1 && self.tokens[0] == Token::Literal("/".to_owned());
            let whole = matches!(self.tokens.get(i + 1), Some(Token::Literal(next)) if next.starts_with('/'));
            if !first || !whole {
                faults.push(format!(
                    "`{{{name}.path}}` must stand alone at the start, as in `/{{{name}.path}}/{{slug}}`"
                ));
            }
        }
        if let Some(fault) = self.fault_of_literals() {
            faults.push(fault);
        }
    }

    fn fault_of_literals(&self) -> Option<String> {
        let shown = self.to_string();
        if shown.contains("//") {
            return Some("holds an empty segment (`//`); one slash between segments is right".to_owned());
        }
        let dotted = shown.split('/').find(|segment| matches!(*segment, "." | ".."));
        dotted.map(|_| "holds a dot segment, which browsers resolve away; leave it out".to_owned())
    }
}

/// Puts a path in place of the slash that was just written: the root adds nothing.
fn push_prefix(path: &mut String, prefix: &str) {
    path.pop();
    path.push_str(prefix.trim_end_matches('/'));
}

fn tokens_of(rule: &str, faults: &mut Vec<String>) -> Vec<Token> {
    if !rule.starts_with('/') {
        faults.push(format!("must start with `/`, as in `/{}`", rule.trim_start()));
        return Vec::new();
    }
    let mut tokens = Vec::new();
    let mut rest = rule;
    while !rest.is_empty() {
        let open = rest.find('{').unwrap_or(rest.len());
        let (literal, tail) = rest.split_at(open);
        if !literal.is_empty() {
            if let Some(bad) = literal.chars().find(|c| !may_stand_in_a_path(*c)) {
                faults.push(format!(
                    "holds {bad:?}, which can't stand in a path; letters, digits, `-`, `_`, `.` and `/` can"
                ));
            }
            tokens.push(Token::Literal(literal.to_owned()));
        }
        if tail.is_empty() {
            break;
        }
        let Some(close) = tail.find('}') else {
            faults.push(format!("opens `{tail}` and never closes it with `}}`"));
            break;
        };
        match token_of(&tail[1..close]) {
            Ok(token) => tokens.push(token),
            Err(fault) => faults.push(fault),
        }
        rest = &tail[close + 1..];
    }
    tokens
}

fn token_of(name: &str) -> Result<Token, String> {
    match name {
        "slug" => Ok(Token::Slug),
        "year" => Ok(Token::Year),
        "month" => Ok(Token::Month),
        "day" => Ok(Token::Day),
        "parent.path" => Ok(Token::ParentPath),
        _ => match name.strip_suffix(".path") {
            Some(field) if super::load::is_field_name(field) => Ok(Token::FieldPath(field.to_owned())),
            _ => Err(format!(
                "`{{{name}}}` is not known; `{{slug}}`, `{{parent.path}}`, `{{FIELD.path}}`, `{{year}}`, `{{month}}` and `{{day}}` are"
            )),
        },
    }
}

fn may_stand_in_a_path(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/')
}

impl fmt::Display for PathRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for token in &self.tokens {
            match token {
                Token::Literal(text) => f.write_str(text)?,
                Token::ParentPath => f.write_str("{parent.path}")?,
                Token::FieldPath(name) => write!(f, "{{{name}.path}}")?,
                Token::Year => f.write_str("{year}")?,
                Token::Month => f.write_str("{month}")?,
                Token::Day => f.write_str("{day}")?,
                Token::Slug => f.write_str("{slug}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn rule(text: &str) -> PathRule {
        PathRule::parse(text).unwrap_or_else(|faults| panic!("{text}: {faults:?}"))
    }

    #[test]
    fn an_address_is_built_from_its_rule() {
        let day = Some(date!(2026 - 03 - 01));
        for (text, prefix, expected) in [
            ("/articles/{slug}", None, "/articles/hello"),
            ("/{slug}", None, "/hello"),
            ("/{parent.path}/{slug}", None, "/hello"),
            ("/{parent.path}/{slug}", Some("/"), "/hello"),
            ("/{parent.path}/{slug}", Some("/about/us"), "/about/us/hello"),
            ("/{city.path}/{slug}", Some("/ایران/تهران"), "/ایران/تهران/hello"),
            ("/{city.path}/places/{slug}", Some("/tehran"), "/tehran/places/hello"),
            ("/{year}/{month}/{day}/{slug}", None, "/2026/03/01/hello"),
            ("/blog/{year}-{month}-{slug}", None, "/blog/2026-03-hello"),
        ] {
            assert_eq!(rule(text).build(prefix, day, "hello").as_deref(), Some(expected), "{text}");
            assert_eq!(rule(text).to_string(), text);
        }
        assert_eq!(rule("/{city.path}/{slug}").build(None, day, "hello"), None);
        assert_eq!(rule("/{year}/{slug}").build(None, None, "hello"), None);
    }

    #[test]
    fn a_rule_says_whose_path_it_begins_with() {
        assert_eq!(rule("/articles/{slug}").prefix_source(), PrefixSource::None);
        assert_eq!(rule("/{slug}").prefix_source(), PrefixSource::None);
        assert_eq!(rule("/{parent.path}/{slug}").prefix_source(), PrefixSource::Parent);
        assert_eq!(rule("/{city.path}/{slug}").prefix_source(), PrefixSource::Field("city"));
    }
}
