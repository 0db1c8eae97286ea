//! Who publishes the site, as its home page and the pages about it show and say it.

use serde_json::{Value as Json, json};

use super::structured::absolute;
use crate::app::{App, Contact, Organization};
use crate::schema::{Field, Kind, ShowWith, Shown, Value, postal_address, show_value};
use crate::seo::graph::{self, Extra, Picture};
use crate::text::SafeHtml;
use crate::web::views::{Fact, FactValue, Link, Publisher, Words};

/// The publisher's node; with all that is known of it where the page shows it.
pub fn node(app: &App, shown: bool) -> graph::Organization {
    let who = &app.site.organization;
    graph::Organization {
        schema: who.schema.clone(),
        name: who.name.clone().unwrap_or_default(),
        logo: who.logo.as_ref().map(|logo| Picture {
            url: absolute(app, &logo.src),
            width: Some(logo.width),
            height: Some(logo.height),
            ..Picture::default()
        }),
        details: if shown { details(app, who) } else { Vec::new() },
    }
}

/// The publisher as readers see it; nothing when nothing but its name is known.
pub fn shown(app: &App, locale: &str) -> Option<Publisher> {
    let who = &app.site.organization;
    let publisher = Publisher {
        name: name(app).to_owned(),
        description: who.description.clone(),
        address: match who
            .address
            .clone()
            .map(|address| show(Kind::Address, &Value::Address(address), locale))
        {
            Some(Shown::Lines(lines)) => lines,
            _ => Vec::new(),
        },
        facts: facts(app, who, locale),
    };
    let says_something =
        publisher.description.is_some() || !publisher.address.is_empty() || !publisher.facts.is_empty();
    says_something.then_some(publisher)
}

fn name(app: &App) -> &str {
    app.site.organization.name.as_deref().unwrap_or(&app.site.name)
}

fn details(app: &App, who: &Organization) -> Vec<Extra> {
    let contacts: Vec<Json> = who.contacts.iter().map(contact_point).collect();
    let same_as: Vec<String> = app.site.profiles.iter().map(|profile| absolute(app, profile)).collect();
    [
        ("legalName", json!(who.legal_name)),
        ("alternateName", json!(who.alternate_names)),
        ("description", json!(who.description)),
        ("address", who.address.as_ref().map_or(Json::Null, postal_address)),
        ("email", json!(who.email)),
        ("telephone", json!(who.telephone.as_ref().map(|phone| &phone.e164))),
        ("contactPoint", Json::Array(contacts)),
        ("foundingDate", json!(who.founding_date.map(|day| day.to_string()))),
        ("vatID", json!(who.vat_id)),
        ("iso6523Code", json!(who.iso6523)),
        ("sameAs", json!(same_as)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn contact_point(contact: &Contact) -> Json {
    json!({
        "@type": "ContactPoint",
        "contactType": contact.label,
        "email": contact.email,
        "telephone": contact.telephone.as_ref().map(|phone| &phone.e164),
        "availableLanguage": contact.languages,
    })
}

fn facts(app: &App, who: &Organization, locale: &str) -> Vec<Fact> {
    let words = Words::of(locale);
    let mut facts = Vec::new();
    let mut say = |label: &str, value: Option<FactValue>| {
        facts.extend(value.map(|value| Fact::new(label, value)));
    };
    let text = |text: &Option<String>| text.clone().map(FactValue::Text);
    say(words.legal_name, text(&who.legal_name));
    let names = Some(who.alternate_names.join(words.comma)).filter(|names| !names.is_empty());
    say(words.also_known_as, names.map(FactValue::Text));
    say(
        words.telephone,
        who.telephone.clone().and_then(|phone| link(Kind::Phone, Value::Phone(phone), locale)),
    );
    say(words.email, who.email.clone().and_then(|email| link(Kind::Email, Value::Email(email), locale)));
    for contact in &who.contacts {
        let links: Vec<Link> = [
            contact.telephone.clone().map(|phone| show(Kind::Phone, &Value::Phone(phone), locale)),
            contact.email.clone().map(|email| show(Kind::Email, &Value::Email(email), locale)),
        ]
        .into_iter()
        .flatten()
        .filter_map(|shown| match shown {
            Shown::Link(link) => Some(Link::new(link.href, link.text)),
            _ => None,
        })
        .collect();
        say(&contact.label, (!links.is_empty()).then_some(FactValue::Links(links)));
    }
    let founded = who.founding_date.map(|day| show(Kind::Date, &Value::Date(day), locale));
    if let Some(Shown::Time { machine, text }) = founded {
        say(words.founded, Some(FactValue::Time { machine, text }));
    }
    say(words.vat_id, text(&who.vat_id));
    say(words.register_id, text(&who.iso6523));
    let profiles: Vec<Link> = app
        .site
        .profiles
        .iter()
        .filter_map(|profile| match show(Kind::Url, &Value::Url(profile.clone()), locale) {
            Shown::Link(link) => Some(Link::new(link.href, link.text)),
            _ => None,
        })
        .collect();
    say(words.elsewhere, (!profiles.is_empty()).then_some(FactValue::Links(profiles)));
    facts
}

fn link(kind: Kind, value: Value, locale: &str) -> Option<FactValue> {
    match show(kind, &value, locale) {
        Shown::Link(link) => Some(FactValue::Link { href: link.href, text: link.text, rel: String::new() }),
        _ => None,
    }
}

/// As a field of an entry would show it.
fn show(kind: Kind, value: &Value, locale: &str) -> Shown {
    let with = ShowWith { locale, markdown: &|_| SafeHtml::default(), entry: &|_| None };
    show_value(&Field::new("organization", kind), value, &with)
}
