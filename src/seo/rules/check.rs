//! A graph held against the rules.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Form, RULES, Rule, Types, Wanted};

/// Something that is asked for and not there, or not in the right form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub level: Level,
    pub rule: &'static Rule,
    /// As the rule names it: `author.url|author.sameAs`.
    pub property: &'static str,
    /// What is wrong: `is missing`, or what the form asks.
    pub reason: &'static str,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Required: without it there is no rich result.
    Error,
    /// Recommended.
    Hint,
}

/// Holds every node of a page's graph against its rules. `site` says whether the nodes of the site
/// itself, which are on every page, are looked at as well.
pub fn check(graph: &Value, site: bool) -> Vec<Finding> {
    let nodes = graph["@graph"].as_array().map_or(&[][..], Vec::as_slice);
    let known: BTreeMap<&str, &Value> =
        nodes.iter().filter_map(|node| Some((node["@id"].as_str()?, node))).collect();
    let mut findings = Vec::new();
    for node in nodes {
        let own = types_of(node).any(|schema| schema == "WebSite") || is_publisher(node);
        if own && !site {
            continue;
        }
        visit(node, &known, true, &mut findings);
    }
    findings
}

fn is_publisher(node: &Value) -> bool {
    node["@id"].as_str().is_some_and(|id| id.ends_with("/#organization"))
}

/// Checks a node and what stands inside it. A node inside that has a page of its own is said whole
/// there.
fn visit(node: &Value, known: &BTreeMap<&str, &Value>, top: bool, findings: &mut Vec<Finding>) {
    match node {
        Value::Object(map) => {
            if !top && map.contains_key("@id") {
                return;
            }
            let holds = |rule: &&Rule| match rule.types {
                Types::Publisher => is_publisher(node),
                types => types_of(node).any(|schema| types.include(schema)),
            };
            RULES.iter().filter(holds).for_each(|rule| hold(node, rule, known, findings));
            map.values().for_each(|value| visit(value, known, false, findings));
        }
        Value::Array(values) => values.iter().for_each(|value| visit(value, known, false, findings)),
        _ => {}
    }
}

fn hold(node: &Value, rule: &'static Rule, known: &BTreeMap<&str, &Value>, findings: &mut Vec<Finding>) {
    for (level, wanted) in [(Level::Error, rule.required), (Level::Hint, rule.recommended)] {
        for wanted in wanted {
            if let Some(reason) = fault(node, wanted, known) {
                findings.push(Finding { level, rule, property: wanted.property, reason });
            }
        }
    }
}

/// What is wrong with a property, if anything. Of a property inside another one, nothing is said
/// when the outer one is missing: that is a finding of its own.
fn fault(node: &Value, wanted: &Wanted, known: &BTreeMap<&str, &Value>) -> Option<&'static str> {
    let ways: Vec<Vec<&str>> = wanted.property.split('|').map(|way| way.split('.').collect()).collect();
    let (_, outer) = ways[0].split_last()?;
    let mut holders = vec![node];
    for step in outer {
        holders = holders.into_iter().flat_map(|holder| values(&holder[*step], known)).collect();
    }
    let names: Vec<&str> = ways.iter().filter_map(|way| way.last().copied()).collect();
    for holder in holders {
        let found: Vec<&Value> = names.iter().flat_map(|name| values(&holder[*name], known)).collect();
        if found.is_empty() {
            return Some(Form::Any.reason());
        }
        if !fits(wanted.form, &found) {
            return Some(wanted.form.reason());
        }
    }
    None
}

/// The values of a property, one by one; a reference stands for the node it names.
fn values<'a>(value: &'a Value, known: &BTreeMap<&str, &'a Value>) -> Vec<&'a Value> {
    let meant = |value: &'a Value| match value {
        Value::Object(map) if map.len() == 1 => {
            value["@id"].as_str().and_then(|id| known.get(id).copied()).unwrap_or(value)
        }
        other => other,
    };
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().map(meant).collect(),
        one => vec![meant(one)],
    }
}

fn fits(form: Form, found: &[&Value]) -> bool {
    let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
    let side = |value: &Value, name: &str| value[name].as_u64().unwrap_or(0);
    match form {
        Form::Any => true,
        Form::Phone => found.iter().all(|value| text(value).starts_with('+')),
        Form::FiveDecimals => found.iter().all(|value| {
            let decimals = |name: &str| {
                let written = value[name].as_str().map_or_else(|| value[name].to_string(), str::to_owned);
                written.split_once('.').map_or(0, |(_, decimals)| decimals.len())
            };
            decimals("latitude") >= 5 && decimals("longitude") >= 5
        }),
        Form::Short => found.iter().all(|value| text(value).chars().count() < 100),
        Form::Zoned => found.iter().all(|value| {
            let time = text(value);
            let time = time.split_once('T').map_or("", |(_, time)| time);
            time.ends_with('Z') || time.contains(['+', '-'])
        }),
        Form::Picture => found.iter().any(|value| side(value, "width") * side(value, "height") >= 50_000),
        Form::Logo => found.iter().all(|value| side(value, "width").min(side(value, "height")) >= 112),
        Form::Two => found.len() >= 2,
    }
}

fn types_of(node: &Value) -> impl Iterator<Item = &str> {
    let one = node["@type"].as_str().into_iter();
    one.chain(node["@type"].as_array().into_iter().flatten().filter_map(Value::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// `error LocalBusiness.address is missing`, one a line.
    fn said(nodes: Value) -> Vec<String> {
        let graph = json!({ "@context": "https://schema.org", "@graph": nodes });
        let say = |finding: Finding| {
            let level = if finding.level == Level::Error { "error" } else { "hint" };
            format!("{level} {}.{} {}", finding.rule.name, finding.property, finding.reason)
        };
        check(&graph, true).into_iter().map(say).collect()
    }

    #[test]
    fn a_kind_of_business_is_held_to_the_rule_of_businesses() {
        let bare = json!([{ "@type": "BookStore", "@id": "/a#entity", "name": "Varaq" }]);
        assert_eq!(
            said(bare),
            [
                "error LocalBusiness.address is missing",
                "hint LocalBusiness.url is missing",
                "hint LocalBusiness.telephone is missing",
                "hint LocalBusiness.geo is missing",
                "hint LocalBusiness.openingHoursSpecification is missing",
                "hint LocalBusiness.priceRange is missing",
                "hint LocalBusiness.image is missing",
            ]
        );
    }

    #[test]
    fn a_value_must_have_the_form_that_is_asked_for() {
        let odd = json!([{
            "@type": ["Museum", "LocalBusiness"], "@id": "/a#entity", "name": "A", "url": "/a", "address": {},
            "telephone": "021 123", "geo": { "latitude": 35.7, "longitude": "51.42151" },
            "openingHoursSpecification": [{}], "priceRange": "€".repeat(100), "image": "/a.jpg",
        }]);
        assert_eq!(
            said(odd),
            [
                "hint LocalBusiness.telephone has no country code",
                "hint LocalBusiness.geo has fewer than five decimals",
                "hint LocalBusiness.priceRange has 100 characters or more",
            ]
        );
        let article = |image: Value, date: &str| {
            json!([
                { "@type": "ImageObject", "@id": "/a#primaryimage", "contentUrl": "/a.jpg", "width": 300, "height": 160,
                  "creditText": "A", "license": "/l", "acquireLicensePage": "/l" },
                {
                    "@type": "NewsArticle", "headline": "A", "image": image, "datePublished": date,
                    "dateModified": "2026-03-01T09:00:00Z",
                    "author": [{ "@id": "/b", "name": "Leila", "url": "/b" }, { "name": "Nobody" }],
                },
            ])
        };
        assert_eq!(
            said(article(json!({ "@id": "/a#primaryimage" }), "2026-03-01T09:00:00+03:30")),
            [
                "hint Article.image has fewer than 50,000 pixels, or its size is unknown",
                "hint Article.author.url|author.sameAs is missing",
            ]
        );
        assert_eq!(
            said(article(json!([{ "width": 300, "height": 200 }, {}]), "2026-03-01")),
            [
                "hint Article.author.url|author.sameAs is missing",
                "hint Article.datePublished has no time zone"
            ]
        );
    }

    #[test]
    fn what_has_a_page_of_its_own_is_held_to_its_rules_there() {
        let service = json!([{
            "@type": "Service", "@id": "/s#entity", "name": "S", "image": {}, "areaServed": {},
            "provider": { "@type": "LocalBusiness", "@id": "/p#entity", "name": "P" },
        }]);
        assert_eq!(said(service), [""; 0]);
        let with_video =
            json!([{ "@type": "WebPage", "@id": "/a#webpage", "video": { "@type": "VideoObject" } }]);
        assert_eq!(said(with_video).len(), 6);
    }

    #[test]
    fn the_site_is_held_to_its_rules_once() {
        let nodes = json!([
            { "@type": "WebSite", "@id": "/#website" },
            { "@type": "Organization", "@id": "/#organization", "name": "A", "url": "/" },
        ]);
        assert_eq!(said(nodes.clone()).len(), 3 + 12);
        assert_eq!(check(&json!({ "@graph": nodes }), false), []);
        assert_eq!(check(&Value::Null, true), []);
    }

    #[test]
    fn every_rule_is_from_somewhere_and_asks_for_something_once() {
        for rule in RULES {
            assert!(rule.page().starts_with("https://"), "{}", rule.name);
            let mut asked: Vec<&str> =
                rule.required.iter().chain(rule.recommended).map(|wanted| wanted.property).collect();
            let all = asked.len();
            asked.sort_unstable();
            asked.dedup();
            assert_eq!((asked.len(), all > 0), (all, true), "{}", rule.name);
        }
    }
}
