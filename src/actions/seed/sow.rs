//! One made-up entry after the other, each pointing at those before it.

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::words::{self, Tongue};
use crate::actions::Change;
use crate::actions::publish::{Manner, publish_saved};
use crate::actions::save_draft::{Draft, Target, save_draft};
use crate::app::App;
use crate::clock::Time;
use crate::entry::Content;
use crate::error::Result;
use crate::schema::Kind;

/// The newest are from this day, whatever day it is, so that a seed makes the same entries.
const NEWEST: i64 = 1_793_491_200_000;
const DAY: i64 = 86_400_000;
/// The oldest are from so many days before.
const DAYS: f64 = 2_500.0;

/// A city with what stands in it.
struct City {
    id: i64,
    areas: Vec<i64>,
    latitude: f64,
    longitude: f64,
    code: usize,
}

pub struct Sower {
    dice: Dice,
    default: String,
    /// The language of Persian entries, where the site has it.
    persian: Option<String>,
    business_types: Vec<String>,
    regions: Vec<(i64, f64, f64)>,
    cities: Vec<City>,
    /// The city of the area that was made last.
    latest_area: usize,
    categories: Vec<i64>,
    tags: Vec<i64>,
    series: Vec<i64>,
    authors: Vec<i64>,
    service_categories: Vec<i64>,
    services: Vec<i64>,
    places: Vec<i64>,
}

/// An entry before it is saved.
struct Seedling {
    title: String,
    summary: String,
    body: String,
    fields: Map<String, Value>,
    authors: Vec<i64>,
    tongue: Tongue,
    /// The entry that it is a Persian translation of.
    translates: Option<i64>,
}

impl Seedling {
    fn new(title: String, tongue: Tongue) -> Seedling {
        Seedling {
            title,
            tongue,
            summary: String::new(),
            body: String::new(),
            fields: Map::new(),
            authors: Vec::new(),
            translates: None,
        }
    }

    fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.fields.insert(field.to_owned(), value.into());
    }
}

impl Sower {
    pub fn new(app: &App, seed: u64) -> Sower {
        let choices = app.types.get("place").and_then(|kind| kind.field("business_type"));
        let choices = choices.filter(|field| field.kind == Kind::Choice);
        let business_types =
            choices.iter().flat_map(|field| field.choices.iter().map(|choice| choice.value.clone()));
        Sower {
            dice: Dice::new(seed),
            default: app.site.default_locale().code.clone(),
            persian: app.site.locale("fa").map(|locale| locale.code.clone()),
            business_types: business_types.collect(),
            regions: Vec::new(),
            cities: Vec::new(),
            latest_area: 0,
            categories: Vec::new(),
            tags: Vec::new(),
            series: Vec::new(),
            authors: Vec::new(),
            service_categories: Vec::new(),
            services: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Makes, saves and publishes entry `number` of `count` of a type.
    pub async fn sow(
        &mut self,
        change: &mut Change<'_>,
        kind: &'static str,
        number: u64,
        count: u64,
    ) -> Result<()> {
        let seedling = match kind {
            "region" => self.region(number),
            "city" => self.city(number),
            "area" => self.area(),
            "service" => self.service(),
            "place" => self.place(),
            "person" => self.person(),
            "article" => self.article(),
            "author" => self.author(),
            "page" => self.text_page(),
            _ => self.term(),
        };
        let Seedling { title, summary, body, fields, authors, tongue, translates } = seedling;
        let in_persian = tongue == Tongue::Persian;
        let locale = self.persian.as_ref().filter(|_| in_persian).unwrap_or(&self.default).clone();
        let published_at = Some(self.date(number, count));
        let content = Content { title, summary, body, fields, authors, published_at, ..Content::default() };
        let target = Target::New { kind: kind.to_owned(), locale, translation_of: translates };
        let draft = Draft { target, content, reuse: false, lenient: false, tie: None };
        let saved = save_draft(change, draft).await?;
        let id = saved.id;
        // One article of a hundred is not finished yet.
        if kind != "article" || !self.dice.percent(1) {
            publish_saved(change, saved, Manner::default()).await?;
        }
        if translates.is_none() {
            self.remember(kind, id);
        }
        Ok(())
    }

    fn remember(&mut self, kind: &str, id: i64) {
        let list = match kind {
            "region" => {
                let (latitude, longitude) =
                    (self.dice.part() * 110.0 - 50.0, self.dice.part() * 320.0 - 160.0);
                return self.regions.push((id, latitude, longitude));
            }
            "city" => return self.cities.last_mut().into_iter().for_each(|city| city.id = id),
            "area" => return self.cities[self.latest_area].areas.push(id),
            "category" => &mut self.categories,
            "tag" => &mut self.tags,
            "series" => &mut self.series,
            "author" => &mut self.authors,
            "service-category" => &mut self.service_categories,
            "service" => &mut self.services,
            "place" => &mut self.places,
            _ => return,
        };
        list.push(id);
    }

    /// Later entries are younger; the newest day has some of each type.
    fn date(&mut self, number: u64, count: u64) -> Time {
        let age = 1.0 - (number + 1) as f64 / count as f64;
        let days = (age * DAYS + self.dice.part() * 3.0) as i64;
        let seconds = self.dice.below(86_400) as i64;
        Time(NEWEST - days * DAY - seconds * 1000)
    }

    fn tongue(&mut self) -> Tongue {
        match self.dice.below(100) {
            0..78 => Tongue::English,
            78..92 => Tongue::Persian,
            92..97 => Tongue::Arabic,
            _ => Tongue::Japanese,
        }
    }

    fn name(&mut self, tongue: Tongue) -> String {
        let syllables =
            if tongue == Tongue::English { self.dice.between(2, 4) } else { self.dice.between(2, 3) };
        words::name(&mut self.dice, tongue, syllables)
    }

    fn summary(&mut self, seedling: &mut Seedling, most: usize) {
        let length = self.dice.between(most / 2, most);
        seedling.summary = words::sentences(&mut self.dice, seedling.tongue, length);
    }

    fn body(&mut self, seedling: &mut Seedling, fewest: usize, most: usize) {
        // Most texts are short, a few are very long.
        let length = fewest + self.dice.leaning(most - fewest, 2.5);
        let links: Vec<i64> = (0..length / 200)
            .filter_map(|_| {
                let at = self.dice.leaning(self.places.len(), 2.0);
                self.places.get(at).copied()
            })
            .collect();
        seedling.body = words::body(&mut self.dice, seedling.tongue, length, &links);
    }

    fn region(&mut self, number: u64) -> Seedling {
        let (tongue, translates) = self.translated(number, self.regions.last().map(|region| region.0));
        let mut region = Seedling::new(self.name(tongue), tongue);
        region.translates = translates;
        region.set("population", self.dice.between(100_000, 80_000_000));
        self.summary(&mut region, 24);
        self.body(&mut region, 60, 600);
        region
    }

    /// Every fifth is the Persian translation of the one before it.
    fn translated(&self, number: u64, before: Option<i64>) -> (Tongue, Option<i64>) {
        match before {
            Some(id) if number % 5 == 4 && self.persian.is_some() => (Tongue::Persian, Some(id)),
            _ => (Tongue::English, None),
        }
    }

    fn city(&mut self, number: u64) -> Seedling {
        let (tongue, translates) = self.translated(number, self.cities.last().map(|city| city.id));
        let mut city = Seedling::new(self.name(tongue), tongue);
        city.translates = translates;
        let at = self.dice.leaning(self.regions.len(), 1.8);
        let (region, latitude, longitude) = self.regions[at];
        let latitude = latitude + self.dice.part() * 6.0;
        let longitude = longitude + self.dice.part() * 8.0;
        if translates.is_none() {
            let code = self.dice.between(11, 99);
            self.cities.push(City { id: 0, areas: Vec::new(), latitude, longitude, code });
        }
        city.set("region", region);
        city.set("population", (1_000.0 * (10_000.0_f64).powf(self.dice.part().powi(3))) as i64);
        city.set("geo", geo(latitude, longitude));
        if self.dice.percent(40) {
            self.summary(&mut city, 30);
            self.body(&mut city, 40, 400);
        }
        city
    }

    fn some_city(&mut self) -> usize {
        self.dice.leaning(self.cities.len(), 3.0)
    }

    fn area(&mut self) -> Seedling {
        let at = self.dice.leaning(self.cities.len(), 4.0);
        let mut area = Seedling::new(self.name(Tongue::English), Tongue::English);
        let near = self.near(at);
        self.latest_area = at;
        area.set("city", self.cities[at].id);
        area.set("geo", near);
        self.summary(&mut area, 20);
        area
    }

    fn near(&mut self, city: usize) -> String {
        let City { latitude, longitude, .. } = self.cities[city];
        geo(latitude + self.dice.part() * 0.2 - 0.1, longitude + self.dice.part() * 0.2 - 0.1)
    }

    fn term(&mut self) -> Seedling {
        let length = self.dice.between(1, 2);
        let name = self.name(Tongue::English);
        let word = words::phrase(&mut self.dice, Tongue::English, length);
        let mut term = Seedling::new(format!("{word} {name}"), Tongue::English);
        self.summary(&mut term, 16);
        term
    }

    fn author(&mut self) -> Seedling {
        let name = format!("{} {}", self.name(Tongue::English), self.name(Tongue::English));
        let mut author = Seedling::new(name, Tongue::English);
        author.set("job_title", words::phrase(&mut self.dice, Tongue::English, 2));
        self.summary(&mut author, 20);
        self.body(&mut author, 20, 120);
        author
    }

    fn text_page(&mut self) -> Seedling {
        let mut page = Seedling::new(words::phrase(&mut self.dice, Tongue::English, 4), Tongue::English);
        self.summary(&mut page, 20);
        self.body(&mut page, 100, 1_200);
        page
    }

    fn service(&mut self) -> Seedling {
        let mut service = Seedling::new(words::phrase(&mut self.dice, Tongue::English, 3), Tongue::English);
        let at = self.dice.below(self.service_categories.len());
        service.set("category", self.service_categories[at]);
        let served =
            some(&mut self.dice, 3, 3.0, &self.cities.iter().map(|city| city.id).collect::<Vec<_>>());
        service.set("area_served", served);
        self.summary(&mut service, 24);
        self.body(&mut service, 40, 300);
        service
    }

    fn place(&mut self) -> Seedling {
        let tongue = self.tongue();
        let at = self.some_city();
        let (name, word) = (self.name(tongue), words::phrase(&mut self.dice, tongue, 1));
        let mut place = Seedling::new(format!("{name} {word}"), tongue);
        if !self.business_types.is_empty() {
            let business = self.dice.leaning(self.business_types.len(), 1.3);
            place.set("business_type", self.business_types[business].clone());
        }
        let near = self.near(at);
        let City { id, ref areas, code, .. } = self.cities[at];
        let area = self.dice.below(areas.len());
        let area = areas.get(area).copied();
        place.set("city", id);
        place.set("geo", near);
        if let Some(area) = area.filter(|_| self.dice.percent(60)) {
            place.set("area", area);
        }
        if self.dice.percent(30) {
            place.set("services", some(&mut self.dice, 3, 2.0, &self.services));
        }
        if self.dice.percent(70) {
            place.set("telephone", format!("+98 {code} {:08}", self.dice.between(20_000_000, 89_999_999)));
        }
        if self.dice.percent(60) {
            place.set("hours", self.hours());
        }
        if self.dice.percent(50) {
            let street = format!("{} {} Street", self.dice.between(1, 240), self.name(Tongue::English));
            place.set(
                "address",
                json!({ "street": street, "locality": self.name(Tongue::English), "country": "IR" }),
            );
        }
        if self.dice.percent(30) {
            let address = format!("https://{}.example.com/", self.name(Tongue::English).to_lowercase());
            place.set("website", address);
        }
        if self.dice.percent(40) {
            place.set("price_range", "€".repeat(self.dice.between(1, 3)));
        }
        self.summary(&mut place, 26);
        if self.dice.percent(70) {
            self.body(&mut place, 25, 260);
        }
        place
    }

    fn hours(&mut self) -> String {
        let (opens, closes) = (self.dice.between(6, 11), self.dice.between(16, 23));
        let late = self.dice.between(closes, 23);
        format!("Asia/Tehran; sa-we {opens:02}:00-{closes:02}:00; th {opens:02}:30-{late:02}:30")
    }

    fn person(&mut self) -> Seedling {
        let tongue = self.tongue();
        let mut person = Seedling::new(format!("{} {}", self.name(tongue), self.name(tongue)), tongue);
        let at = self.some_city();
        person.set("city", self.cities[at].id);
        person.set("job_title", words::phrase(&mut self.dice, tongue, 2));
        person.set("services", some(&mut self.dice, 2, 2.0, &self.services));
        if self.dice.percent(40) {
            let at = self.dice.below(self.places.len());
            person.set("works_for", self.places[at]);
        }
        self.summary(&mut person, 22);
        self.body(&mut person, 20, 160);
        person
    }

    fn article(&mut self) -> Seedling {
        let tongue = self.tongue();
        let length = self.dice.between(4, 9);
        let title = words::phrase(&mut self.dice, tongue, length);
        let mut article = Seedling::new(title, tongue);
        let category = self.dice.leaning(self.categories.len(), 1.5);
        article.set("categories", vec![self.categories[category]]);
        let tags = if self.dice.percent(80) { some(&mut self.dice, 4, 2.5, &self.tags) } else { Vec::new() };
        if !tags.is_empty() {
            article.set("tags", tags);
        }
        if self.dice.percent(8) {
            let at = self.dice.below(self.series.len());
            article.set("series", self.series[at]);
        }
        if self.dice.percent(25) {
            let at = self.dice.below(self.places.len());
            article.set("place", self.places[at]);
        }
        article.set("form", ["post", "article", "news"][self.dice.leaning(3, 2.0)]);
        let author = self.dice.leaning(self.authors.len(), 1.5);
        article.authors = vec![self.authors[author]];
        self.summary(&mut article, 28);
        self.body(&mut article, 120, 1_800);
        article
    }
}

/// At least one, the first of a list more often.
fn some(dice: &mut Dice, most: usize, lean: f64, of: &[i64]) -> Vec<i64> {
    let count = dice.between(1, most);
    let mut chosen: Vec<i64> = (0..count).map(|_| of[dice.leaning(of.len(), lean)]).collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

fn geo(latitude: f64, longitude: f64) -> String {
    format!("{:.5},{:.5}", latitude.clamp(-84.0, 84.0), longitude.clamp(-179.0, 179.0))
}
