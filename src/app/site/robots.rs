//! `[robots]` of `site.toml`: who may read what. `robots_check` refuses what contradicts itself.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::place::Place;
use crate::error::Problem;
use crate::seo::crawlers::{AI_CRAWLERS, Purpose, SEARCH_ENGINES};
use crate::seo::robots_txt::{Agent, Group, Rule};

/// The engine's own rooms; closed to everybody who reads pages at all.
const ROOMS: [&str; 4] = ["/admin$", "/admin/", "/api$", "/api/"];

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
    pub(super) bots: BTreeMap<String, Spanned<Switch>>,
    /// Rules for crawlers by name, or for all that are named nowhere (`*`).
    #[serde(default)]
    pub(super) group: Vec<Spanned<GroupSection>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSection {
    #[serde(default)]
    pub(super) agents: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) allow: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) disallow: Vec<Spanned<String>>,
}

impl GroupSection {
    pub(super) fn names(&self, agent: &str) -> bool {
        self.agents.iter().any(|own| own.get_ref().eq_ignore_ascii_case(agent))
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = (&'static str, &Spanned<String>)> {
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
    pub fn problem(&self, place: &Place, agent: &str, rule: &Rule, reason: impl Into<String>) -> Problem {
        let key = if rule.allows() { "allow" } else { "disallow" };
        let groups = self.group.iter().map(Spanned::get_ref).filter(|group| group.names(agent));
        let found = groups
            .flat_map(GroupSection::rules)
            .find(|(known, pattern)| *known == key && pattern.get_ref() == rule.pattern());
        let at = found.map_or(0, |(_, pattern)| pattern.span().start);
        place.problem(at, reason).field(format!("robots.group.{key}"))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::tests::parsed;
    use crate::seo::robots_txt::Robots;

    pub fn text(section: &str) -> String {
        let groups = parsed(section).expect("the section is right").robots.groups();
        Robots { groups, sitemaps: vec![] }.text().expect("short enough")
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
}
