use std::cell::Cell;
use std::collections::HashSet;
use std::path::Path;

use super::dom::{Document, Element};
use super::sample::{Pen, bare_pages, pages};
use super::*;
use crate::app::STYLES;
use crate::clock::Time;
use crate::text::Dir;

/// All samples there are, each page named with its language.
fn samples() -> Vec<(String, Document)> {
    let write = |text: &str| text.to_owned();
    let mut all = Vec::new();
    for lang in ["en", "fa"] {
        let named = pages(&Pen { lang, write: &write });
        all.extend(
            named.into_iter().map(|(name, html)| (format!("{name} in {lang}"), Document::parse(&html))),
        );
    }
    all.extend(bare_pages().into_iter().map(|(name, html)| (format!("bare {name}"), Document::parse(&html))));
    all
}

#[test]
fn every_page_closes_what_it_opens() {
    for (name, page) in samples() {
        assert_eq!(page.faults, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_page_has_one_h1_and_headings_in_order() {
    for (name, page) in samples() {
        let heading =
            |element: &Element| element.name.strip_prefix('h').and_then(|rest| rest.parse::<u8>().ok());
        let levels: Vec<u8> = page.elements.iter().filter_map(heading).collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}: {levels:?}");
        assert_eq!(levels.first(), Some(&1), "{name}: {levels:?}");
        for pair in levels.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "{name} skips from h{} to h{}", pair[0], pair[1]);
        }
    }
}

#[test]
fn every_page_has_its_landmarks_and_each_of_several_has_a_name() {
    for (name, page) in samples() {
        for landmark in ["main", "title"] {
            assert_eq!(page.named(landmark).count(), 1, "{name}: {landmark}");
        }
        assert!(page.elements.iter().any(|e| e.class("site-header") && e.name == "header"), "{name}");
        assert!(page.elements.iter().any(|e| e.class("site-footer") && e.name == "footer"), "{name}");
        let labels: Vec<_> = page.named("nav").map(|nav| nav.get("aria-label")).collect();
        assert!(labels.iter().all(|label| label.is_some_and(|text| !text.is_empty())), "{name}: {labels:?}");
        let different: HashSet<_> = labels.iter().collect();
        assert_eq!(different.len(), labels.len(), "{name}: {labels:?}");
        let skip = page.named("a").next().and_then(|link| link.get("href"));
        assert_eq!(skip, Some("#_main"), "{name}: the first link skips to the content");
        assert_eq!(page.named("main").next().and_then(|main| main.get("id")), Some("_main"), "{name}");
    }
}

#[test]
fn ids_are_unique_and_what_refers_to_one_finds_it() {
    for (name, page) in samples() {
        let ids: Vec<&str> = page.elements.iter().filter_map(|element| element.get("id")).collect();
        let different: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(different.len(), ids.len(), "{name}: {ids:?}");
        for element in &page.elements {
            if let Some(id) = element.get("aria-labelledby") {
                assert!(different.contains(id), "{name}: {id}");
            }
        }
    }
}

#[test]
fn nothing_is_inline_that_the_content_security_policy_forbids() {
    for (name, page) in samples() {
        for element in &page.elements {
            assert_ne!(element.name, "style", "{name}");
            if element.name == "script" {
                let is_data = element.get("type") == Some("application/ld+json");
                assert!(is_data || element.get("src").is_some_and(|src| !src.is_empty()), "{name}");
            }
            for (key, _) in &element.attributes {
                assert!(key != "style" && !key.starts_with("on"), "{name}: {key} on {}", element.name);
            }
        }
    }
}

#[test]
fn images_have_their_text_and_size_and_at_most_one_is_urgent() {
    for (name, page) in samples() {
        let mut urgent = 0;
        for (place, image) in page.named("img").filter(|image| !image.class("logo")).enumerate() {
            let of_the_body = image.get("decoding").is_none();
            for key in ["src", "alt", "width", "height"] {
                assert!(image.get(key).is_some(), "{name}: an image without {key}");
            }
            let high = image.get("fetchpriority") == Some("high");
            assert!(!high || place == 0, "{name}: only the first image can be urgent");
            assert!(of_the_body || high != (image.get("loading") == Some("lazy")), "{name}: {image:?}");
            urgent += usize::from(high);
        }
        let any = page.named("img").any(|image| !image.class("logo"));
        assert_eq!(urgent, usize::from(any), "{name}");
    }
}

#[test]
fn the_page_says_its_language_and_direction_and_so_does_what_differs() {
    for (name, page) in samples() {
        let html = page.named("html").next().expect("a page is an html element");
        let dir = if name.ends_with("in fa") { "rtl" } else { "ltr" };
        assert_eq!(html.get("dir"), Some(dir), "{name}");
        for element in page.elements.iter().filter(|e| e.class("card-title") && e.get("lang").is_some()) {
            assert_ne!(element.get("lang"), html.get("lang"), "{name}");
            assert_ne!(element.get("dir"), html.get("dir"), "{name}");
        }
    }
}

/// Whatever a text says, it says it in the same place: a page of hostile texts is the page of plain
/// ones, element by element, text by text.
#[test]
fn hostile_text_comes_back_as_the_same_text() {
    let filled = |text: &str| {
        let slot = Cell::new(0);
        let write = |_: &str| format!("{text}-{}", slot.replace(slot.get() + 1));
        pages(&Pen { lang: "en", write: &write })
            .into_iter()
            .map(|(_, html)| Document::parse(&html))
            .collect()
    };
    let plain: Vec<Document> = filled("plain");
    for hostile in [
        "</title></script><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "<!--<script>",
        "&lt;b&gt; &amp;amp; &#39; &notit; {{ 7*7 }} {% raw %}",
        "]]><svg onload=alert(1)>",
        "\u{202e}\u{2066}<b>\u{2028}`${x}`",
    ] {
        for (page, wanted) in filled(hostile).iter().zip(&plain) {
            assert_eq!(page.faults, Vec::<String>::new());
            assert_eq!(page.contents(), wanted.contents().replace("plain-", &format!("{hostile}-")));
        }
    }
}

#[test]
fn json_ld_comes_back_as_the_same_value() {
    let hostile = "</script><!--<script>\u{2028}&amp;";
    let write = |_: &str| hostile.to_owned();
    for (name, html) in pages(&Pen { lang: "en", write: &write }) {
        let page = Document::parse(&html);
        let script = page.named("script").next().expect("every filled page has JSON-LD");
        let value: serde_json::Value = serde_json::from_str(&script.text).expect("it parses");
        assert_eq!(value, serde_json::json!({ "name": hostile }), "{name}");
    }
}

#[test]
fn pages_of_a_list_are_named_near_the_reader_and_at_both_ends() {
    let labels = |current, last| {
        let pages = Pagination::new(current, last, &ENGLISH, |page| format!("?page={page}"));
        let mark =
            |page: &PageLink| if page.current { format!("[{}]", page.label) } else { page.label.clone() };
        pages.map(|pages| pages.pages.iter().map(mark).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(labels(1, 1), None);
    assert_eq!(labels(1, 0), None);
    assert_eq!(labels(1, 2).unwrap(), "[1] 2");
    assert_eq!(labels(1, 9).unwrap(), "[1] 2 3 … 9");
    assert_eq!(labels(4, 9).unwrap(), "1 2 3 [4] 5 6 … 9");
    assert_eq!(labels(5, 9).unwrap(), "1 2 3 4 [5] 6 7 8 9");
    assert_eq!(labels(6, 18).unwrap(), "1 … 4 5 [6] 7 8 … 18");
    assert_eq!(labels(18, 18).unwrap(), "1 … 16 17 [18]");
    assert_eq!(labels(99, 18).unwrap(), "1 … 16 17 [18]");

    let ends = |current| {
        let pages = Pagination::new(current, 3, &PERSIAN, |page| format!("?page={page}")).unwrap();
        (pages.prev, pages.next, pages.pages[2].label.clone())
    };
    assert_eq!(ends(1), (None, Some("?page=2".to_owned()), "۳".to_owned()));
    assert_eq!(ends(3), (Some("?page=2".to_owned()), None, "۳".to_owned()));
}

#[test]
fn dates_follow_the_calendar_of_the_language() {
    let label = |words: &Words, date: &str| words.when(Time::parse(date).unwrap()).label;
    assert_eq!(label(&ENGLISH, "2026-03-01"), "1 March 2026");
    // Beginnings and ends of years as the calendar centre in Tehran published them.
    for (date, persian) in [
        ("1979-02-11", "۲۲ بهمن ۱۳۵۷"),
        ("2017-03-20", "۳۰ اسفند ۱۳۹۵"),
        ("2017-03-21", "۱ فروردین ۱۳۹۶"),
        ("2021-03-20", "۳۰ اسفند ۱۳۹۹"),
        ("2021-03-21", "۱ فروردین ۱۴۰۰"),
        ("2024-03-20", "۱ فروردین ۱۴۰۳"),
        ("2025-03-20", "۳۰ اسفند ۱۴۰۳"),
        ("2025-03-21", "۱ فروردین ۱۴۰۴"),
        ("2025-09-22", "۳۱ شهریور ۱۴۰۴"),
        ("2025-09-23", "۱ مهر ۱۴۰۴"),
        ("2026-03-01", "۱۰ اسفند ۱۴۰۴"),
    ] {
        assert_eq!(label(&PERSIAN, date), persian, "{date}");
    }
    let mut last = String::new();
    for day in 0..400_i64 {
        let now = label(&PERSIAN, &Time(day * 86_400_000).rfc3339());
        assert_ne!(now, last, "each day has its own date");
        last = now;
    }
}

#[test]
fn directions_follow_the_script() {
    for (lang, dir) in [
        ("en", "ltr"),
        ("fa", "rtl"),
        ("fa-IR", "rtl"),
        ("ar", "rtl"),
        ("he", "rtl"),
        ("ur-PK", "rtl"),
        ("az-Arab-IR", "rtl"),
        ("pa-Arab", "rtl"),
        ("ks-Deva", "ltr"),
        ("ku-Latn", "ltr"),
        ("", "ltr"),
    ] {
        assert_eq!(Dir::of(lang).to_string(), dir, "{lang}");
    }
}

#[test]
fn points_are_named_by_hemisphere_and_shown_on_a_map() {
    let geo = Geo::new(-33.86882, 151.20929);
    assert_eq!(geo.label, "33.86882° S, 151.20929° E");
    assert_eq!(
        geo.map_href,
        "https://www.openstreetmap.org/?mlat=-33.86882&mlon=151.20929#map=17/-33.86882/151.20929"
    );
}

#[test]
fn each_error_has_its_own_words_in_each_language() {
    for words in [&ENGLISH, &PERSIAN] {
        let titles: HashSet<&str> =
            [400, 404, 410, 500, 503].iter().map(|status| words.error(status).title).collect();
        assert_eq!(titles.len(), 5);
        assert_eq!(words.error(&405), words.error(&400));
        assert_eq!(words.error(&502), words.error(&500));
    }
}

/// The style sheets together stay below what one may ask a visitor to wait for.
#[test]
fn style_sheets_are_small_and_fetch_only_our_own_faces() {
    let all = style_sheets();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut gzip, all.as_bytes()).unwrap();
    let size = gzip.finish().unwrap().len();
    assert!(size <= 14 * 1024, "{size} bytes");
    for word in ["@import", "!important", "http:", "https:"] {
        assert!(!all.contains(word), "{word}");
    }
    for word in ["left:", "right:", "margin-top", "padding-left", "text-align: left", "text-align: right"] {
        assert!(!all.contains(word), "{word} knows nothing of right-to-left");
    }
    for after in all.split("url(").skip(1) {
        let name = after.split_once(')').expect("it is closed").0.trim_matches('"');
        let file = Path::new("static").join(name);
        let bytes = std::fs::read(&file).expect("the face is there");
        assert!(name.starts_with("fonts/") && bytes.starts_with(b"wOF2"), "{name}");
        assert!(bytes.len() <= 40 * 1024, "{name} has {} bytes", bytes.len());
        assert!(file.with_file_name("OFL.txt").is_file(), "{name} has no licence beside it");
    }
}

/// WCAG 2.2, 1.4.3: code stands out from what it stands on, in light and in dark. The palettes of
/// text are checked beside `app::site::colour`.
#[test]
fn every_colour_of_code_is_readable_on_every_ground() {
    use crate::app::{Colour, Palette};
    let css = std::fs::read_to_string("static/site/code.css").unwrap();
    for (nth, palette) in [Palette::LIGHT, Palette::DARK].into_iter().enumerate() {
        let colour = |name: &str| {
            let found = css.split(&format!("{name}: ")).nth(nth + 1).expect("both schemes have it");
            Colour::parse(&found[..7]).expect("six digits")
        };
        for name in ["keyword", "string", "number", "comment", "function", "type"] {
            for ground in [palette.paper, palette.shade] {
                let ratio = colour(&format!("--code-{name}")).contrast(ground);
                assert!(ratio >= Palette::LEAST, "{name} on {ground} has {ratio:.2}");
            }
        }
        for name in ["added", "removed"] {
            assert!(palette.ink.contrast(colour(&format!("--code-{name}"))) >= Palette::LEAST, "{name}");
        }
        let base = std::fs::read_to_string("static/site/base.css").unwrap();
        let mark = base.split("--mark: ").nth(nth + 1).and_then(|rest| Colour::parse(&rest[..7])).unwrap();
        assert!(palette.ink.contrast(mark) >= Palette::LEAST, "ink on {mark}");
    }
}

fn style_sheets() -> String {
    let read = |path: &&str| std::fs::read_to_string(Path::new("static").join(path)).expect("it is there");
    STYLES.iter().map(read).collect()
}

/// Writes every sample into `target/pages` for a browser:
/// `cargo test --lib views::tests::write_samples -- --ignored`.
#[test]
#[ignore = "for the eye, not for the machine"]
fn write_samples_for_the_eye() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let write = |text: &str| text.to_owned();
    for lang in ["en", "fa"] {
        let folder = root.join("target/pages").join(lang);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, html) in pages(&Pen { lang, write: &write }) {
            std::fs::write(folder.join(format!("{name}.html")), html).unwrap();
        }
        for (name, html) in bare_pages() {
            std::fs::write(folder.join(format!("bare-{name}.html")), html.replace("</head>", &links()))
                .unwrap();
        }
        let fonts = format!("{}/static/fonts/", root.display());
        std::fs::write(folder.join("site.css"), style_sheets().replace("fonts/", &fonts)).unwrap();
        for (name, (width, height), hue) in
            [("a", (1200, 800), 0_u32), ("b", (1200, 800), 1), ("c", (1200, 800), 2), ("p", (800, 1000), 1)]
        {
            hills(width, height, hue).save(folder.join(format!("{name}.png"))).unwrap();
        }
    }
}

fn links() -> String {
    "<link rel=\"stylesheet\" href=\"site.css\"></head>".to_owned()
}

/// A landscape, so that pictures look like pictures.
fn hills(width: u32, height: u32, hue: u32) -> image::RgbImage {
    let colours = [
        [[214, 226, 224], [150, 176, 172], [92, 128, 124], [44, 78, 80]],
        [[242, 222, 200], [214, 160, 124], [160, 98, 74], [84, 52, 52]],
        [[206, 220, 236], [146, 168, 198], [92, 112, 150], [48, 58, 92]],
    ];
    image::RgbImage::from_fn(width, height, |x, y| {
        let at = |band: f32| {
            let x = x as f32 / width as f32 * 6.3;
            (0.35 + band * 0.2 + 0.08 * (x * (1.0 + band) + band * 2.0).sin() + 0.03 * (x * 3.7 + band).sin())
                * height as f32
        };
        let band = (0..3).rev().find(|band| y as f32 > at(*band as f32)).map_or(0, |band| band + 1);
        image::Rgb(colours[hue as usize][band])
    })
}
