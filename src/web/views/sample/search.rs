//! The search page, with results and without.

use super::{Pen, pagination, shell};
use crate::text::search::Piece;
use crate::web::views::{Choice, SearchPage, SearchResult, Shell, Trouble};

pub fn found(pen: &Pen) -> SearchPage {
    let choice = |value: &str, english: &str, persian: &str, chosen| Choice {
        value: pen.same(value),
        label: pen.t(english, persian),
        chosen,
    };
    SearchPage {
        shell: Shell { crumbs: Vec::new(), ..shell(pen) },
        action: pen.same("search.html"),
        q: pen.t("coffee", "قهوه"),
        kinds: vec![choice("article", "Articles", "نوشته‌ها", false), choice("place", "Places", "جاها", true)],
        cities: vec![choice("7", "Tehran", "تهران", false)],
        count: pen.some("2 results", "۲ نتیجه"),
        trouble: None,
        results: vec![result(pen, true), result(pen, false)],
        pagination: pagination(pen),
    }
}

pub fn nothing(pen: &Pen) -> SearchPage {
    SearchPage {
        count: None,
        trouble: Some(Trouble {
            title: pen.t("Nothing was found", "چیزی پیدا نشد"),
            text: pen.t("Try fewer words.", "واژه‌های کمتری بنویسید."),
        }),
        results: Vec::new(),
        pagination: None,
        ..found(pen)
    }
}

fn result(pen: &Pen, marked: bool) -> SearchResult {
    let piece = |english: &str, persian: &str, marked| Piece { text: pen.t(english, persian), marked };
    SearchResult {
        href: pen.same("#there"),
        kind: pen.t("Place", "جا"),
        title: vec![piece("Coffee", "قهوه", marked), piece(" under the trees", " زیر درختان", false)],
        trail: pen.same("iran › tehran"),
        snippet: if marked {
            vec![
                piece("…the ", "…", false),
                piece("coffee", "قهوه", true),
                piece(" of 1927…", "ی سال ۱۳۰۶…", false),
            ]
        } else {
            Vec::new()
        },
    }
}
