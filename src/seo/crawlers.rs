//! The crawlers that are known by name: those of AI companies, with what they fetch pages for as
//! their operators say, and those of search engines.

/// What a crawler takes a page for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Teaching models. Nobody is led to the site by it.
    Training,
    /// An index that answers are looked up in, with a link to the page.
    Search,
    /// One page at one person's request. Some operators say that they don't ask `robots.txt` then.
    User,
}

/// A crawler of an AI company, or a name that only stands for a use of what another crawler fetched
/// (`Google-Extended`, `Applebot-Extended`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crawler {
    /// The product token it looks for in `robots.txt`.
    pub name: &'static str,
    pub operator: &'static str,
    pub purpose: Purpose,
}

const fn crawler(name: &'static str, operator: &'static str, purpose: Purpose) -> Crawler {
    Crawler { name, operator, purpose }
}

/// By operator, then by name.
pub const AI_CRAWLERS: &[Crawler] = &[
    crawler("AI2Bot", "Ai2", Purpose::Training),
    crawler("Amazonbot", "Amazon", Purpose::Training),
    crawler("Amzn-SearchBot", "Amazon", Purpose::Search),
    crawler("Amzn-User", "Amazon", Purpose::User),
    crawler("Claude-SearchBot", "Anthropic", Purpose::Search),
    crawler("Claude-User", "Anthropic", Purpose::User),
    crawler("ClaudeBot", "Anthropic", Purpose::Training),
    crawler("Applebot-Extended", "Apple", Purpose::Training),
    crawler("Bytespider", "ByteDance", Purpose::Training),
    crawler("cohere-ai", "Cohere", Purpose::User),
    crawler("cohere-training-data-crawler", "Cohere", Purpose::Training),
    crawler("CCBot", "Common Crawl", Purpose::Training),
    crawler("Diffbot", "Diffbot", Purpose::Training),
    crawler("DuckAssistBot", "DuckDuckGo", Purpose::Search),
    crawler("Google-CloudVertexBot", "Google", Purpose::Search),
    crawler("Google-Extended", "Google", Purpose::Training),
    crawler("PanguBot", "Huawei", Purpose::Training),
    crawler("Meta-ExternalAgent", "Meta", Purpose::Training),
    crawler("Meta-ExternalFetcher", "Meta", Purpose::User),
    crawler("Meta-WebIndexer", "Meta", Purpose::Search),
    crawler("MistralAI-User", "Mistral", Purpose::User),
    crawler("ChatGPT-User", "OpenAI", Purpose::User),
    crawler("GPTBot", "OpenAI", Purpose::Training),
    crawler("OAI-SearchBot", "OpenAI", Purpose::Search),
    crawler("Perplexity-User", "Perplexity", Purpose::User),
    crawler("PerplexityBot", "Perplexity", Purpose::Search),
    crawler("SBIntuitionsBot", "SB Intuitions", Purpose::Training),
    crawler("Timpibot", "Timpi", Purpose::Training),
    crawler("Webzio-Extended", "Webz.io", Purpose::Training),
    crawler("YouBot", "You.com", Purpose::Search),
];

/// Crawlers of search engines, which a rule against an indexable page would keep from it.
pub const SEARCH_ENGINES: &[&str] = &[
    "Googlebot",
    "Googlebot-Image",
    "Googlebot-News",
    "Googlebot-Video",
    "Bingbot",
    "Applebot",
    "DuckDuckBot",
    "YandexBot",
    "Baiduspider",
    "Slurp",
];

/// The AI crawler of that name, whatever its case.
pub fn ai_crawler(name: &str) -> Option<&'static Crawler> {
    AI_CRAWLERS.iter().find(|crawler| crawler.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seo::robots_txt::Agent;

    #[test]
    fn every_name_can_stand_in_the_file_and_stands_here_once() {
        let names = || AI_CRAWLERS.iter().map(|crawler| crawler.name).chain(SEARCH_ENGINES.iter().copied());
        for name in names() {
            assert!(Agent::parse(name).is_ok(), "{name}");
            assert_eq!(names().filter(|other| other.eq_ignore_ascii_case(name)).count(), 1, "{name}");
        }
        assert!(
            AI_CRAWLERS.is_sorted_by_key(|crawler| {
                (crawler.operator.to_lowercase(), crawler.name.to_lowercase())
            })
        );
        assert_eq!(ai_crawler("gptbot").map(|crawler| crawler.operator), Some("OpenAI"));
    }

    #[test]
    fn the_documentation_lists_every_one_by_purpose() {
        let document = include_str!("../../docs/site.md");
        for (word, purpose) in
            [("training", Purpose::Training), ("search", Purpose::Search), ("user", Purpose::User)]
        {
            let of_purpose = AI_CRAWLERS.iter().filter(|crawler| crawler.purpose == purpose);
            let mut names: Vec<&str> = of_purpose.map(|crawler| crawler.name).collect();
            names.sort_by_key(|name| name.to_lowercase());
            let row = format!("| {word} | {} |\n", names.join(", "));
            assert!(document.contains(&row), "docs/site.md should hold {row}");
        }
    }
}
