//! The fields of a form, one control a kind: what stands in them comes from what is typed.

use std::collections::HashMap;

use super::Names;
use super::content::{ADDRESS_KEYS, row_numbers};
use super::names::number;
use super::typed::FIELD;
use crate::app::App;
use crate::error::{Problem, Result};
use crate::schema::{
    Field, FormControl, IMAGE_KEYS, InputType, PathRule, PrefixSource, Type, VIDEO_KEYS, form_control,
};
use crate::web::admin::person::Person;
use crate::web::admin::pictures::thumbs;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::Wall;
use crate::web::admin::words::{Words, fill};

/// The first so many keys of a picture are asked for at once.
const COMMON_KEYS: usize = 4;

/// A group of fields.
pub struct Section {
    pub title: &'static str,
    pub fields: Vec<FieldView>,
    /// Shown at once, or behind its title.
    pub open: bool,
}

/// A field as it is drawn.
pub struct FieldView {
    pub name: String,
    pub label: String,
    pub help: Option<String>,
    pub required: bool,
    pub errors: Vec<String>,
    pub widget: Widget,
}

impl FieldView {
    /// What labels and messages refer to.
    pub fn id(&self) -> String {
        id_of(&self.name)
    }

    /// Whether one label stands for one control.
    pub fn is_single(&self) -> bool {
        !matches!(
            self.widget,
            Widget::Parts { .. } | Widget::Picture { .. } | Widget::Rows { .. } | Widget::Ticks { .. }
        )
    }

    /// What describes the control, for who does not see it.
    pub fn described_by(&self) -> String {
        let help = self.help.as_ref().map(|_| format!("{}-help", self.id()));
        let error = (!self.errors.is_empty()).then(|| format!("{}-error", self.id()));
        help.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}

/// A control; each has a template of its own.
pub enum Widget {
    Input {
        kind: &'static str,
        value: String,
        attributes: Vec<(&'static str, String)>,
    },
    /// `long`: Markdown, for which a script has an editor.
    TextArea {
        value: String,
        attributes: Vec<(&'static str, String)>,
        long: bool,
    },
    Select {
        options: Vec<Choice>,
    },
    Ticks {
        parts: Vec<Part>,
    },
    Parts {
        parts: Vec<Part>,
    },
    Picture {
        picture: Picture,
    },
    Rows {
        rows: Vec<Row>,
        pictures: bool,
    },
    Relation {
        value: String,
        many: bool,
        options: Vec<String>,
        /// The type that it leads to, and whether one is made from a title alone.
        to: String,
        create: bool,
        /// What is typed and not there, by its line: one button each makes it.
        missing: Vec<(usize, String)>,
    },
}

/// A picture, or the parts of a row that holds none.
pub struct Picture {
    /// The name that its parts begin with.
    pub name: String,
    pub parts: Vec<Part>,
    /// What is shown of it, where it is the site's own.
    pub thumb: Option<String>,
}

impl Picture {
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.value.trim().is_empty())
    }
}

/// A row of a list.
pub struct Row {
    pub number: u32,
    pub picture: Picture,
}

/// One of the values to choose from.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

/// A control within a field.
pub struct Part {
    pub name: String,
    pub label: String,
    pub value: String,
    /// Several lines.
    pub long: bool,
    /// Few ever fill it in: behind a fold while it is empty.
    pub rare: bool,
    /// The list of the page that offers values, if one does.
    pub offers: Option<&'static str>,
}

/// The identifier of the control of a name.
pub fn id_of(name: &str) -> String {
    name.replace('.', "-")
}

/// The name that the control of a problem's field has.
pub fn name_of(kind: &Type, field: &str) -> String {
    if kind.field(field).is_some() { format!("{FIELD}{field}") } else { field.to_owned() }
}

/// What a form shows besides what is typed.
#[derive(Default)]
pub struct Surroundings {
    names: Names,
    /// What to show of pictures, by their addresses.
    thumbs: HashMap<String, String>,
}

impl Surroundings {
    /// Of a form of this type with what is typed into it.
    pub async fn of(app: &App, person: &Person, kind: &Type, typed: &Posted) -> Result<Surroundings> {
        let pictures = typed.0.iter().filter(|(name, _)| name.ends_with(".src"));
        let addresses: Vec<String> = pictures.map(|(_, src)| src.trim().to_owned()).collect();
        Ok(Surroundings {
            names: Names::default().offering(app, person, kind).await?,
            thumbs: thumbs(app, &addresses).await?,
        })
    }
}

/// Draws the form of a type.
pub struct Drawing<'a> {
    pub app: &'a App,
    pub t: &'static Words,
    pub kind: &'a Type,
    pub typed: &'a Posted,
    pub around: &'a Surroundings,
    pub problems: &'a [Problem],
}

impl Drawing<'_> {
    pub fn sections(&self) -> Vec<Section> {
        let t = self.t;
        let own: Vec<FieldView> = self.kind.fields.iter().map(|field| self.own(field)).collect();
        let mut sections = vec![
            Section { title: t.section_text, fields: self.text(), open: true },
            Section { title: t.section_fields, fields: own, open: true },
            Section { title: t.section_address, fields: self.address(), open: true },
            Section { title: t.section_search, fields: self.search(), open: false },
        ];
        for section in &mut sections {
            section.open |= section.fields.iter().any(|field| !field.errors.is_empty());
        }
        sections.retain(|section| !section.fields.is_empty());
        sections
    }

    fn text(&self) -> Vec<FieldView> {
        let t = self.t;
        let length = |most: &str| vec![("maxlength", most.to_owned())];
        let cover = Widget::Picture { picture: self.picture("cover", &IMAGE_KEYS) };
        vec![
            self.core("title", t.title, None, true, self.input("title", "text", length("300"))),
            self.core(
                "summary",
                t.summary,
                Some(t.summary_help),
                false,
                self.area("summary", length("2000")),
            ),
            self.core("body", t.body, Some(t.body_help), false, self.long("body")),
            self.core("cover", t.cover, Some(t.writing.cover_help), false, cover),
        ]
    }

    fn address(&self) -> Vec<FieldView> {
        let t = self.t;
        let slug = self.input(
            "slug",
            "text",
            vec![("autocapitalize", "off".into()), ("spellcheck", "false".into())],
        );
        let mut fields = vec![self.core("slug", t.slug, Some(t.slug_help), false, slug)];
        if has_parent(&self.kind.path) {
            let parent = self.relation("parent", &self.kind.name, false);
            fields.push(self.core("parent", t.parent, Some(t.parent_help), false, parent));
        }
        if self.app.types.get("author").is_some() {
            let authors = self.relation("authors", "author", true);
            fields.push(self.core("authors", t.authors, Some(t.many_help), false, authors));
        }
        let visibility = self.select(
            "visibility",
            &[
                ("public", t.visibility_public),
                ("unlisted", t.visibility_unlisted),
                ("private", t.visibility_private),
            ],
        );
        fields.push(self.core("visibility", t.visibility, None, false, visibility));
        let date = self.input("published_at", "datetime-local", Vec::new());
        let mut date = self.core("published_at", t.published_at, None, false, date);
        date.help = Some(fill(t.published_at_help, Wall::of(self.app).name));
        fields.push(date);
        fields
    }

    fn search(&self) -> Vec<FieldView> {
        let t = self.t;
        let tick = |name: &str, label: &str| Part {
            name: name.to_owned(),
            label: label.to_owned(),
            value: self.typed.get(name).to_owned(),
            long: false,
            rare: false,
            offers: None,
        };
        let ticks = vec![tick("seo.noindex", t.noindex), tick("seo.nofollow", t.nofollow)];
        let questions = self.select("seo.faq", &[("", t.faq_by_field), ("true", t.yes), ("false", t.no)]);
        let title = self.input("seo.title", "text", Vec::new());
        let description = self.area("seo.description", Vec::new());
        let url = self.input("seo.canonical", "url", Vec::new());
        let robots = self.input("seo.robots", "text", Vec::new());
        vec![
            self.core("seo.title", t.seo_title, Some(t.seo_title_help), false, title),
            self.core("seo.description", t.seo_description, Some(t.seo_description_help), false, description),
            self.core("seo.crawlers", t.crawlers, None, false, Widget::Ticks { parts: ticks }),
            self.core("seo.canonical", t.canonical, Some(t.canonical_help), false, url),
            self.core("seo.robots", t.robots, Some(t.robots_help), false, robots),
            self.core("seo.faq", t.faq, None, false, questions),
        ]
    }

    fn core(&self, name: &str, label: &str, help: Option<&str>, required: bool, widget: Widget) -> FieldView {
        let (name, label, help) = (name.to_owned(), label.to_owned(), help.map(str::to_owned));
        FieldView { errors: self.errors(&name), name, label, help, required, widget }
    }

    fn errors(&self, name: &str) -> Vec<String> {
        let own = |problem: &&Problem| self.is_about(problem, name);
        self.problems.iter().filter(own).map(|problem| self.t.sentence(&problem.reason)).collect()
    }

    /// A field of the type.
    pub fn own(&self, field: &Field) -> FieldView {
        let t = self.t;
        let name = format!("{FIELD}{}", field.name);
        let (widget, more) = self.control(field, &name);
        let help = field.help_in(t.lang).into_iter().chain(more).collect::<Vec<_>>().join(" ");
        let help = Some(help).filter(|help| !help.is_empty());
        let label = match form_control(field, t.lang) {
            FormControl::Input { input: InputType::DateTime, .. } => {
                format!("{} (UTC)", field.label_in(t.lang))
            }
            FormControl::Money { currency: Some(currency) } => {
                format!("{} ({currency})", field.label_in(t.lang))
            }
            FormControl::Relation { .. } if field.many => {
                format!("{} {}", field.label_in(t.lang), t.one_a_line)
            }
            _ => field.label_in(t.lang).to_owned(),
        };
        FieldView { errors: self.errors(&name), label, help, required: field.required, widget, name }
    }

    /// The control of a kind, and what its help should say besides.
    fn control(&self, field: &Field, name: &str) -> (Widget, Option<&'static str>) {
        let t = self.t;
        match form_control(field, t.lang) {
            FormControl::Input { input, attributes } => (self.input(name, input.name(), attributes), None),
            FormControl::TextArea { attributes } => (self.area(name, attributes), None),
            FormControl::Markdown { .. } => (self.long(name), Some(t.body_help)),
            FormControl::Select { options, .. } => {
                let known: Vec<(&str, &str)> =
                    options.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
                (self.select(name, &[&[("", t.not_chosen)], &known[..]].concat()), None)
            }
            FormControl::Checkbox => {
                (self.select(name, &[("", t.not_chosen), ("true", t.yes), ("false", t.no)]), None)
            }
            FormControl::Money { currency: Some(_) } => {
                let attributes = vec![("inputmode", "decimal".to_owned())];
                (self.input(name, "text", attributes), None)
            }
            FormControl::Money { currency: None } => {
                (self.parts(name, &["amount", "currency"]), Some(t.currency_help))
            }
            FormControl::Image => {
                (Widget::Picture { picture: self.picture(name, &IMAGE_KEYS) }, Some(t.writing.image_help))
            }
            FormControl::Gallery => (self.rows(name, &IMAGE_KEYS, true), Some(t.writing.gallery_help)),
            FormControl::Geo => {
                let attributes =
                    vec![("dir", "ltr".to_owned()), ("placeholder", "35.70000, 51.40000".to_owned())];
                (self.input(name, "text", attributes), Some(t.writing.geo_help))
            }
            FormControl::Address => (self.parts(name, &ADDRESS_KEYS), Some(t.address_help)),
            FormControl::Hours => (
                self.area(name, vec![("dir", "ltr".to_owned()), ("data-hours", String::new())]),
                Some(t.hours_help),
            ),
            FormControl::Faq => (self.rows(name, &["question", "answer"], false), Some(t.writing.rows_help)),
            FormControl::Relation { to, many } => {
                let help = if many { t.many_help } else { t.relation_help };
                (self.relation(name, &to, many), Some(help))
            }
            FormControl::Video => (self.parts(name, &VIDEO_KEYS), None),
        }
    }

    fn input(&self, name: &str, kind: &'static str, attributes: Vec<(&'static str, String)>) -> Widget {
        let attributes = besides(attributes, &[("autocomplete", "off"), ("dir", "auto")]);
        Widget::Input { kind, value: self.typed.get(name).to_owned(), attributes }
    }

    fn area(&self, name: &str, attributes: Vec<(&'static str, String)>) -> Widget {
        let attributes = besides(attributes, &[("dir", "auto")]);
        Widget::TextArea { value: self.typed.get(name).to_owned(), attributes, long: false }
    }

    /// Markdown; its length is checked when it is saved, not cut off while somebody types.
    fn long(&self, name: &str) -> Widget {
        let attributes = besides(Vec::new(), &[("dir", "auto")]);
        Widget::TextArea { value: self.typed.get(name).to_owned(), attributes, long: true }
    }

    fn select(&self, name: &str, options: &[(&str, &str)]) -> Widget {
        let typed = self.typed.get(name);
        let mut options: Vec<Choice> = options
            .iter()
            .map(|(value, label)| Choice {
                value: (*value).to_owned(),
                label: (*label).to_owned(),
                chosen: *value == typed,
            })
            .collect();
        // What is stored and offered no more stays until somebody chooses otherwise.
        if !typed.is_empty() && !options.iter().any(|option| option.chosen) {
            options.push(Choice { value: typed.to_owned(), label: typed.to_owned(), chosen: true });
        }
        Widget::Select { options }
    }

    fn part(&self, name: &str, key: &str) -> Part {
        let name = format!("{name}.{key}");
        let value = self.typed.get(&name).to_owned();
        Part {
            label: self.t.part(key).to_owned(),
            long: matches!(key, "answer" | "description"),
            rare: value.is_empty() && IMAGE_KEYS[COMMON_KEYS..].contains(&key),
            offers: None,
            name,
            value,
        }
    }

    fn parts(&self, name: &str, keys: &[&str]) -> Widget {
        Widget::Parts { parts: keys.iter().map(|key| self.part(name, key)).collect() }
    }

    fn picture(&self, name: &str, keys: &[&str]) -> Picture {
        let thumb = self.around.thumbs.get(self.typed.get(&format!("{name}.src")).trim()).cloned();
        let parts = keys.iter().map(|key| self.part(name, key)).collect();
        Picture { name: name.to_owned(), parts, thumb }
    }

    /// What is there, and an empty row to go on with.
    fn rows(&self, name: &str, keys: &[&str], pictures: bool) -> Widget {
        let numbers = row_numbers(self.typed, name);
        let row = |number: u32| Row { number, picture: self.picture(&format!("{name}.{number}"), keys) };
        let free = numbers.last().map_or(0, |last| last.saturating_add(1));
        let mut rows: Vec<Row> = numbers.into_iter().map(row).collect();
        if rows.last().is_none_or(|last| !last.picture.is_empty()) {
            rows.push(row(free));
        }
        Widget::Rows { rows, pictures }
    }

    fn relation(&self, name: &str, to: &str, many: bool) -> Widget {
        let value = self.typed.get(name).to_owned();
        let target = self.app.types.get(to);
        let create = target.is_some_and(|kind| kind.fields.iter().all(|field| !field.required));
        let problems: Vec<&Problem> =
            self.problems.iter().filter(|problem| self.is_about(problem, name)).collect();
        let is_missing = |line: &str| {
            let named = format!("“{line}”");
            number(line).is_none() && problems.iter().any(|problem| problem.reason.contains(&named))
        };
        let lines = value.lines().map(str::trim).enumerate();
        let missing = lines.filter(|(_, line)| !line.is_empty() && is_missing(line));
        let missing = missing.map(|(at, line)| (at, fill(self.t.writing.choice_make, line))).collect();
        Widget::Relation {
            many,
            options: self.around.names.offered(to),
            to: to.to_owned(),
            create,
            missing,
            value,
        }
    }

    fn is_about(&self, problem: &Problem, name: &str) -> bool {
        problem.field.as_deref().is_some_and(|field| name_of(self.kind, field) == name)
    }
}

/// Whether any part is to be folded away.
pub fn has_rare(parts: &[Part]) -> bool {
    parts.iter().any(|part| part.rare)
}

/// Attributes, and these where they are not said already.
fn besides(
    mut attributes: Vec<(&'static str, String)>,
    more: &[(&'static str, &str)],
) -> Vec<(&'static str, String)> {
    for (name, value) in more {
        if attributes.iter().all(|(known, _)| known != name) {
            attributes.push((name, (*value).to_owned()));
        }
    }
    attributes
}

fn has_parent(path: &PathRule) -> bool {
    matches!(path.prefix_source(), PrefixSource::Parent)
}
