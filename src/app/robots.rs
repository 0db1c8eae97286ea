//! `robots.txt` of this site, and whether it contradicts what the pages say.

use crate::app::site::plain_groups;
use crate::app::{App, News};
use crate::config::Environment;
use crate::error::{Problem, Result};
use crate::seo::robots_txt::{Robots, Rule};
use crate::store::{discovery, lists, paths};

/// Entries read at a time.
const PAGE: i64 = 1000;
/// Pages that a message names.
const EXAMPLES: usize = 3;

impl App {
    /// What crawlers are told, from settings alone (SEO 3.46). Off production they may read
    /// everything: what keeps such a site out of the index is `noindex`, which nobody sees who may not
    /// read (SEO 3.25, 3.26).
    pub fn robots(&self) -> Robots {
        if self.config.environment != Environment::Production {
            return Robots { groups: plain_groups(), sitemaps: Vec::new() };
        }
        let mut sitemaps = vec![self.config.origin.url("/sitemap.xml")];
        if self.news_types().next().is_some() {
            sitemaps.push(self.config.origin.url("/sitemap-news.xml"));
        }
        Robots { groups: self.site.robots.groups(), sitemaps }
    }

    /// The types of which some entries are news, with which of them.
    pub fn news_types(&self) -> impl Iterator<Item = (&str, News<'_>)> {
        let news = |kind| self.site.news.takes(kind).map(|news| (kind.name.as_str(), news));
        self.types.iter().filter_map(news)
    }

    /// Every rule of the owner's that keeps search engines from a page: from one that is to be found,
    /// or from one whose `noindex` they would then never read (SEO 3.25). One problem a rule.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn lint_robots(&self) -> Result<Vec<Problem>> {
        let engines: Vec<&'static str> = self.site.robots.engines().collect();
        if engines.is_empty() {
            return Ok(Vec::new());
        }
        let robots = Robots { groups: self.site.robots.groups(), sitemaps: Vec::new() };
        let mut kept = Vec::new();
        self.lint_listings(&robots, &engines, &mut kept).await?;
        let mut after = 0;
        loop {
            let rows = discovery::crawled_after(&self.db, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            for row in rows {
                let href = paths::stored(&row.path).href();
                note(&robots, &engines, &href, row.indexable, &mut kept);
            }
        }
        Ok(kept.into_iter().map(|kept| kept.problem(self)).collect())
    }

    async fn lint_listings(
        &self,
        robots: &Robots,
        engines: &[&'static str],
        kept: &mut Vec<Kept>,
    ) -> Result<()> {
        for kind in self.types.iter() {
            let Some(listing) = &kind.listing else { continue };
            for locale in &self.site.locales {
                let indexable = lists::count_of_type(&self.db, &kind.name, &locale.code).await? > 0;
                let path = format!("{}{}", self.site.prefix(&locale.code), listing.path);
                note(robots, engines, &paths::stored(&path).href(), indexable, kept);
            }
        }
        Ok(())
    }
}

/// What a rule keeps from a crawler.
struct Kept {
    agent: &'static str,
    rule: Rule,
    indexable: bool,
    pages: u64,
    examples: Vec<String>,
}

fn note(robots: &Robots, engines: &[&'static str], href: &str, indexable: bool, kept: &mut Vec<Kept>) {
    for agent in engines {
        let Some(rule) = robots.decide(agent, href).filter(|rule| !rule.allows()) else { continue };
        let same =
            |kept: &&mut Kept| kept.agent == *agent && kept.rule == *rule && kept.indexable == indexable;
        let found = match kept.iter_mut().find(same) {
            Some(found) => found,
            None => {
                let (rule, examples) = (rule.clone(), Vec::new());
                kept.push(Kept { agent, rule, indexable, pages: 0, examples });
                kept.last_mut().expect("it was just put there")
            }
        };
        found.pages += 1;
        if found.examples.len() < EXAMPLES {
            found.examples.push(href.to_owned());
        }
    }
}

impl Kept {
    fn problem(&self, app: &App) -> Problem {
        let (pattern, agent, pages) = (self.rule.pattern(), self.agent, self.pages);
        let examples = self.examples.join(", ");
        let reason = if self.indexable {
            format!(
                "`{pattern}` keeps `{agent}` from {pages} page(s) that are to be found, such as {examples}; \
                 to keep a page out of search, set its `noindex`"
            )
        } else {
            format!(
                "`{pattern}` keeps `{agent}` from {pages} page(s) that say noindex, such as {examples}; who may \
                 not read them never learns it, so take the rule out"
            )
        };
        app.site.robots.problem(&app.site.place, agent, &self.rule, reason)
    }
}
