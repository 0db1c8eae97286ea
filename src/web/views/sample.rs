//! A page of every kind for the tests and for the eye: filled, bare, and in Persian.

mod around;
mod facts;
mod known;
mod search;

use std::collections::HashMap;

use askama::Template;

use crate::clock::Time;
use crate::seo::JsonLd;
use crate::text::SafeHtml;
use crate::text::markdown::{Author, Options, render};
use crate::web::views::*;
use around::{around, landing, listing};
use facts::{facts, faq, hours};
use known::{publisher, rights};

/// Puts text into the samples: what a page says in its language, or what a test wants there.
pub struct Pen<'a> {
    pub lang: &'static str,
    pub write: &'a dyn Fn(&str) -> String,
}

impl Pen<'_> {
    fn fa(&self) -> bool {
        self.lang == "fa"
    }

    fn t(&self, english: &str, persian: &str) -> String {
        (self.write)(if self.fa() { persian } else { english })
    }

    fn some(&self, english: &str, persian: &str) -> Option<String> {
        Some(self.t(english, persian))
    }

    fn same(&self, text: &str) -> String {
        (self.write)(text)
    }

    fn words(&self) -> &'static Words {
        Words::of(self.lang)
    }

    fn link(&self, english: &str, persian: &str) -> Link {
        Link::new(self.same("#there"), self.t(english, persian))
    }

    fn when(&self, date: &str) -> Option<When> {
        Time::parse(date).map(|at| self.words().when(at))
    }

    fn html(&self, english: &str, persian: &str) -> SafeHtml {
        let images = HashMap::from([("a.png".to_owned(), (1200, 800))]);
        let options = Options { author: Author::Staff, rtl: self.fa(), images: &images };
        render(if self.fa() { persian } else { english }, &options).html
    }

    fn picture(&self, file: &str, width: u32, height: u32) -> Picture {
        Picture {
            srcset: Some(format!("/media/{file}-320.webp 320w, /media/{file} {width}w")),
            src: self.same(file),
            alt: self.t("Shutters going up along the arcade", "باز شدن کرکره‌ها در راسته‌ی بازار"),
            width: Some(width),
            height: Some(height),
            caption: self.some("The arcade at seven in the morning.", "راسته‌ی بازار در ساعت هفت صبح."),
            credit: self.some("Leila Rad, CC BY 4.0", "لیلا راد، CC BY 4.0"),
            rights: rights(self),
        }
    }
}

/// Every page, by name. Each is filled to the last field.
pub fn pages(pen: &Pen) -> Vec<(&'static str, String)> {
    let pages: Vec<(&'static str, Box<dyn Rendered>)> = vec![
        ("home", Box::new(home(pen))),
        ("article", Box::new(article(pen))),
        ("page", Box::new(plain(pen))),
        ("profile", Box::new(profile(pen))),
        ("place", Box::new(place(pen))),
        ("hub", Box::new(hub(pen))),
        ("service", Box::new(service(pen))),
        ("taxonomy", Box::new(taxonomy(pen))),
        ("series", Box::new(TaxonomyPage { first_number: Some(11), ..taxonomy(pen) })),
        ("listing", Box::new(listing(pen))),
        ("search", Box::new(search::found(pen))),
        ("search-nothing", Box::new(search::nothing(pen))),
        ("landing", Box::new(landing(pen))),
        ("error-404", Box::new(error(pen, 404))),
        ("error-410", Box::new(error(pen, 410))),
        ("error-500", Box::new(error(pen, 500))),
        ("error-503", Box::new(error(pen, 503))),
    ];
    pages.into_iter().map(|(name, page)| (name, page.html())).collect()
}

/// Every page with nothing but what it can't do without.
pub fn bare_pages() -> Vec<(&'static str, String)> {
    let shell = || Shell {
        lang: "en".to_owned(),
        site_name: "Atlas".to_owned(),
        home_href: "/".to_owned(),
        head: Head { title: "Bare".to_owned(), ..Head::default() },
        ..Shell::default()
    };
    let title = || "Bare".to_owned();
    let pages: Vec<(&'static str, Box<dyn Rendered>)> = vec![
        ("home", Box::new(HomePage { shell: shell(), title: title(), ..HomePage::default() })),
        ("article", Box::new(ArticlePage { shell: shell(), title: title(), ..ArticlePage::default() })),
        ("page", Box::new(PageLayout { shell: shell(), title: title(), ..PageLayout::default() })),
        ("profile", Box::new(ProfilePage { shell: shell(), title: title(), ..ProfilePage::default() })),
        ("place", Box::new(PlacePage { shell: shell(), title: title(), ..PlacePage::default() })),
        ("hub", Box::new(HubPage { shell: shell(), title: title(), ..HubPage::default() })),
        ("service", Box::new(ServicePage { shell: shell(), title: title(), ..ServicePage::default() })),
        ("taxonomy", Box::new(TaxonomyPage { shell: shell(), title: title(), ..TaxonomyPage::default() })),
        ("listing", Box::new(ListingPage { shell: shell(), title: title(), ..ListingPage::default() })),
        ("search", Box::new(SearchPage { shell: shell(), ..SearchPage::default() })),
        ("landing", Box::new(LandingPage { shell: shell(), title: title(), ..LandingPage::default() })),
        ("error-404", Box::new(ErrorPage { shell: shell(), status: 404, ..ErrorPage::default() })),
    ];
    pages.into_iter().map(|(name, page)| (name, page.html())).collect()
}

/// A template that was rendered twice, to the same text.
trait Rendered {
    fn html(&self) -> String;
}

impl<T: Template> Rendered for T {
    fn html(&self) -> String {
        let html = self.render().expect("a page of plain values renders");
        assert_eq!(html, self.render().expect("and renders again"));
        html
    }
}

fn shell(pen: &Pen) -> Shell {
    let locale = |lang: &str, label: &str| LocaleLink {
        href: pen.same("#language"),
        label: pen.same(label),
        lang: lang.to_owned(),
        current: lang == pen.lang,
    };
    Shell {
        lang: pen.lang.to_owned(),
        site_name: pen.t("Plane Tree", "چنار"),
        site_tagline: pen.some(
            "A guide to the cities of Iran, by people who live in them.",
            "راهنمای شهرهای ایران، از زبان کسانی که در آن‌ها زندگی می‌کنند.",
        ),
        published_by: pen.some("Plane Tree Press", "نشر چنار"),
        home_href: pen.same("home.html"),
        search_href: pen.same("search.html"),
        menu: vec![
            pen.link("Articles", "نوشته‌ها").current(true),
            pen.link("Cities", "شهرها"),
            pen.link("Places", "جاها"),
            pen.link("People", "آدم‌ها"),
            pen.link("Services", "خدمات"),
        ],
        logo: Some(Logo {
            src: pen.same("favicon.svg"),
            alt: pen.t("Plane Tree", "چنار"),
            width: 32,
            height: 32,
        }),
        footer_text: pen.some("Printed nowhere, kept up daily.", "چاپ نمی‌شود، هر روز تازه می‌شود."),
        social: vec![pen.link("Mastodon", "ماستودون")],
        footer: vec![pen.link("About us", "درباره‌ی ما"), pen.link("Write to us", "برای ما بنویسید")],
        locales: vec![locale("en", "English"), locale("fa", "فارسی")],
        crumbs: vec![
            Crumb { href: Some(pen.same("#home")), label: pen.t("Home", "خانه") },
            Crumb { href: Some(pen.same("#up")), label: pen.t("Tehran", "تهران") },
            Crumb { href: None, label: pen.t("Café Naderi", "کافه نادری") },
        ],
        published: pen.when("2026-03-01T09:00:00Z"),
        updated: pen.when("2026-03-04T09:00:00Z"),
        publisher: Some(publisher(pen)),
        head: head(pen),
        css: vec!["site.css".to_owned()],
        faces: vec!["face.woff2".to_owned()],
        icons: IconLinks {
            svg: Some(pen.same("/favicon.svg")),
            theme_light: pen.same("#fdfdfe"),
            theme_dark: pen.same("#0b0f2e"),
            manifest: pen.same("/site.webmanifest"),
        },
        t: pen.words(),
    }
}

fn head(pen: &Pen) -> Head {
    Head {
        title: pen.t("Café Naderi · Plane Tree", "کافه نادری · چنار"),
        description: pen.t("Coffee under the plane trees since 1927.", "قهوه زیر درختان چنار از سال ۱۳۰۶."),
        canonical: Some(pen.same("https://plane-tree.test/tehran/cafe-naderi")),
        robots: Some(pen.same("max-image-preview:large")),
        alternates: vec![("en".to_owned(), pen.same("https://plane-tree.test/tehran/cafe-naderi"))],
        prev: Some(pen.same("?page=1")),
        next: Some(pen.same("?page=3")),
        feeds: vec![Feed {
            href: pen.same("/feed.xml"),
            title: pen.t("Plane Tree", "چنار"),
            mime: "application/atom+xml".to_owned(),
        }],
        og: vec![
            ("og:title".to_owned(), pen.t("Café Naderi", "کافه نادری")),
            ("twitter:card".to_owned(), pen.same("summary_large_image")),
        ],
        verification: vec![("google-site-verification".to_owned(), pen.same("a-b_c="))],
        json_ld: Some(JsonLd::new(&serde_json::json!({ "name": pen.t("Café Naderi", "کافه نادری") }))),
        counter: Some(Counter {
            src: pen.same("https://stats.example.org/js/script.js"),
            data: vec![("domain", pen.same("example.org"))],
        }),
    }
}

fn cards(pen: &Pen, pictures: bool) -> Vec<Card> {
    let texts = [
        (
            "A morning in the bazaar of Tabriz",
            "یک صبح در بازار تبریز",
            "Twenty-eight vaulted lanes, one breakfast, and the man who repairs samovars.",
            "بیست و هشت راسته‌ی سرپوشیده، یک صبحانه، و مردی که سماور تعمیر می‌کند.",
        ),
        (
            "Where Isfahan swims in August",
            "اصفهان در مرداد کجا شنا می‌کند",
            "The river is dry, the pools are not.",
            "رودخانه خشک است، استخرها نه.",
        ),
        (
            "Barbers who also sing",
            "سلمانی‌هایی که آواز هم می‌خوانند",
            "Three chairs in Rasht, and a radio that has been on since 1979.",
            "سه صندلی در رشت، و رادیویی که از سال ۱۳۵۷ روشن است.",
        ),
        (
            "Night buses, ranked",
            "اتوبوس‌های شب از بد تا خوب",
            "By legroom, tea and the driver's taste in film.",
            "بر پایه‌ی جای پا، چای و سلیقه‌ی راننده در فیلم.",
        ),
    ];
    let card = |(i, (title, title_fa, summary, summary_fa)): (usize, &(&str, &str, &str, &str))| Card {
        href: pen.same("article.html"),
        title: pen.t(title, title_fa),
        summary: pen.some(summary, summary_fa),
        kicker: pen.some("City life", "زندگی شهری"),
        date: pen.when("2026-03-01T09:00:00Z"),
        image: (pictures && i != 3).then(|| Picture {
            caption: None,
            credit: None,
            rights: Default::default(),
            ..pen.picture(["a.png", "b.png", "c.png"][i % 3], 1200, 800)
        }),
        ..Card::default()
    };
    let mut cards: Vec<Card> = texts.iter().enumerate().map(card).collect();
    let (english, persian, summary, summary_fa) = texts[2];
    let foreign = &mut cards[2];
    foreign.lang = Some(if pen.fa() { "en" } else { "fa" }.to_owned());
    foreign.title = pen.t(persian, english);
    foreign.summary = pen.some(summary_fa, summary);
    cards
}

fn section(pen: &Pen, english: &str, persian: &str, pictures: bool) -> Section {
    Section {
        kind: "place".to_owned(),
        title: pen.t(english, persian),
        cards: cards(pen, pictures),
        room: None,
        more: Some(pen.link("All of them", "دیدن همه")),
    }
}

fn pagination(pen: &Pen) -> Option<Pagination> {
    Pagination::new(6, 18, pen.words(), |page| format!("?page={page}"))
}

fn home(pen: &Pen) -> HomePage {
    let lead = cards(pen, true).remove(0);
    HomePage {
        shell: Shell { crumbs: Vec::new(), ..shell(pen) },
        title: pen.t("The cities of Iran, street by street", "شهرهای ایران، خیابان به خیابان"),
        summary: pen.some(
            "Where to eat, who cuts hair well, what to read before you go.",
            "کجا غذا بخوریم، چه کسی خوب مو کوتاه می‌کند، پیش از رفتن چه بخوانیم.",
        ),
        lead: Some(lead),
        latest: cards(pen, true),
        latest_more: Some(pen.link("All articles", "همه‌ی نوشته‌ها")),
        sections: vec![section(pen, "Places", "جاها", false), section(pen, "People", "آدم‌ها", true)],
    }
}

fn article(pen: &Pen) -> ArticlePage {
    let markdown =
        if pen.fa() { include_str!("sample/article.fa.md") } else { include_str!("sample/article.en.md") };
    let images = HashMap::from([("a.png".to_owned(), (1200, 800))]);
    let rendered = render(markdown, &Options { author: Author::Staff, rtl: pen.fa(), images: &images });
    let outline = rendered.outline.iter();
    ArticlePage {
        shell: shell(pen),
        title: pen.t("A morning in the bazaar of Tabriz", "یک صبح در بازار تبریز"),
        summary: pen.some(
            "Twenty-eight vaulted lanes, one breakfast, and the man who repairs samovars.",
            "بیست و هشت راسته‌ی سرپوشیده، یک صبحانه، و مردی که سماور تعمیر می‌کند.",
        ),
        authors: vec![pen.link("Leila Rad", "لیلا راد"), pen.link("سامان کیا", "Saman Kia")],
        published: pen.when("2026-03-01T09:00:00Z"),
        updated: pen.when("2026-05-17"),
        minutes: Some(rendered.minutes),
        cover: Some(pen.picture("a.png", 1200, 800)),
        outline: outline
            .map(|item| Heading { id: item.id.clone(), text: item.title.clone(), level: item.level })
            .collect(),
        body: rendered.html,
        facts: facts(pen).drain(..2).collect(),
        categories: vec![pen.link("City life", "زندگی شهری"), pen.link("Markets", "بازارها")],
        tags: vec![pen.link("tea", "چای"), pen.link("crafts", "صنایع دستی")],
        series: Some(SeriesPlace {
            series: pen.link("Before noon", "پیش از ظهر"),
            part: Some((2, 5)),
            previous: Some(pen.link("Dawn at the fish market of Bushehr", "سپیده‌دم در بازار ماهی بوشهر")),
            next: Some(pen.link("Barbers who also sing", "سلمانی‌هایی که آواز هم می‌خوانند")),
        }),
        about_authors: vec![AuthorBox {
            href: pen.same("profile.html"),
            name: pen.t("Leila Rad", "لیلا راد"),
            summary: pen.some("Writes about markets and mornings.", "از بازارها و صبح‌ها می‌نویسد."),
            portrait: Some(pen.picture("a.png", 400, 500)),
            profiles: vec![Link::new(pen.same("https://books.example/leila"), pen.same("books.example"))],
        }],
        related: cards(pen, true),
    }
}

fn plain(pen: &Pen) -> PageLayout {
    PageLayout {
        shell: shell(pen),
        title: pen.t("About us", "درباره‌ی ما"),
        summary: pen.some("Who writes this, and why.", "چه کسانی این‌ها را می‌نویسند، و چرا."),
        updated: pen.when("2026-05-17"),
        cover: Some(pen.picture("b.png", 1200, 800)),
        outline: vec![
            Heading { id: "who".to_owned(), text: pen.t("Who we are", "ما که هستیم"), level: 2 },
            Heading { id: "why".to_owned(), text: pen.t("Why", "چرا"), level: 3 },
        ],
        body: pen.html(
            "## Who we are {#who}\n\nFour people and a tram.\n\n### Why {#why}\n\nBecause.",
            "## ما که هستیم {#who}\n\nچهار نفر و یک قطار.\n\n### چرا {#why}\n\nچون.",
        ),
        facts: facts(pen),
        sections: vec![section(pen, "Pages below", "صفحه‌های زیرین", false)],
    }
}

fn profile(pen: &Pen) -> ProfilePage {
    ProfilePage {
        shell: shell(pen),
        title: pen.t("Leila Rad", "لیلا راد"),
        job: pen.some("Writer and photographer", "نویسنده و عکاس"),
        summary: pen.some("Walks first, asks later.", "اول راه می‌رود، بعد می‌پرسد."),
        portrait: Some(pen.picture("p.png", 800, 1000)),
        facts: facts(pen).drain(..3).collect(),
        body: pen.html("Born in Tabriz, at home in Rasht.", "زاده‌ی تبریز، ساکن رشت."),
        entries_title: pen.t("Articles by Leila Rad", "نوشته‌های لیلا راد"),
        entries: cards(pen, true),
        pagination: pagination(pen),
        sections: vec![section(pen, "Services", "خدمات", false)],
        around: around(pen),
    }
}

fn place(pen: &Pen) -> PlacePage {
    PlacePage {
        shell: shell(pen),
        title: pen.t("Café Naderi", "کافه نادری"),
        kicker: pen.some("Café in Jomhuri, Tehran", "کافه در جمهوری، تهران"),
        summary: pen.some("Coffee under the plane trees since 1927.", "قهوه زیر درختان چنار از سال ۱۳۰۶."),
        address: vec![pen.t("Jomhuri Street, near Si-e Tir", "خیابان جمهوری، نزدیک سی تیر"), pen.t("Tehran", "تهران")],
        telephone: Some(Link::new(pen.same("tel:+982166701872"), pen.same("+98 21 6670 1872"))),
        open_now: Some(OpenNow { open: true, text: pen.t("Open now, until 22:30", "اکنون باز است، تا ساعت ۲۲:۳۰") }),
        hours: Some(hours(pen)),
        website: Some(Link::new(pen.same("https://naderi.example"), pen.same("naderi.example"))),
        geo: Some(Geo::new(35.6964, 51.4231)),
        facts: facts(pen).drain(..2).collect(),
        services: vec![pen.link("Breakfast", "صبحانه"), pen.link("Garden", "حیاط")],
        cover: Some(pen.picture("a.png", 1200, 800)),
        body: pen.html(
            "The waiters wear white jackets and never hurry. Sit in the garden, order the *café glacé*, and stay an hour longer than you meant to.\n\n## Before you go\n\nThe door on the street leads to the bakery; the café is behind it.",
            "پیشخدمت‌ها کت سفید می‌پوشند و هرگز عجله ندارند. در حیاط بنشینید، *کافه‌گلاسه* سفارش بدهید و یک ساعت بیشتر از آنچه می‌خواستید بمانید.\n\n## پیش از رفتن\n\nدرِ رو به خیابان به نانوایی می‌رسد؛ کافه پشت آن است.",
        ),
        gallery: vec![pen.picture("b.png", 1200, 800), pen.picture("c.png", 1200, 800)],
        faq: faq(pen),
        sections: vec![section(pen, "Nearby", "در همین نزدیکی", true)],
        around: around(pen),
    }
}

fn hub(pen: &Pen) -> HubPage {
    HubPage {
        shell: shell(pen),
        title: pen.t("Tehran", "تهران"),
        summary: pen.some("Nine million people on a slope.", "نه میلیون نفر روی یک شیب."),
        cover: Some(pen.picture("c.png", 1200, 800)),
        facts: facts(pen).drain(..3).collect(),
        body: pen.html(
            "North is up, in every sense. Water runs down the *jubs*, and so does the evening crowd.",
            "شمال یعنی بالا، از هر نظر. آب در جوی‌ها پایین می‌رود و جمعیت عصر هم.",
        ),
        sections: vec![section(pen, "Areas", "محله‌ها", false), section(pen, "Places", "جاها", true)],
        pagination: pagination(pen),
        around: around(pen),
    }
}

fn service(pen: &Pen) -> ServicePage {
    ServicePage {
        shell: shell(pen),
        title: pen.t("A shave with hot towels", "اصلاح با حوله‌ی داغ"),
        kicker: pen.some("Barbers", "آرایشگری"),
        summary: pen.some("Twenty minutes, two towels, one story.", "بیست دقیقه، دو حوله، یک داستان."),
        cover: Some(pen.picture("b.png", 1200, 800)),
        facts: facts(pen).drain(..2).collect(),
        body: pen.html("Ask for the *old* razor.", "تیغ *قدیمی* را بخواهید."),
        faq: faq(pen),
        sections: vec![section(pen, "Who does it", "چه کسانی انجام می‌دهند", true)],
        pagination: pagination(pen),
        around: around(pen),
    }
}

fn taxonomy(pen: &Pen) -> TaxonomyPage {
    TaxonomyPage {
        shell: shell(pen),
        title: pen.t("Before noon", "پیش از ظهر"),
        kicker: pen.some("Series", "مجموعه"),
        summary: pen.some("Five cities, five mornings.", "پنج شهر، پنج صبح."),
        cover: None,
        facts: facts(pen).drain(..1).collect(),
        body: pen.html(
            "Each part begins where the first bus stops.",
            "هر بخش از جایی آغاز می‌شود که نخستین اتوبوس می‌ایستد.",
        ),
        children: vec![pen.link("Markets", "بازارها"), pen.link("Breakfast", "صبحانه")],
        first_number: None,
        cards: cards(pen, true),
        pagination: pagination(pen),
        around: around(pen),
    }
}

fn error(pen: &Pen, status: u16) -> ErrorPage {
    ErrorPage {
        shell: Shell { crumbs: Vec::new(), ..shell(pen) },
        status,
        suggestions: vec![pen.link("Café Naderi", "کافه نادری")],
        links: vec![pen.link("Articles", "نوشته‌ها"), pen.link("Cities", "شهرها")],
        request_id: Some(pen.same("0198c1d2-7a51")),
    }
}
