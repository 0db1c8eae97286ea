//! What a crawler would make of an answer of the site: whether a page may be indexed under its own
//! URL in production, and may not anywhere else (SEO 3.26).

use super::robots_txt::{Agent, Group, Robots, Rule};

/// An answer, as far as a crawler cares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// What was asked for, absolute.
    pub url: String,
    pub status: u16,
    pub robots_tag: Option<String>,
    pub body: String,
}

/// What is wrong with a page that has to be indexable, in sentences.
pub fn faults_of_open(page: &Reply) -> Vec<String> {
    let url = &page.url;
    if page.status != 200 {
        return vec![format!("{url} answers {} instead of 200", page.status)];
    }
    let mut faults = Vec::new();
    if let Some(tag) = page.robots_tag.as_deref().filter(|tag| forbids(tag)) {
        faults.push(format!("{url} says “{tag}” in X-Robots-Tag"));
    }
    if let Some(tag) = tag(&page.body, "<meta name=\"robots\" content=\"").filter(|tag| forbids(tag)) {
        faults.push(format!("{url} says “{tag}” in its robots tag"));
    }
    match tag(&page.body, "<link rel=\"canonical\" href=\"") {
        Some(canonical) if canonical == *url => {}
        Some(canonical) => faults.push(format!("{url} names {canonical} as its canonical URL")),
        None => faults.push(format!("{url} names no canonical URL")),
    }
    faults
}

/// What is wrong with a page that nobody may index.
pub fn faults_of_closed(page: &Reply) -> Vec<String> {
    let url = &page.url;
    let mut faults = Vec::new();
    if !page.robots_tag.as_deref().is_some_and(forbids) {
        faults.push(format!("{url} lacks noindex in X-Robots-Tag"));
    }
    if page.status == 200
        && !tag(&page.body, "<meta name=\"robots\" content=\"").is_some_and(|tag| forbids(&tag))
    {
        faults.push(format!("{url} lacks noindex in its robots tag"));
    }
    faults
}

/// What a `robots.txt` keeps all crawlers from, among these paths.
pub fn faults_of_robots(robots: &Reply, paths: &[String]) -> Vec<String> {
    match robots.status {
        200 => {}
        // RFC 9309, 2.3.1: without a file everything is allowed; with a broken one, nothing.
        400..=499 if robots.status != 429 => return Vec::new(),
        status => return vec![format!("{} answers {status}, so crawlers stop", robots.url)],
    }
    let rules = rules_for_all(&robots.body);
    let refused = paths.iter().filter(|path| !rules.allows("*", path));
    refused.map(|path| format!("{} keeps crawlers from {path}", robots.url)).collect()
}

/// The groups for `*`, as one.
fn rules_for_all(text: &str) -> Robots {
    let (mut rules, mut ours, mut naming) = (Vec::new(), false, false);
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((field, value)) = line.split_once(':') else { continue };
        let (field, value) = (field.trim().to_ascii_lowercase(), value.trim());
        match field.as_str() {
            "user-agent" => {
                ours = (naming && ours) || value == "*";
                naming = true;
            }
            "allow" | "disallow" => {
                naming = false;
                if ours && !value.is_empty() {
                    let rule = if field == "allow" { Rule::Allow } else { Rule::Disallow };
                    rules.push(rule(value.to_owned()));
                }
            }
            _ => {}
        }
    }
    Robots { groups: vec![Group { agents: vec![Agent::all()], rules }], sitemaps: Vec::new() }
}

fn forbids(tag: &str) -> bool {
    tag.split(',').any(|word| matches!(word.trim().to_ascii_lowercase().as_str(), "noindex" | "none"))
}

/// The value of an attribute in a page of ours, which are all written alike.
fn tag(html: &str, before: &str) -> Option<String> {
    let (_, rest) = html.split_once(before)?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&#38;", "&").replace("&amp;", "&").replace("&#39;", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://site.test/a?b&c";

    fn page(status: u16, tag: Option<&str>, head: &str) -> Reply {
        Reply { url: URL.into(), status, robots_tag: tag.map(str::to_owned), body: head.into() }
    }

    #[test]
    fn an_open_page_is_found_under_its_own_url() {
        let own = "<link rel=\"canonical\" href=\"https://site.test/a?b&#38;c\">";
        let with = |meta: &str| format!("<meta name=\"robots\" content=\"{meta}\">{own}");
        assert_eq!(
            faults_of_open(&page(200, Some("max-snippet:5"), &with("max-image-preview:large"))),
            [""; 0]
        );
        let faults: String = [
            page(503, None, own),
            page(200, Some("noindex"), own),
            page(200, None, &with("NOINDEX, nofollow")),
            page(200, Some("none"), ""),
            page(200, None, "<link rel=\"canonical\" href=\"https://staging.test/a\">"),
        ]
        .iter()
        .map(|page| faults_of_open(page).join("; ") + "\n")
        .collect();
        insta::assert_snapshot!(faults, @r"
        https://site.test/a?b&c answers 503 instead of 200
        https://site.test/a?b&c says “noindex” in X-Robots-Tag
        https://site.test/a?b&c says “NOINDEX, nofollow” in its robots tag
        https://site.test/a?b&c says “none” in X-Robots-Tag; https://site.test/a?b&c names no canonical URL
        https://site.test/a?b&c names https://staging.test/a as its canonical URL
        ");
    }

    #[test]
    fn a_closed_page_says_so_twice() {
        let meta = "<meta name=\"robots\" content=\"noindex\">";
        assert_eq!(faults_of_closed(&page(200, Some("noindex"), meta)), [""; 0]);
        assert_eq!(faults_of_closed(&page(404, Some("noindex"), "")), [""; 0]);
        assert_eq!(
            faults_of_closed(&page(200, None, "")),
            [
                "https://site.test/a?b&c lacks noindex in X-Robots-Tag",
                "https://site.test/a?b&c lacks noindex in its robots tag"
            ]
        );
    }

    #[test]
    fn robots_are_read_as_crawlers_read_them() {
        let paths = ["/".to_owned(), "/tehran/cafe".to_owned()];
        let refused = |text: &str| {
            let reply = Reply { url: "R".into(), status: 200, body: text.into(), ..Reply::default() };
            faults_of_robots(&reply, &paths).len()
        };
        for (text, count) in [
            ("", 0),
            ("User-agent: *\nDisallow:\n", 0),
            ("User-agent: *\nDisallow: /\n", 2),
            ("user-agent : *\ndisallow : / # all\n", 2),
            ("User-agent: GPTBot\nDisallow: /\n", 0),
            ("User-agent: GPTBot\nUser-agent: *\nDisallow: /\n", 2),
            ("User-agent: *\nDisallow: /admin\nUser-agent: CCBot\nDisallow: /\n", 0),
            ("User-agent: *\nDisallow: /\nAllow: /\n", 0),
            ("User-agent: *\nDisallow: /*/cafe$\n", 1),
            ("User-agent: *\nDisallow: /*/caf$\n", 0),
            ("User-agent: *\nDisallow: /$\n", 1),
            ("User-agent: *\nDisallow: /%74ehran\n", 1),
            ("User-agent: *\nDisallow: *tehran/\nAllow: /tehran\n", 1),
            ("User-agent: *\nDisallow: *tehran\nAllow: /tehran/\n", 0),
        ] {
            assert_eq!(refused(text), count, "{text}");
        }
        let answer =
            |status| faults_of_robots(&Reply { url: "R".into(), status, ..Reply::default() }, &paths);
        assert_eq!((answer(404).len(), answer(503).len(), answer(429).len()), (0, 1, 1));
    }
}
