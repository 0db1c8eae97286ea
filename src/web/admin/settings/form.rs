//! The form of a part of the settings: what is typed, where each value comes from, and what is wrong.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::sections::{Control, RowPart, Section, Setting};
use super::values::{self, languages, text};
use crate::actions::save_settings::Wish;
use crate::app::{App, Overlay, is_about};
use crate::error::{Problem, Result};
use crate::web::admin::entries::{Choice, FieldRow, FieldView, Part, Picture, Widget, row_numbers};
use crate::web::admin::pictures::thumbs;
use crate::web::admin::posted::Posted;
use crate::web::admin::words::{Words, fill};

/// A setting as it is drawn: its controls, and where its value comes from.
pub struct Shown {
    pub key: String,
    pub label: String,
    pub fields: Vec<FieldView>,
    pub origin: Origin,
    /// Why what is set here is passed over.
    pub unfit: Option<String>,
}

/// Where a value comes from.
pub enum Origin {
    File,
    /// Neither the file nor anybody here says anything.
    Shipped,
    /// Set here, and what the file says.
    Here(String),
}

impl Shown {
    /// Where on the page it begins.
    pub fn id(&self) -> String {
        self.fields.first().map(FieldView::id).unwrap_or_default()
    }

    /// What the way back to the file is called, for who does not see beside what it stands.
    pub fn back(&self, t: &Words) -> String {
        fill(t.settings.back_of, &self.label)
    }
}

/// Long values are cut: the whole one comes with the way back.
fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_SAID) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Characters of a file's value that are shown beside a field.
const MOST_SAID: usize = 120;

/// The form of a part, with what is typed into it.
pub struct Form<'a> {
    pub app: &'a App,
    pub t: &'static Words,
    pub settings: Vec<Setting>,
    pub typed: Posted,
}

/// What holds: what is set, but for what fits no more, else what the file says.
pub fn value_now(app: &App, key: &str) -> Json {
    let is_unfit = app.set.unfit.iter().any(|(unfit, _)| unfit == key);
    if is_unfit { app.site_file().value(key) } else { app.site_file().value_with(&app.set.overlay, key) }
}

impl<'a> Form<'a> {
    /// As it stands.
    pub fn stored(app: &'a App, t: &'static Words, section: Section) -> Form<'a> {
        let mut form = Form { app, t, settings: section.settings(app, t), typed: Posted::default() };
        let fields =
            form.settings.iter().flat_map(|own| values::fields(app, t.lang, own, &value_now(app, &own.key)));
        form.typed.0 = fields.collect();
        form
    }

    /// As somebody typed it.
    pub fn typed(app: &'a App, t: &'static Words, section: Section, typed: Posted) -> Form<'a> {
        Form { app, t, settings: section.settings(app, t), typed }
    }

    pub fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    /// Puts the file's value into the fields of a key.
    pub fn put_back(&mut self, key: &str) {
        let Some(setting) = self.setting(key) else { return };
        let fields = values::fields(self.app, self.t.lang, setting, &self.app.site_file().value(key));
        let own =
            |name: &str| name == key || name.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        self.typed.0.retain(|(name, _)| !own(name));
        self.typed.0.extend(fields);
    }

    /// What is wanted of every key of this part: where the fields say what the file says, the file's own.
    pub fn wish(&self) -> Wish {
        let wanted = |setting: &Setting| {
            let (value, _) = values::value(self.app, self.t.lang, setting, &self.typed);
            let file = self.app.site_file().value(&setting.key);
            let fields = |value: &Json| values::fields(self.app, self.t.lang, setting, value);
            (setting.key.clone(), (fields(&value) != fields(&file)).then_some(value))
        };
        self.settings.iter().map(wanted).collect()
    }

    /// What would be set if this were saved.
    pub fn overlay(&self) -> Overlay {
        let mut overlay = self.app.set.overlay.clone();
        overlay.0.retain(|key, _| self.app.set.unfit.iter().all(|(unfit, _)| unfit != key));
        for (key, value) in self.wish() {
            match value {
                Some(value) => _ = overlay.0.insert(key, value),
                None => _ = overlay.0.remove(&key),
            }
        }
        overlay
    }

    /// Every setting with its controls.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn shown(&self, problems: &[Problem]) -> Result<Vec<Shown>> {
        let pictures = self.typed.0.iter().filter(|(name, _)| name.ends_with(".src"));
        let addresses: Vec<String> = pictures.map(|(_, src)| src.trim().to_owned()).collect();
        let drawing = Drawing { form: self, thumbs: thumbs(self.app, &addresses).await?, problems };
        Ok(self.settings.iter().map(|setting| drawing.shown(setting)).collect())
    }
}

struct Drawing<'a> {
    form: &'a Form<'a>,
    thumbs: HashMap<String, String>,
    problems: &'a [Problem],
}

impl Drawing<'_> {
    fn shown(&self, setting: &Setting) -> Shown {
        let (app, key) = (self.form.app, &setting.key);
        let file = app.site_file().value(key);
        let origin = match app.set.overlay.0.contains_key(key) {
            true if file.is_null() => Origin::Here(self.form.t.settings.file_silent.to_owned()),
            true => Origin::Here(fill(self.form.t.settings.file_says, short(&text(&file)))),
            false if file.is_null() => Origin::Shipped,
            false => Origin::File,
        };
        let unfit = app.set.unfit.iter().find(|(unfit, _)| unfit == key);
        Shown {
            key: key.clone(),
            label: setting.label.clone(),
            fields: self.fields(setting),
            origin,
            unfit: unfit
                .map(|(_, problem)| fill(self.form.t.settings.unfit, self.form.t.reason(&problem.reason))),
        }
    }

    fn fields(&self, setting: &Setting) -> Vec<FieldView> {
        let key = &setting.key;
        let single = |widget| vec![self.field(setting, key.clone(), setting.label.clone(), widget)];
        match &setting.control {
            Control::Line { kind: "colour", placeholder } => {
                let more = vec![("placeholder", placeholder.clone()), ("data-colour", String::new())];
                single(self.input(
                    key,
                    "text",
                    [more, vec![("dir", "ltr".into()), ("spellcheck", "false".into())]].concat(),
                ))
            }
            Control::Line { kind, placeholder } => {
                let direction = if matches!(*kind, "text") { "auto" } else { "ltr" };
                let mut attributes = vec![("dir", direction.to_owned())];
                if !placeholder.is_empty() {
                    attributes.push(("placeholder", placeholder.clone()));
                }
                single(self.input(key, kind, attributes))
            }
            Control::Needed => single(self.input(key, "text", vec![("dir", "auto".into())])),
            Control::Text | Control::Lines | Control::Types => {
                single(self.area(key, matches!(setting.control, Control::Lines)))
            }
            Control::Choice(options) => single(self.choice(key, options)),
            Control::Tick => {
                let part = Part {
                    label: self.form.t.settings.yes.to_owned(),
                    ..self.part(key, setting.label.as_str())
                };
                single(Widget::Ticks { parts: vec![part] })
            }
            Control::Picture => {
                let part = self.part(&format!("{key}.src"), self.form.t.settings.link_href);
                let thumb = self.thumbs.get(part.value.trim()).cloned();
                single(Widget::Picture { picture: Picture { name: key.clone(), parts: vec![part], thumb } })
            }
            Control::Parts(parts) => {
                let parts = parts.iter().map(|(part, label)| self.part(&format!("{key}.{part}"), label));
                single(Widget::Parts { parts: parts.collect() })
            }
            Control::Rows { parts, by_language: false } => single(self.rows(key, parts)),
            Control::Rows { parts, by_language: true } => {
                self.in_languages(setting, |name| self.rows(name, parts))
            }
            Control::ByLanguage => self.in_languages(setting, |name| self.area(name, false)),
        }
    }

    fn in_languages(&self, setting: &Setting, widget: impl Fn(&str) -> Widget) -> Vec<FieldView> {
        let app = self.form.app;
        let many = app.site.locales.len() > 1;
        let field = |code: String| {
            let name = format!("{}.{code}", setting.key);
            let language = app.site.locale(&code).map_or(code.as_str(), |locale| locale.label.as_str());
            let label = match many {
                true => fill(&fill(self.form.t.settings.in_language, &setting.label), language),
                false => setting.label.clone(),
            };
            let widget = widget(&name);
            self.field(setting, name, label, widget)
        };
        languages(app).into_iter().map(field).collect()
    }

    fn field(&self, setting: &Setting, name: String, label: String, widget: Widget) -> FieldView {
        let required = matches!(setting.control, Control::Needed);
        let errors = self.errors(setting, &name);
        FieldView { errors, label, help: setting.help.clone(), required, widget, name }
    }

    /// What is wrong with a field. A problem of a row stands at its list, and says which row.
    fn errors(&self, setting: &Setting, name: &str) -> Vec<String> {
        let (_, places) = values::value(self.form.app, self.form.t.lang, setting, &self.form.typed);
        let about = self.problems.iter().filter(|problem| is_about(problem, &setting.key));
        let own = about.filter_map(|problem| {
            let rest = problem.field.as_deref()?.strip_prefix(&setting.key)?.strip_prefix('.');
            let row = rest.and_then(|rest| rest.split('.').next()?.parse::<usize>().ok());
            let said = self.form.t.sentence(&problem.reason);
            let Some(place) = row.and_then(|row| places.get(row)) else {
                // Of the whole list: once, at the first of its fields.
                let first = self.first_name(setting);
                return (name == first).then_some(said);
            };
            let numbered = place
                .row
                .map_or(said.clone(), |row| format!("{}: {said}", fill(self.form.t.settings.row, row)));
            (place.name == name).then_some(numbered)
        });
        own.collect()
    }

    fn first_name(&self, setting: &Setting) -> String {
        match setting.control {
            Control::Rows { by_language: true, .. } | Control::ByLanguage => {
                format!("{}.{}", setting.key, self.form.app.site.default_locale().code)
            }
            _ => setting.key.clone(),
        }
    }

    fn input(&self, name: &str, kind: &'static str, mut attributes: Vec<(&'static str, String)>) -> Widget {
        attributes.push(("autocomplete", "off".to_owned()));
        Widget::Input { kind, value: self.form.typed.get(name).to_owned(), attributes }
    }

    fn area(&self, name: &str, is_latin: bool) -> Widget {
        let direction = if is_latin { "ltr" } else { "auto" };
        let attributes = vec![("dir", direction.to_owned())];
        Widget::TextArea { value: self.form.typed.get(name).to_owned(), attributes, long: false }
    }

    fn choice(&self, name: &str, options: &[(String, String)]) -> Widget {
        let typed = self.form.typed.get(name);
        let option = |(value, label): &(String, String)| Choice {
            value: value.clone(),
            label: label.clone(),
            chosen: value == typed,
        };
        let mut options: Vec<Choice> = options.iter().map(option).collect();
        // What the file says and nobody offers stays until somebody chooses otherwise.
        if !typed.is_empty() && !options.iter().any(|option| option.chosen) {
            options.push(Choice { value: typed.to_owned(), label: typed.to_owned(), chosen: true });
        }
        Widget::Select { options }
    }

    fn part(&self, name: &str, label: &str) -> Part {
        let value = self.form.typed.get(name).to_owned();
        Part { name: name.to_owned(), label: label.to_owned(), value, long: false, rare: false, offers: None }
    }

    /// What is there, and an empty row to go on with.
    fn rows(&self, name: &str, parts: &[RowPart]) -> Widget {
        let row = |number: u32| {
            let part = |part: &RowPart| Part {
                long: part.holds == super::sections::Holds::Lines,
                offers: part.offers,
                ..self.part(&format!("{name}.{number}.{}", part.key), part.label)
            };
            let parts = parts.iter().map(part).collect();
            FieldRow { number, picture: Picture { name: format!("{name}.{number}"), parts, thumb: None } }
        };
        let numbers = row_numbers(&self.form.typed, name);
        let free = numbers.last().map_or(0, |last| last.saturating_add(1));
        let mut rows: Vec<FieldRow> = numbers.into_iter().map(row).collect();
        if rows.last().is_none_or(|last| !last.picture.is_empty()) {
            rows.push(row(free));
        }
        Widget::Rows { rows, pictures: false }
    }
}
