//! The linter of `[robots]`: what contradicts itself, or keeps search engines from what they need, is
//! refused.

use toml::Spanned;

use super::Locale;
use super::place::Place;
use super::robots::{GroupSection, RobotsSection, Switch};
use crate::config::nearest;
use crate::error::Problems;
use crate::seo::crawlers::{AI_CRAWLERS, ai_crawler};
use crate::seo::robots_txt::{Agent, Robots, Rule};

/// What has to be readable, or pages can't be found or drawn: one address of each kind.
const NEEDED: [&str; 13] = [
    "/sitemap.xml",
    "/sitemap-news.xml",
    "/sitemaps/pages-1.xml",
    "/static/0123456789abcdef/site/base.css",
    "/static/0123456789abcdef/site/icon.svg",
    "/static/0123456789abcdef/site/menu.js",
    "/static/0123456789abcdef/site/text.woff2",
    "/media/0123456789abcdef/picture.jpg",
    "/media/0123456789abcdef/picture.png",
    "/media/0123456789abcdef/picture.webp",
    "/media/0123456789abcdef/picture.avif",
    "/media/0123456789abcdef/picture.svg",
    "/media/0123456789abcdef/picture.gif",
];

impl RobotsSection {
    /// Refuses what is wrong in itself.
    pub fn check(&self, locales: &[Locale], place: &Place, problems: &mut Problems) {
        let before = problems.0.len();
        for (at, group) in self.group.iter().enumerate() {
            self.check_group(at, group, place, problems);
        }
        for (name, switch) in &self.bots {
            self.check_bot(name, switch, place, problems);
        }
        // What is wrong in itself need not be tried.
        if problems.0.len() == before {
            self.check_needed(locales, place, problems);
            self.check_length(place, problems);
        }
    }

    fn check_group(&self, at: usize, group: &Spanned<GroupSection>, place: &Place, problems: &mut Problems) {
        let start = group.span().start;
        let group = group.get_ref();
        let mut fault = |at: usize, field: &str, reason: String| {
            problems.push(place.problem(at, reason).field(format!("robots.group.{field}")));
        };
        if group.agents.is_empty() {
            fault(start, "agents", "names no crawler; `[\"*\"]` means all that are named nowhere".into());
        }
        if group.allow.is_empty() && group.disallow.is_empty() {
            fault(start, "disallow", "a group without a rule does nothing; take it out".into());
        }
        for (number, agent) in group.agents.iter().enumerate() {
            let name = agent.get_ref();
            if let Err(problem) = Agent::parse(name) {
                fault(agent.span().start, "agents", problem.reason);
            }
            let earlier =
                group.agents[..number].iter().any(|other| other.get_ref().eq_ignore_ascii_case(name));
            let elsewhere = self.group[..at].iter().any(|other| other.get_ref().names(name));
            if earlier || elsewhere {
                fault(
                    agent.span().start,
                    "agents",
                    format!("`{name}` has a group already; put its rules there"),
                );
            }
        }
        for (key, rule) in group.rules() {
            if let Err(reason) = check_pattern(rule.get_ref()) {
                fault(rule.span().start, key, reason);
            }
        }
        for rule in &group.disallow {
            if group.allow.iter().any(|other| other.get_ref() == rule.get_ref()) {
                let reason = format!("`{}` is allowed and disallowed; one of both is meant", rule.get_ref());
                fault(rule.span().start, "disallow", reason);
            }
        }
    }

    fn check_bot(&self, name: &str, switch: &Spanned<Switch>, place: &Place, problems: &mut Problems) {
        let field = format!("robots.bots.{name}");
        let start = switch.span().start;
        let Some(known) = ai_crawler(name) else {
            let hint = nearest(name, AI_CRAWLERS.iter().map(|crawler| crawler.name))
                .map_or_else(String::new, |near| format!("did you mean `{near}`? "));
            let reason = format!("is no AI crawler that is known; {hint}Any other gets a `[[robots.group]]`");
            problems.push(place.problem(start, reason).field(field));
            return;
        };
        if self.group.iter().any(|group| group.get_ref().names(known.name)) {
            let reason = "has a `[[robots.group]]` as well; keep one of both";
            problems.push(place.problem(start, reason).field(field));
        }
    }

    /// Nothing keeps search engines from home pages, sitemaps, styles and pictures.
    fn check_needed(&self, locales: &[Locale], place: &Place, problems: &mut Problems) {
        let robots = Robots { groups: self.groups(), sitemaps: Vec::new() };
        let home = |at: usize, locale: &Locale| match at {
            0 => "/".to_owned(),
            _ => format!("/{}", locale.code.to_lowercase()),
        };
        let homes = locales.iter().enumerate().map(|(at, locale)| home(at, locale));
        let needed: Vec<String> = homes.chain(NEEDED.map(str::to_owned)).collect();
        for agent in self.engines() {
            let mut told: Vec<Rule> = Vec::new();
            for target in &needed {
                let Some(rule) = robots.decide(agent, target).filter(|rule| !rule.allows()) else { continue };
                if told.contains(rule) {
                    continue;
                }
                told.push(rule.clone());
                let reason = format!(
                    "`{}` keeps `{agent}` from {target}, which search engines need; a site that is not to be \
                     found has the setting `environment = \"staging\"`",
                    rule.pattern()
                );
                problems.push(self.problem(place, agent, rule, reason));
            }
        }
    }

    fn check_length(&self, place: &Place, problems: &mut Problems) {
        let robots = Robots { groups: self.groups(), sitemaps: Vec::new() };
        if let Err(error) = robots.text() {
            problems.push(place.problem(0, error.to_string()).field("robots"));
        }
    }
}

/// A rule is a path as crawlers send it, with `*` and `$` as the only signs of their own.
fn check_pattern(pattern: &str) -> Result<(), String> {
    if !pattern.starts_with(['/', '*']) {
        return Err(format!("`{pattern}` is no path; a rule begins with `/` or `*`"));
    }
    if let Some(odd) =
        pattern.chars().find(|c| c.is_whitespace() || c.is_control() || matches!(c, '#' | '\\'))
    {
        return Err(format!("`{}` has {odd:?}, which no path has", pattern.escape_default()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::robots::tests::text;
    use super::super::tests::{parsed, refused};

    #[test]
    fn what_is_wrong_in_itself_is_refused_with_its_line() {
        for (section, message) in [
            (
                "[robots]\nai_training = \"no\"\n",
                "site.toml:6: unknown variant `no`, expected `allow` or `disallow`",
            ),
            (
                "[robots]\nai = \"allow\"\n",
                "site.toml:6: unknown field `ai`, expected one of `ai_training`, `ai_search`, `ai_user`, `bots`, `group`",
            ),
            (
                "[[robots.group]]\nagents = [\"*\"]\nnoindex = [\"/x\"]\n",
                "site.toml:7: unknown field `noindex`, expected one of `agents`, `allow`, `disallow`",
            ),
            (
                "[[robots.group]]\ndisallow = [\"/x\"]\n",
                "site.toml:5: `robots.group.agents`: names no crawler; `[\"*\"]` means all that are named nowhere",
            ),
            (
                "[[robots.group]]\nagents = [\"*\"]\n",
                "site.toml:5: `robots.group.disallow`: a group without a rule does nothing; take it out",
            ),
            (
                "[[robots.group]]\nagents = [\n  \"*\",\n  \"my bot\"]\ndisallow = [\"/x\"]\n",
                "site.toml:8: `robots.group.agents`: `my bot`: a crawler's name has letters, digits, `-`, `_` and `.` only",
            ),
            (
                "[[robots.group]]\nagents = [\"a\"]\ndisallow = [\"/x\"]\n[[robots.group]]\nagents = [\"A\"]\ndisallow = [\"/y\"]\n",
                "site.toml:9: `robots.group.agents`: `A` has a group already; put its rules there",
            ),
            (
                "[[robots.group]]\nagents = [\"a\", \"a\"]\ndisallow = [\"/x\"]\n",
                "site.toml:6: `robots.group.agents`: `a` has a group already; put its rules there",
            ),
            (
                "[[robots.group]]\nagents = [\"a\"]\ndisallow = [\n  \"/x\",\n  \"y/z\"]\n",
                "site.toml:9: `robots.group.disallow`: `y/z` is no path; a rule begins with `/` or `*`",
            ),
            (
                "[[robots.group]]\nagents = [\"a\"]\nallow = [\"\"]\n",
                "site.toml:7: `robots.group.allow`: `` is no path; a rule begins with `/` or `*`",
            ),
            (
                "[[robots.group]]\nagents = [\"a\"]\nallow = [\"/a b\"]\n",
                "site.toml:7: `robots.group.allow`: `/a b` has ' ', which no path has",
            ),
            (
                "[[robots.group]]\nagents = [\"a\"]\nallow = [\"/a\\nDisallow: /\"]\n",
                "site.toml:7: `robots.group.allow`: `/a\\nDisallow: /` has '\\n', which no path has",
            ),
            (
                "[[robots.group]]\nagents = [\"a\"]\nallow = [\"/x\"]\ndisallow = [\"/x\"]\n",
                "site.toml:8: `robots.group.disallow`: `/x` is allowed and disallowed; one of both is meant",
            ),
            (
                "[robots.bots]\nGTPBot = \"disallow\"\n",
                "site.toml:6: `robots.bots.GTPBot`: is no AI crawler that is known; did you mean `GPTBot`? Any other gets a `[[robots.group]]`",
            ),
            (
                "[robots.bots]\nGPTBot = \"disallow\"\n[[robots.group]]\nagents = [\"gptbot\"]\ndisallow = [\"/x\"]\n",
                "site.toml:6: `robots.bots.GPTBot`: has a `[[robots.group]]` as well; keep one of both",
            ),
        ] {
            refused(section, message);
        }
    }

    #[test]
    fn what_search_engines_need_stays_open_to_them() {
        for (rule, target) in [
            ("/", "/"),
            ("/$", "/"),
            ("/sitemap", "/sitemap.xml"),
            ("/sitemaps/", "/sitemaps/pages-1.xml"),
            ("/static", "/static/0123456789abcdef/site/base.css"),
            ("/*.js$", "/static/0123456789abcdef/site/menu.js"),
            ("/media/", "/media/0123456789abcdef/picture.jpg"),
            ("*.webp", "/media/0123456789abcdef/picture.webp"),
        ] {
            for agent in ["*", "Googlebot", "bingbot"] {
                let shown = if agent == "bingbot" { "Bingbot" } else { agent };
                refused(
                    &format!("[[robots.group]]\nagents = [\"{agent}\"]\ndisallow = [\"/x\", \"{rule}\"]\n"),
                    &format!(
                        "site.toml:7: `robots.group.disallow`: `{rule}` keeps `{shown}` from {target}, which search \
                         engines need; a site that is not to be found has the setting `environment = \"staging\"`"
                    ),
                );
            }
            // Whoever is no search engine may be kept from all of it.
            text(&format!("[[robots.group]]\nagents = [\"AhrefsBot\"]\ndisallow = [\"{rule}\"]\n"));
        }
        // A longer rule that allows takes it back.
        text(
            "[[robots.group]]\nagents = [\"*\"]\ndisallow = [\"/s\"]\nallow = [\"/sitemap\", \"/static/\"]\n",
        );
    }

    #[test]
    fn a_file_longer_than_crawlers_read_is_refused() {
        let rules: Vec<String> = (0..50_000).map(|n| format!("\"/number-{n}\"")).collect();
        let section = format!("[[robots.group]]\nagents = [\"a\"]\ndisallow = [{}]\n", rules.join(","));
        let error = parsed(&section).expect_err("too long").to_string();
        assert!(error.contains("and crawlers read 512000"), "{error}");
    }
}
