//! `[robots]` of `site.toml`: who may read what, and the linter that refuses what contradicts itself.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Locale;
use super::place::Place;
use crate::config::nearest;
use crate::error::{Problem, Problems};
use crate::seo::crawlers::{AI_CRAWLERS, Purpose, SEARCH_ENGINES, ai_crawler};
use crate::seo::robots_txt::{Agent, Group, Robots, Rule};

/// The engine's own rooms; closed to everybody who reads pages at all.
const ROOMS: [&str; 4] = ["/admin$", "/admin/", "/api$", "/api/"];

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

/// Whether crawlers may read the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    #[default]
    Allow,
    Disallow,
}

/// The section as it stands in the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RobotsSection {
    /// Crawlers that collect pages to teach models.
    #[serde(default)]
    pub ai_training: Switch,
    /// Crawlers of search engines that answer by AI.
    #[serde(default)]
    pub ai_search: Switch,
    /// Fetches that a person asked an assistant for.
    #[serde(default)]
    pub ai_user: Switch,
    /// Single AI crawlers, by name; stronger than the switches.
    #[serde(default)]
    bots: BTreeMap<String, Spanned<Switch>>,
    /// Rules for crawlers by name, or for all that are named nowhere (`*`).
    #[serde(default)]
    group: Vec<Spanned<GroupSection>>,
    /// Where it all stands, for messages.
    #[serde(skip)]
    place: Place,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupSection {
    #[serde(default)]
    agents: Vec<Spanned<String>>,
    #[serde(default)]
    allow: Vec<Spanned<String>>,
    #[serde(default)]
    disallow: Vec<Spanned<String>>,
}

impl GroupSection {
    fn names(&self, agent: &str) -> bool {
        self.agents.iter().any(|own| own.get_ref().eq_ignore_ascii_case(agent))
    }

    fn rules(&self) -> impl Iterator<Item = (&'static str, &Spanned<String>)> {
        let allow = self.allow.iter().map(|rule| ("allow", rule));
        allow.chain(self.disallow.iter().map(|rule| ("disallow", rule)))
    }

    /// As crawlers get it. Who has a group of its own reads no other, so the rooms stand in each.
    fn group(&self) -> Group {
        let given = self.rules().map(|(key, rule)| match key {
            "allow" => Rule::Allow(rule.get_ref().clone()),
            _ => Rule::Disallow(rule.get_ref().clone()),
        });
        let agents = self.agents.iter().filter_map(|agent| Agent::parse(agent.get_ref()).ok());
        Group { agents: agents.collect(), rules: rooms().chain(given).collect() }
    }
}

fn rooms() -> impl Iterator<Item = Rule> {
    ROOMS.iter().map(|room| Rule::Disallow((*room).to_owned()))
}

/// What everybody is told when nothing is set.
pub fn plain_groups() -> Vec<Group> {
    vec![Group { agents: vec![Agent::all()], rules: rooms().collect() }]
}

impl RobotsSection {
    /// Every group: that for all first, then the owner's, then the AI crawlers that are kept out.
    pub fn groups(&self) -> Vec<Group> {
        let own = |all: bool| {
            let groups = self.group.iter().map(Spanned::get_ref);
            groups.filter(move |group| group.names("*") == all).map(GroupSection::group)
        };
        let mut groups: Vec<Group> = own(true).collect();
        if groups.is_empty() {
            groups = plain_groups();
        }
        groups.extend(own(false));
        let refused: Vec<Agent> = AI_CRAWLERS
            .iter()
            .filter(|crawler| self.verdict(crawler.name, crawler.purpose) == Switch::Disallow)
            .filter_map(|crawler| Agent::parse(crawler.name).ok())
            .collect();
        if !refused.is_empty() {
            groups.push(Group { agents: refused, rules: vec![Rule::Disallow("/".into())] });
        }
        groups
    }

    /// Whether an AI crawler may come: as it is named, else by its group, else by what it is for.
    fn verdict(&self, name: &str, purpose: Purpose) -> Switch {
        if let Some((_, switch)) = self.bots.iter().find(|(bot, _)| bot.eq_ignore_ascii_case(name)) {
            return *switch.get_ref();
        }
        if self.group.iter().any(|group| group.get_ref().names(name)) {
            return Switch::Allow;
        }
        match purpose {
            Purpose::Training => self.ai_training,
            Purpose::Search => self.ai_search,
            Purpose::User => self.ai_user,
        }
    }

    /// Those of `*` and the search engines that read a group of the owner's.
    pub fn engines(&self) -> impl Iterator<Item = &'static str> {
        let named = |name: &str| self.group.iter().any(|group| group.get_ref().names(name));
        ["*"].iter().chain(SEARCH_ENGINES).copied().filter(move |name| named(name))
    }

    /// The place of a rule by its pattern, for a message about what it does.
    pub fn problem(&self, agent: &str, rule: &Rule, reason: impl Into<String>) -> Problem {
        let key = if rule.allows() { "allow" } else { "disallow" };
        let groups = self.group.iter().map(Spanned::get_ref).filter(|group| group.names(agent));
        let found = groups
            .flat_map(GroupSection::rules)
            .find(|(known, pattern)| *known == key && pattern.get_ref() == rule.pattern());
        let at = found.map_or(0, |(_, pattern)| pattern.span().start);
        self.place.problem(at, reason).field(format!("robots.group.{key}"))
    }

    /// Notes where the section stands, then refuses what is wrong in itself.
    pub fn check(&mut self, file: &str, text: &str, locales: &[Locale], problems: &mut Problems) {
        self.place = Place::new(file, text);
        let before = problems.0.len();
        for (at, group) in self.group.iter().enumerate() {
            self.check_group(at, group, problems);
        }
        for (name, switch) in &self.bots {
            self.check_bot(name, switch, problems);
        }
        // What is wrong in itself need not be tried.
        if problems.0.len() == before {
            self.check_needed(locales, problems);
            self.check_length(problems);
        }
    }

    fn check_group(&self, at: usize, group: &Spanned<GroupSection>, problems: &mut Problems) {
        let start = group.span().start;
        let group = group.get_ref();
        let mut fault = |at: usize, field: &str, reason: String| {
            problems.push(self.place.problem(at, reason).field(format!("robots.group.{field}")));
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

    fn check_bot(&self, name: &str, switch: &Spanned<Switch>, problems: &mut Problems) {
        let field = format!("robots.bots.{name}");
        let start = switch.span().start;
        let Some(known) = ai_crawler(name) else {
            let hint = nearest(name, AI_CRAWLERS.iter().map(|crawler| crawler.name))
                .map_or_else(String::new, |near| format!("did you mean `{near}`? "));
            let reason = format!("is no AI crawler that is known; {hint}Any other gets a `[[robots.group]]`");
            problems.push(self.place.problem(start, reason).field(field));
            return;
        };
        if self.group.iter().any(|group| group.get_ref().names(known.name)) {
            let reason = "has a `[[robots.group]]` as well; keep one of both";
            problems.push(self.place.problem(start, reason).field(field));
        }
    }

    /// Nothing keeps search engines from home pages, sitemaps, styles and pictures.
    fn check_needed(&self, locales: &[Locale], problems: &mut Problems) {
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
                problems.push(self.problem(agent, rule, reason));
            }
        }
    }

    fn check_length(&self, problems: &mut Problems) {
        let robots = Robots { groups: self.groups(), sitemaps: Vec::new() };
        if let Err(error) = robots.text() {
            problems.push(self.place.problem(0, error.to_string()).field("robots"));
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
    use crate::app::Site;
    use crate::seo::robots_txt::Robots;

    /// Four lines, so that a section begins on the fifth.
    const SITE: &str = "name = \"A\"\n[[locale]]\ncode = \"en\"\nlabel = \"English\"\n";

    fn parsed(section: &str) -> crate::error::Result<Site> {
        Site::parse("site.toml", &format!("{SITE}{section}"))
    }

    fn text(section: &str) -> String {
        let groups = parsed(section).expect("the section is right").robots.groups();
        Robots { groups, sitemaps: vec![] }.text().expect("short enough")
    }

    #[track_caller]
    fn refused(section: &str, message: &str) {
        assert_eq!(parsed(section).expect_err(section).to_string().trim_end(), message, "{section}");
    }

    #[test]
    fn nothing_set_closes_the_engines_own_rooms_alone() {
        insta::assert_snapshot!(text(""), @r"
        User-agent: *
        Disallow: /admin$
        Disallow: /admin/
        Disallow: /api$
        Disallow: /api/
        ");
    }

    #[test]
    fn ai_crawlers_are_kept_out_by_purpose_and_one_by_one() {
        insta::assert_snapshot!(
            text("[robots]\nai_training = \"disallow\"\nbots = { amazonbot = \"allow\", OAI-SearchBot = \"disallow\" }\n"),
            @r"
        User-agent: *
        Disallow: /admin$
        Disallow: /admin/
        Disallow: /api$
        Disallow: /api/

        User-agent: AI2Bot
        User-agent: ClaudeBot
        User-agent: Applebot-Extended
        User-agent: Bytespider
        User-agent: cohere-training-data-crawler
        User-agent: CCBot
        User-agent: Diffbot
        User-agent: Google-Extended
        User-agent: PanguBot
        User-agent: Meta-ExternalAgent
        User-agent: GPTBot
        User-agent: OAI-SearchBot
        User-agent: SBIntuitionsBot
        User-agent: Timpibot
        User-agent: Webzio-Extended
        Disallow: /
        ");
        let all =
            text("[robots]\nai_training = \"disallow\"\nai_search = \"disallow\"\nai_user = \"disallow\"\n");
        for crawler in super::AI_CRAWLERS {
            assert!(all.contains(&format!("User-agent: {}\n", crawler.name)), "{}", crawler.name);
        }
    }

    #[test]
    fn a_group_of_its_own_is_stronger_than_a_purpose() {
        insta::assert_snapshot!(
            text(
                "[robots]\nai_user = \"disallow\"\n\
                 [[robots.group]]\nagents = [\"AhrefsBot\"]\ndisallow = [\"/\"]\n\
                 [[robots.group]]\nagents = [\"*\"]\ndisallow = [\"/*?sort=\"]\nallow = [\"/places?sort=title$\"]\n\
                 [[robots.group]]\nagents = [\"ChatGPT-User\", \"Claude-User\"]\ndisallow = [\"/people/\"]\n"
            ),
            @r"
        User-agent: *
        Disallow: /admin$
        Disallow: /admin/
        Disallow: /api$
        Disallow: /api/
        Allow: /places?sort=title$
        Disallow: /*?sort=

        User-agent: AhrefsBot
        Disallow: /admin$
        Disallow: /admin/
        Disallow: /api$
        Disallow: /api/
        Disallow: /

        User-agent: ChatGPT-User
        User-agent: Claude-User
        Disallow: /admin$
        Disallow: /admin/
        Disallow: /api$
        Disallow: /api/
        Disallow: /people/

        User-agent: Amzn-User
        User-agent: cohere-ai
        User-agent: Meta-ExternalFetcher
        User-agent: MistralAI-User
        User-agent: Perplexity-User
        Disallow: /
        ");
    }

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
