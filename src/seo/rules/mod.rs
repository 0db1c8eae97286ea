//! What search engines require of structured data, and what they recommend: one table, and its check
//! against a graph as a page prints it (Google Search Central, "Structured data"; SEO 1b).
//! docs/structured-data.md is tested against this table.

mod businesses;
mod check;

pub use businesses::{is_local_business, serves_food};
pub use check::{Finding, Level, check};

/// What is asked of the nodes of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The type as the documentation names it.
    pub name: &'static str,
    /// The types of schema.org it holds for.
    pub types: Types,
    pub required: &'static [Wanted],
    pub recommended: &'static [Wanted],
    /// Where it is written.
    pub source: &'static str,
}

/// Which nodes a rule holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Types {
    Named(&'static [&'static str]),
    /// `LocalBusiness` and all its kinds.
    Businesses,
    /// `FoodEstablishment` and all its kinds.
    Food,
    /// Who publishes the site, of whatever type.
    Publisher,
}

/// A property that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// `author`, or `author.name` for a property of what stands there; `url|sameAs` when one of them
    /// is enough.
    pub property: &'static str,
    pub form: Form,
}

/// What a value must be besides being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Any,
    /// `+` and the country's code.
    Phone,
    /// Latitude and longitude with five decimals.
    FiveDecimals,
    /// Fewer than 100 characters.
    Short,
    /// A date with the time and its zone.
    Zoned,
    /// A picture of 50,000 pixels or more.
    Picture,
    /// A picture of 112 pixels or more on each side.
    Logo,
    /// At least two.
    Two,
}

impl Form {
    /// What is wrong with a value that hasn't the form.
    pub fn reason(self) -> &'static str {
        match self {
            Form::Any => "is missing",
            Form::Phone => "has no country code",
            Form::FiveDecimals => "has fewer than five decimals",
            Form::Short => "has 100 characters or more",
            Form::Zoned => "has no time zone",
            Form::Picture => "has fewer than 50,000 pixels, or its size is unknown",
            Form::Logo => "is smaller than 112 by 112 pixels, or its size is unknown",
            Form::Two => "has fewer than two items",
        }
    }
}

impl Types {
    pub fn include(self, schema: &str) -> bool {
        match self {
            Types::Named(names) => names.contains(&schema),
            Types::Businesses => is_local_business(schema),
            Types::Food => serves_food(schema),
            // That is no matter of its type.
            Types::Publisher => false,
        }
    }
}

const fn any(property: &'static str) -> Wanted {
    Wanted { property, form: Form::Any }
}

const fn formed(property: &'static str, form: Form) -> Wanted {
    Wanted { property, form }
}

const GOOGLE: &str = "https://developers.google.com/search/docs/appearance/structured-data/";

impl Rule {
    /// Whose rule it is.
    pub fn publisher(&self) -> &'static str {
        if self.source.starts_with("https://schema.org/") { "schema.org" } else { "Google" }
    }

    /// The page that the rule is from.
    pub fn page(&self) -> String {
        if self.source.starts_with("https://") {
            self.source.to_owned()
        } else {
            format!("{GOOGLE}{}", self.source)
        }
    }
}

/// Every rule. Reviews and ratings have none: the engine says none, so nobody can rate themselves
/// (SEO 3.28).
pub const RULES: &[Rule] = &[
    Rule {
        name: "Article",
        types: Types::Named(&["Article", "BlogPosting", "NewsArticle"]),
        required: &[],
        recommended: &[
            any("headline"),
            formed("image", Form::Picture),
            any("author"),
            any("author.name"),
            any("author.url|author.sameAs"),
            formed("datePublished", Form::Zoned),
            formed("dateModified", Form::Zoned),
        ],
        source: "article",
    },
    Rule {
        name: "BreadcrumbList",
        types: Types::Named(&["BreadcrumbList"]),
        required: &[
            formed("itemListElement", Form::Two),
            any("itemListElement.position"),
            any("itemListElement.name"),
            any("itemListElement.item"),
        ],
        recommended: &[],
        source: "breadcrumb",
    },
    Rule {
        name: "ItemList",
        types: Types::Named(&["ItemList"]),
        required: &[
            any("itemListElement"),
            any("itemListElement.position"),
            any("itemListElement.url|itemListElement.item"),
        ],
        recommended: &[],
        source: "carousel",
    },
    Rule {
        name: "LocalBusiness",
        types: Types::Businesses,
        required: &[any("name"), any("address")],
        recommended: &[
            any("url"),
            formed("telephone", Form::Phone),
            formed("geo", Form::FiveDecimals),
            any("openingHoursSpecification"),
            formed("priceRange", Form::Short),
            any("image"),
        ],
        source: "local-business",
    },
    Rule {
        name: "FoodEstablishment",
        types: Types::Food,
        required: &[],
        recommended: &[any("servesCuisine"), any("hasMenu")],
        source: "local-business",
    },
    Rule {
        name: "ProfilePage",
        types: Types::Named(&["ProfilePage"]),
        required: &[any("mainEntity"), any("mainEntity.name")],
        recommended: &[
            any("dateCreated"),
            any("dateModified"),
            any("mainEntity.image"),
            any("mainEntity.description"),
            any("mainEntity.identifier"),
            any("mainEntity.sameAs"),
        ],
        source: "profile-page",
    },
    Rule {
        name: "VideoObject",
        types: Types::Named(&["VideoObject"]),
        required: &[any("name"), any("thumbnailUrl"), any("uploadDate")],
        recommended: &[any("contentUrl|embedUrl"), any("description"), any("duration")],
        source: "video",
    },
    Rule {
        name: "ImageObject",
        types: Types::Named(&["ImageObject"]),
        required: &[any("contentUrl")],
        // A picture need not say its rights; one that does is shown with them.
        recommended: &[
            any("creator|creditText|copyrightNotice|license"),
            any("license"),
            any("acquireLicensePage"),
        ],
        source: "image-license-metadata",
    },
    Rule {
        name: "FAQPage",
        types: Types::Named(&["FAQPage"]),
        required: &[any("mainEntity"), any("mainEntity.name"), any("mainEntity.acceptedAnswer.text")],
        recommended: &[],
        source: "https://schema.org/FAQPage",
    },
    Rule {
        name: "City",
        types: Types::Named(&["Place", "City", "AdministrativeArea"]),
        required: &[any("name")],
        recommended: &[formed("geo", Form::FiveDecimals), any("image")],
        source: "https://schema.org/Place",
    },
    Rule {
        name: "Service",
        types: Types::Named(&["Service"]),
        required: &[any("name")],
        recommended: &[any("provider"), any("areaServed"), any("image")],
        source: "https://schema.org/Service",
    },
    Rule {
        name: "WebSite",
        types: Types::Named(&["WebSite"]),
        required: &[any("name"), any("url")],
        recommended: &[any("alternateName")],
        source: "https://developers.google.com/search/docs/appearance/site-names",
    },
    Rule {
        name: "Organization",
        types: Types::Publisher,
        required: &[],
        recommended: &[
            any("name"),
            any("alternateName"),
            any("legalName"),
            any("url"),
            formed("logo", Form::Logo),
            any("sameAs"),
            any("contactPoint"),
            any("address"),
            any("email"),
            formed("telephone", Form::Phone),
            any("description"),
            any("foundingDate"),
            any("vatID"),
            any("iso6523Code"),
        ],
        source: "organization",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn row(rule: &Rule) -> String {
        let names = |wanted: &[Wanted]| {
            let names: Vec<String> =
                wanted.iter().map(|wanted| format!("`{}`", wanted.property.replace('|', "\\|"))).collect();
            names.join(", ")
        };
        let (required, recommended) = (names(rule.required), names(rule.recommended));
        format!("| {} | {required} | {recommended} | [{}]({}) |", rule.name, rule.publisher(), rule.page())
    }

    #[test]
    fn the_documentation_lists_every_rule_and_no_other() {
        let document = include_str!("../../../docs/structured-data.md");
        let (_, table) = document.split_once("## What search engines ask for").expect("the section");
        let written: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
        let expected: Vec<String> = RULES.iter().map(row).collect();
        assert_eq!(written, expected, "the table should read:\n{}", expected.join("\n"));
    }
}
