//! A value as readers see it.

mod calendar;
mod hours;

use askama::Template;

use super::field::Field;
use super::values::{Address, Geo, ImageRef, RelationRef, Value, Video};
use crate::text::SafeHtml;

pub use calendar::show_date;
pub use hours::{HoursRow, ShownHours, show_day};

use calendar::{digits, grouped, is_persian, show_instant};

/// What showing needs to know of the page.
pub struct ShowWith<'a> {
    /// The locale of the page: `fa`.
    pub locale: &'a str,
    /// Renders a Markdown field and sanitises it.
    pub markdown: &'a dyn Fn(&str) -> SafeHtml,
    /// The public entry that a reference leads to; `None` leaves it out.
    pub entry: &'a dyn Fn(&RelationRef) -> Option<Link>,
}

/// A value ready to print. A template either matches the variant and draws it in its own way, or
/// prints it with plain `{{ }}`: the markup below is escaped by askama like every other template.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(
    ext = "html",
    source = r#"
{%- match self -%}
{%- when Self::Nothing -%}
{%- when Self::Line(text) -%}{{ text }}
{%- when Self::Lines(lines) -%}
{%- for line in lines -%}{% if !loop.first %}<br>{% endif %}{{ line }}{%- endfor -%}
{%- when Self::Html(html) -%}{{ html }}
{%- when Self::Time { machine, text } -%}<time datetime="{{ machine }}">{{ text }}</time>
{%- when Self::Link(link) -%}<a href="{{ link.href }}"{% if link.ltr %} dir="ltr"{% endif %}>{{ link.text }}</a>
{%- when Self::Links(links) -%}
<ul>{%- for link in links -%}<li><a href="{{ link.href }}">{{ link.text }}</a></li>{%- endfor -%}</ul>
{%- when Self::Images(images) -%}
{%- for image in images -%}
<figure><img src="{{ image.src }}" alt="{{ image.alt }}" loading="lazy">
{%- if let Some(caption) = image.caption -%}<figcaption>{{ caption }}</figcaption>{%- endif -%}
{%- if let Some(credit) = image.credit -%}<small>{{ credit }}</small>{%- endif -%}</figure>
{%- endfor -%}
{%- when Self::Point { machine, text } -%}<data value="{{ machine }}" dir="ltr">{{ text }}</data>
{%- when Self::Hours(hours) -%}
<table class="hours"><tbody>
{%- for row in hours.week -%}
<tr{% if row.closed %} class="closed"{% endif %}><th scope="row">{{ row.days }}</th><td>{% for time in row.times %}{% if !loop.first %}<br>{% endif %}{{ time }}{% endfor %}</td></tr>
{%- endfor -%}
{%- for row in hours.special -%}
<tr class="special{% if row.closed %} closed{% endif %}"><th scope="row">{{ row.days }}</th><td>{% for time in row.times %}{% if !loop.first %}<br>{% endif %}{{ time }}{% endfor %}</td></tr>
{%- endfor -%}
</tbody></table>
{%- when Self::Questions(questions) -%}
{%- for item in questions -%}
<details><summary>{{ item.question }}</summary>{{ item.answer }}</details>
{%- endfor -%}
{%- when Self::Video { video, text, embed } -%}
<a class="video" href="{{ video.url }}"{% if let Some(embed) = embed %} data-embed="{{ embed }}"{% endif %}>{{ text }}</a>
{%- endmatch -%}
"#
)]
pub enum Shown {
    /// A relation whose entries aren't public.
    Nothing,
    Line(String),
    /// Several lines: text, or the parts of an address.
    Lines(Vec<String>),
    Html(SafeHtml),
    /// A day or an instant: `2026-03-01` and `1 March 2026`.
    Time {
        machine: String,
        text: String,
    },
    Link(Link),
    Links(Vec<Link>),
    Images(Vec<ImageRef>),
    Point {
        machine: String,
        text: String,
    },
    Hours(ShownHours),
    Questions(Vec<ShownQuestion>),
    /// A facade: the player is loaded into `embed` when it is clicked, never before.
    Video {
        video: Video,
        text: String,
        embed: Option<String>,
    },
}

/// A link to an entry, an address, a telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub href: String,
    pub text: String,
    /// The text runs from left to right on any page: a telephone number, an address of the web.
    pub ltr: bool,
}

/// A question with its rendered answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownQuestion {
    pub question: String,
    pub answer: SafeHtml,
}

/// Shows the value of a field.
pub fn show_value(field: &Field, value: &Value, with: &ShowWith) -> Shown {
    let locale = with.locale;
    match value {
        Value::Line(text) => Shown::Line(text.clone()),
        Value::Text(text) if field.schema.as_deref() == Some("sameAs") => {
            links(text.lines().map(web_link).collect())
        }
        Value::Text(text) => Shown::Lines(text.lines().map(str::to_owned).collect()),
        Value::Markdown(text) => Shown::Html((with.markdown)(text)),
        Value::Number(number) => Shown::Line(grouped(&number.to_string(), locale)),
        Value::Money(money) => Shown::Line(format!("{} {}", grouped(&money.amount, locale), money.currency)),
        Value::Date(date) => Shown::Time { machine: date.to_string(), text: show_date(*date, locale) },
        Value::DateTime(time) => Shown::Time { machine: time.rfc3339(), text: show_instant(*time, locale) },
        Value::Choice(choice) => {
            let label = field.choice(choice).map_or(choice.as_str(), |choice| choice.label_in(locale));
            Shown::Line(label.to_owned())
        }
        Value::Boolean(value) => Shown::Line(yes_or_no(*value, locale).to_owned()),
        Value::Url(address) => Shown::Link(web_link(address)),
        Value::Email(address) => {
            // RFC 6068: a percent sign of the address itself must be encoded.
            let href = format!("mailto:{}", address.replace('%', "%25"));
            Shown::Link(Link { href, text: address.clone(), ltr: true })
        }
        Value::Phone(phone) => {
            Shown::Link(Link { href: format!("tel:{}", phone.e164), text: phone.shown.clone(), ltr: true })
        }
        Value::Image(image) => Shown::Images(vec![image.clone()]),
        Value::Gallery(images) => Shown::Images(images.clone()),
        Value::Geo(geo) => Shown::Point { machine: geo.to_string(), text: degrees(*geo) },
        Value::Address(address) => Shown::Lines(address_lines(address)),
        Value::Hours(hours) => Shown::Hours(hours::rows(hours, locale)),
        Value::Faq(questions) => {
            let shown = |item: &super::Question| ShownQuestion {
                question: item.question.clone(),
                answer: (with.markdown)(&item.answer),
            };
            Shown::Questions(questions.iter().map(shown).collect())
        }
        Value::Relation(refs) => links(refs.iter().filter_map(with.entry).collect()),
        Value::Video(video) => Shown::Video {
            text: video.title.clone().unwrap_or_else(|| video.url.clone()),
            embed: video.embed_url(),
            video: video.clone(),
        },
    }
}

fn links(mut links: Vec<Link>) -> Shown {
    match links.len() {
        0 => Shown::Nothing,
        1 => Shown::Link(links.remove(0)),
        _ => Shown::Links(links),
    }
}

/// The address without what every address has.
fn web_link(address: &str) -> Link {
    let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let text = bare.map_or(address, |bare| bare.trim_start_matches("www.").trim_end_matches('/'));
    Link { href: address.to_owned(), text: text.to_owned(), ltr: true }
}

fn degrees(geo: Geo) -> String {
    let side = |degrees: f64, positive, negative| if degrees < 0.0 { negative } else { positive };
    format!(
        "{:.5}° {}, {:.5}° {}",
        geo.latitude.abs(),
        side(geo.latitude, 'N', 'S'),
        geo.longitude.abs(),
        side(geo.longitude, 'E', 'W')
    )
}

/// Street, then postal code and town, then region, then country.
fn address_lines(address: &Address) -> Vec<String> {
    let town: Vec<&str> =
        [&address.postal_code, &address.locality].into_iter().flatten().map(String::as_str).collect();
    let town = Some(town.join(" ")).filter(|town| !town.is_empty());
    [address.street.clone(), town, address.region.clone(), address.country.clone()]
        .into_iter()
        .flatten()
        .collect()
}

fn yes_or_no(value: bool, locale: &str) -> &'static str {
    match (value, is_persian(locale)) {
        (true, false) => "Yes",
        (false, false) => "No",
        (true, true) => "بله",
        (false, true) => "خیر",
    }
}
