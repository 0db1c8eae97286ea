//! A finished page held against what search engines and readers need: what is wrong or missing, how bad
//! that is, what was found, and which field mends it. What only the database knows is handed in.

mod page;

use serde::{Deserialize, Serialize};

pub use page::{Link, Page, Picture};

use super::width::{DESKTOP_DESCRIPTION, DESKTOP_TITLE};

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It is broken.
    Error,
    /// It costs readers or places in results.
    Warning,
    /// It could be better.
    Hint,
}

/// Declares everything that is looked for once: variant, name, level.
macro_rules! whats {
    ($($variant:ident $name:literal $level:ident;)+) => {
        /// What is looked for. `docs/editing.md` lists all of it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum What {
            $($variant,)+
        }

        impl What {
            pub const ALL: &[What] = &[$(What::$variant),+];

            /// Its name in settings and documents.
            pub fn name(self) -> &'static str {
                match self {
                    $(What::$variant => $name,)+
                }
            }

            pub fn level(self) -> Level {
                match self {
                    $(What::$variant => Level::$level,)+
                }
            }
        }
    };
}

whats! {
    TitleMissing "title_missing" Error;
    TitleLong "title_long" Warning;
    TitleDuplicate "title_duplicate" Warning;
    DescriptionMissing "description_missing" Warning;
    DescriptionLong "description_long" Hint;
    DescriptionDuplicate "description_duplicate" Warning;
    HeadingTop "heading_top" Error;
    HeadingSkipped "heading_skipped" Warning;
    HeadingEmpty "heading_empty" Warning;
    AltMissing "alt_missing" Error;
    LinkMissing "link_missing" Error;
    LinkGone "link_gone" Error;
    LinkUnpublished "link_unpublished" Warning;
    LinkRedirected "link_redirected" Hint;
    LinkEmpty "link_empty" Warning;
    PictureMissing "picture_missing" Error;
    PictureSmall "picture_small" Hint;
    PictureHeavy "picture_heavy" Warning;
    PictureUnsized "picture_unsized" Hint;
    CardPicture "card_picture" Hint;
    StructuredRequired "structured_required" Error;
    StructuredRecommended "structured_recommended" Hint;
    TextThin "text_thin" Hint;
    TextDuplicate "text_duplicate" Warning;
    Orphan "orphan" Warning;
    OnlyListed "only_listed" Hint;
    NotIndexed "not_indexed" Hint;
}

/// Something that is wrong or missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub what: What,
    /// The field that mends it, as problems name fields: `seo.title`, `cover`; none where no field does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was found: the words, the address, the property.
    pub evidence: String,
}

impl Finding {
    pub fn new(what: What, field: Option<&str>, evidence: impl Into<String>) -> Finding {
        Finding { what, field: field.map(str::to_owned), evidence: evidence.into() }
    }

    pub fn level(&self) -> Level {
        self.what.level()
    }
}

/// What of a page can be seen from the page alone.
pub fn review(page: &Page) -> Vec<Finding> {
    let mut found = Vec::new();
    lines(page, &mut found);
    headings(page, &mut found);
    // Marks beside headings lead to where they stand.
    for link in page.links.iter().filter(|link| link.text.is_empty() && !link.href.starts_with('#')) {
        found.push(Finding::new(What::LinkEmpty, Some("body"), &link.href));
    }
    if page.robots.contains("noindex") {
        found.push(Finding::new(What::NotIndexed, Some("seo.crawlers"), &page.robots));
    }
    found
}

/// Title and description, by the width they are shown in.
fn lines(page: &Page, found: &mut Vec<Finding>) {
    let wide = |line: super::width::Line, text: &str| {
        (!line.holds(text))
            .then(|| format!("{} px of {} px: {}", line.width(text), line.room, line.shown(text)))
    };
    if page.title.trim().is_empty() {
        found.push(Finding::new(What::TitleMissing, Some("seo.title"), ""));
    }
    if let Some(evidence) = wide(DESKTOP_TITLE, &page.title) {
        found.push(Finding::new(What::TitleLong, Some("seo.title"), evidence));
    }
    if let Some(evidence) = wide(DESKTOP_DESCRIPTION, &page.description) {
        found.push(Finding::new(What::DescriptionLong, Some("seo.description"), evidence));
    }
}

/// One `h1`, first, and no level left out on the way down (WCAG 2.2, technique G141).
fn headings(page: &Page, found: &mut Vec<Finding>) {
    let tops: Vec<&str> =
        page.headings.iter().filter(|(level, _)| *level == 1).map(|(_, text)| text.as_str()).collect();
    if tops.len() != 1 {
        let field = if tops.is_empty() { "title" } else { "body" };
        found.push(Finding::new(What::HeadingTop, Some(field), tops.join(" · ")));
    }
    let mut before = 0;
    for (level, text) in &page.headings {
        if text.is_empty() {
            found.push(Finding::new(What::HeadingEmpty, Some("body"), format!("h{level}")));
        }
        if before > 0 && *level > before + 1 {
            let evidence = format!("h{before} → h{level}: {text}");
            found.push(Finding::new(What::HeadingSkipped, Some("body"), evidence));
        }
        before = *level;
    }
}

/// The worst first.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(Finding::level);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(html: &str) -> Vec<String> {
        let found = review(&Page::read(html));
        found.into_iter().map(|found| format!("{}: {}", found.what.name(), found.evidence)).collect()
    }

    #[test]
    fn a_page_without_faults_has_none() {
        let page = "<title>A</title><main><h1>A</h1><h2>B</h2><h3>C</h3><h2>D</h2><a href=/x>X</a></main>";
        assert_eq!(said(page), [""; 0]);
    }

    #[test]
    fn every_fault_of_a_page_is_named_with_what_was_found() {
        let long = "A title that says more than any page of results has room for on one line";
        let page = format!(
            "<title>{long}</title><meta name=robots content=noindex>
             <main><h1>A</h1><h3>Deep</h3><h2></h2><h1>B</h1><a href=/x></a></main>"
        );
        assert_eq!(
            said(&page),
            [
                "title_long: 626 px of 580 px: A title that says more than any page of results has room for on …",
                "heading_top: A · B",
                "heading_skipped: h1 → h3: Deep",
                "heading_empty: h2",
                "link_empty: /x",
                "not_indexed: noindex",
            ]
        );
        assert_eq!(said("<main><p>x</p></main>"), ["title_missing: ", "heading_top: "]);
    }

    #[test]
    fn the_editors_guide_lists_everything_that_is_looked_for() {
        let document = include_str!("../../../docs/editing.md");
        for what in What::ALL {
            let level = serde_json::json!(what.level());
            let row = format!("| `{}` | {} | ", what.name(), level.as_str().unwrap());
            assert!(document.contains(&row), "no row begins with {row}");
        }
    }

    #[test]
    fn every_what_has_a_name_of_its_own() {
        let mut names: Vec<&str> = What::ALL.iter().map(|what| what.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), What::ALL.len());
        for what in What::ALL {
            assert_eq!(serde_json::json!(what), what.name(), "stored as it is named");
        }
    }
}
