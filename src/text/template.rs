//! One line with tokens, such as `{title}, {parents} | {site}`: what titles and descriptions are
//! made from. No conditions: a token without a value takes its separator along.

/// A checked line. Each token has the text that stands before it, and the closing brackets right
/// after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    steps: Vec<Step>,
    /// What follows the last token.
    end: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    before: String,
    token: String,
    close: String,
}

/// Close what the text before a token opened, so they come and go with it: `{title} ({type})`.
const CLOSING: [char; 7] = [')', ']', '»', '”', '’', '"', '›'];

impl Template {
    /// Reads a line; its tokens are checked by whoever knows them.
    ///
    /// # Errors
    /// What is wrong: a brace alone, or a token that no name can be.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut steps: Vec<Step> = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (before, token) = rest.split_at(open);
            let token = token.strip_prefix('{').ok_or("closes a brace that nothing opened")?;
            let (token, after) = token.split_once('}').ok_or("opens a brace that nothing closes")?;
            if token.is_empty() || !token.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(format!("holds `{{{token}}}`, which is no token"));
            }
            let kept = after.trim_start_matches(CLOSING);
            let close = &after[..after.len() - kept.len()];
            steps.push(Step { before: before.into(), token: token.into(), close: close.into() });
            rest = kept;
        }
        Ok(Template { text: text.to_owned(), steps, end: rest.to_owned() })
    }

    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| step.token.as_str())
    }

    pub fn has(&self, token: &str) -> bool {
        self.tokens().any(|other| other == token)
    }

    /// The line with values in the places of its tokens. Where a value is empty, the text before it
    /// goes too; the first value that there is stands without the separator before it. Values are put
    /// in as they are: a brace in one is a brace.
    pub fn fill(&self, value: impl Fn(&str) -> String) -> String {
        let mut line = String::new();
        let mut last_stands = self.steps.is_empty();
        for (at, step) in self.steps.iter().enumerate() {
            let value = value(&step.token);
            let value = value.trim();
            last_stands = !value.is_empty();
            if value.is_empty() {
                continue;
            }
            // What opens before a value that comes first is left out, and so is what closes after it.
            let (before, close) =
                if at == 0 || !line.is_empty() { (&*step.before, &*step.close) } else { ("", "") };
            for part in [before, value, close] {
                line.push_str(part);
            }
        }
        if last_stands {
            line.push_str(&self.end);
        }
        line.trim().to_owned()
    }
}

impl std::fmt::Display for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filled(template: &str, values: &[(&str, &str)]) -> String {
        let find = |token: &str| {
            values.iter().find(|(name, _)| *name == token).map_or(String::new(), |(_, value)| (*value).into())
        };
        Template::parse(template).unwrap().fill(find)
    }

    #[test]
    fn a_token_without_a_value_takes_its_separator_along() {
        let whole = "{title} ({type}), {city}, {region} – {page} | {site}";
        let all =
            [("title", "A"), ("type", "B"), ("city", "C"), ("region", "D"), ("page", "E"), ("site", "F")];
        let without = |absent: &[&str]| {
            let kept: Vec<_> = all.into_iter().filter(|(name, _)| !absent.contains(name)).collect();
            filled(whole, &kept)
        };
        for (absent, expected) in [
            (&[][..], "A (B), C, D – E | F"),
            (&["type"], "A, C, D – E | F"),
            (&["city"], "A (B), D – E | F"),
            (&["region", "page"], "A (B), C | F"),
            (&["type", "city", "region", "page"], "A | F"),
            (&["title"], "B, C, D – E | F"),
            (&["title", "type", "city"], "D – E | F"),
            (&["site"], "A (B), C, D – E"),
            (&["title", "type", "city", "region", "page", "site"], ""),
        ] {
            assert_eq!(without(absent), expected, "without {absent:?}");
        }
    }

    #[test]
    fn text_around_tokens_stays_where_there_is_something() {
        assert_eq!(filled("The guide", &[]), "The guide");
        assert_eq!(filled("All about {title}!", &[("title", "tea")]), "All about tea!");
        assert_eq!(filled("All about {title}!", &[]), "");
        assert_eq!(filled("{title}، {city} | {site}", &[("title", "کافه"), ("site", "اطلس")]), "کافه | اطلس");
    }

    #[test]
    fn a_value_is_never_read_as_a_template() {
        let hostile = [("title", "{site} }{ {{x}}"), ("site", "A")];
        assert_eq!(filled("{title} | {site}", &hostile), "{site} }{ {{x}} | A");
    }

    #[test]
    fn a_wrong_line_is_refused() {
        for (text, reason) in [
            ("{title", "opens a brace that nothing closes"),
            ("title}", "closes a brace that nothing opened"),
            ("{}", "holds `{}`, which is no token"),
            ("{a b}", "holds `{a b}`, which is no token"),
            ("{a{b}}", "holds `{a{b}`, which is no token"),
            ("{if x}", "holds `{if x}`, which is no token"),
        ] {
            assert_eq!(Template::parse(text), Err(reason.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_line_begins_and_ends_with_a_value_when_its_template_does(
            values in prop::collection::vec("[a-z]{0,3}", 1..6),
            between in prop::collection::vec(prop::sample::select(vec![", ", " | ", " – "]), 5),
        ) {
            let template: String = values.iter().enumerate()
                .map(|(at, _)| format!("{}{{t{at}}}", if at == 0 { "" } else { between[at - 1] }))
                .collect();
            let find = |token: &str| values[token[1..].parse::<usize>().unwrap()].clone();
            let line = Template::parse(&template).unwrap().fill(find);
            let kept: Vec<&str> = values.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
            let read: Vec<&str> = line.split([',', '|', '–']).map(str::trim).filter(|part| !part.is_empty()).collect();
            prop_assert_eq!(read, kept.clone());
            prop_assert!(kept.is_empty() == line.is_empty());
            prop_assert!(!line.ends_with([',', '|', '–']) && !line.starts_with([',', '|', '–']));
        }
    }
}
