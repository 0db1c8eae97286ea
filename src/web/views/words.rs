//! The words of the interface, in the languages the engine speaks.

use super::When;
use super::search_words::SearchWords;
use crate::clock::Time;
use crate::schema::show_date;

/// Every word that a public template prints by itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    pub skip: &'static str,
    pub menu: &'static str,
    pub languages: &'static str,
    pub breadcrumbs: &'static str,
    pub footer: &'static str,
    pub by: &'static str,
    /// The heading of who wrote an article, for one and for several.
    pub about_author: &'static str,
    pub about_authors: &'static str,
    /// Between two names of a list, spaces included.
    pub comma: &'static str,
    pub published: &'static str,
    pub updated: &'static str,
    pub on_this_page: &'static str,
    pub topics: &'static str,
    pub part_of: &'static str,
    pub previous_part: &'static str,
    pub next_part: &'static str,
    pub related: &'static str,
    pub latest: &'static str,
    pub facts: &'static str,
    pub address: &'static str,
    pub telephone: &'static str,
    pub website: &'static str,
    pub hours: &'static str,
    pub days: &'static str,
    pub times: &'static str,
    pub time_zone: &'static str,
    /// Whether a place is open.
    pub(super) standing: super::standing::StandingWords,
    pub show_on_map: &'static str,
    pub services: &'static str,
    pub gallery: &'static str,
    pub questions: &'static str,
    pub photo: &'static str,
    /// Before the name of the site's publisher.
    pub published_by: &'static str,
    /// Before the name of who made a picture.
    pub made_by: &'static str,
    pub license: &'static str,
    pub get_license: &'static str,
    pub email: &'static str,
    pub legal_name: &'static str,
    pub also_known_as: &'static str,
    pub founded: &'static str,
    pub vat_id: &'static str,
    pub register_id: &'static str,
    pub elsewhere: &'static str,
    pub pages: &'static str,
    pub previous_page: &'static str,
    pub next_page: &'static str,
    pub page: &'static str,
    pub nothing_yet: &'static str,
    pub feed: &'static str,
    /// `{}` stands for what there is many of.
    all: &'static str,
    pub home: &'static str,
    pub places_to_go: &'static str,
    pub reference: &'static str,
    pub search: &'static SearchWords,
    pub nearby: &'static str,
    /// Lists that an entry stands on.
    pub found_in: &'static str,
    /// The same list below other hubs.
    pub other_hubs: &'static str,
    /// The form of a listing.
    pub narrow: &'static str,
    pub any: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub show_results: &'static str,
    pub show_all: &'static str,
    pub nothing_found: &'static str,
    /// `{}` stands for the title.
    pub(super) browse: &'static str,
    pub(super) more_in: &'static str,
    /// Whether a noun is written small within a line, and has a plural after a number.
    pub(super) nouns: Nouns,
    /// `{}` stands for the number.
    minutes_one: &'static str,
    minutes_many: &'static str,
    part: &'static str,
    page_of: &'static str,
    /// Of the language, as `schema` knows its calendar by.
    code: &'static str,
    digits: [char; 10],
    not_found: ErrorWords,
    gone: ErrorWords,
    refused: ErrorWords,
    broken: ErrorWords,
    away: ErrorWords,
}

/// How a language counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nouns {
    /// `40 places`.
    SmallWithPlural,
    /// The singular stands after every number.
    Singular,
}

/// What an error page says.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorWords {
    pub title: &'static str,
    pub text: &'static str,
}

impl Words {
    /// The words for a language: its own where the engine has them, English otherwise.
    pub fn of(lang: &str) -> &'static Words {
        let language = lang.split(['-', '_']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("fa") { &PERSIAN } else { &ENGLISH }
    }

    /// The day of an instant, by UTC, for machines and for readers of the language.
    pub fn when(&self, at: Time) -> When {
        When { datetime: at.rfc3339(), label: show_date(at.date(), self.code) }
    }

    /// A number in the digits of the language.
    pub fn number(&self, number: u32) -> String {
        self.digits(&number.to_string())
    }

    /// Text with its digits as the language writes them.
    pub(super) fn digits(&self, text: &str) -> String {
        let digit = |c: char| c.to_digit(10).map_or(c, |value| self.digits[value as usize]);
        text.chars().map(digit).collect()
    }

    /// `40 places`: a number with the label of a type.
    pub fn counted(&self, count: i64, one: &str, many: &str) -> String {
        let label = match self.nouns {
            Nouns::SmallWithPlural if count == 1 => one.to_lowercase(),
            Nouns::SmallWithPlural => many.to_lowercase(),
            Nouns::Singular => one.to_owned(),
        };
        format!("{} {label}", self.number(u32::try_from(count).unwrap_or(u32::MAX)))
    }

    /// The heading of a hub's landing pages.
    pub fn browse(&self, title: &str) -> String {
        self.browse.replace("{}", title)
    }

    pub fn more_in(&self, title: &str) -> String {
        self.more_in.replace("{}", title)
    }

    pub fn minutes(&self, minutes: &u32) -> String {
        let words = if *minutes == 1 { self.minutes_one } else { self.minutes_many };
        words.replace("{}", &self.number(*minutes))
    }

    /// The way to all of a kind: `All places`.
    pub fn all(&self, many: &str) -> String {
        let mut letters = many.chars();
        // `Places` becomes `places`, an abbreviation stays.
        let small = match (letters.next(), letters.next()) {
            (Some(first), Some(second)) if second.is_lowercase() => {
                first.to_lowercase().chain(many.chars().skip(1)).collect()
            }
            _ => many.to_owned(),
        };
        self.all.replace("{}", &small)
    }

    /// Which part of a series this is.
    pub fn part(&self, part: &u32, of: &u32) -> String {
        fill(self.part, &self.number(*part), &self.number(*of))
    }

    pub fn page_of(&self, page: &u32, last: &u32) -> String {
        fill(self.page_of, &self.number(*page), &self.number(*last))
    }

    /// The words of an error page: 404, 410 and 503 have their own, others those of their class.
    pub fn error(&self, status: &u16) -> &ErrorWords {
        match status {
            404 => &self.not_found,
            410 => &self.gone,
            503 => &self.away,
            500.. => &self.broken,
            _ => &self.refused,
        }
    }
}

/// Puts two numbers into a phrase, in order.
fn fill(phrase: &str, first: &str, second: &str) -> String {
    phrase.replacen("{}", first, 1).replacen("{}", second, 1)
}

impl Default for &'static Words {
    fn default() -> &'static Words {
        &ENGLISH
    }
}

pub static ENGLISH: Words = Words {
    skip: "Skip to the content",
    menu: "Main menu",
    languages: "Languages",
    breadcrumbs: "Breadcrumbs",
    footer: "About this site",
    by: "By",
    about_author: "About the author",
    about_authors: "About the authors",
    comma: ", ",
    published: "Published",
    updated: "Updated",
    on_this_page: "On this page",
    topics: "Topics",
    part_of: "Part of",
    previous_part: "Previous part",
    next_part: "Next part",
    related: "Read next",
    latest: "Latest articles",
    facts: "At a glance",
    address: "Address",
    telephone: "Telephone",
    website: "Website",
    hours: "Opening hours",
    days: "Days",
    times: "Open",
    time_zone: "Time zone",
    standing: super::standing::ENGLISH,
    show_on_map: "Show on the map",
    services: "Services",
    gallery: "Pictures",
    questions: "Questions and answers",
    photo: "Picture",
    published_by: "Published by",
    made_by: "Made by",
    license: "Licence",
    get_license: "How to license it",
    email: "E-mail",
    legal_name: "Legal name",
    also_known_as: "Also known as",
    founded: "Founded",
    vat_id: "VAT number",
    register_id: "Register number",
    elsewhere: "Elsewhere",
    pages: "Pages",
    previous_page: "Previous page",
    next_page: "Next page",
    page: "Page",
    nothing_yet: "There is nothing here yet.",
    feed: "Feed",
    all: "All {}",
    home: "Home page",
    places_to_go: "Where to go from here",
    reference: "Reference",
    search: &super::search_words::ENGLISH,
    nearby: "Nearby",
    found_in: "In these lists",
    other_hubs: "Elsewhere",
    narrow: "Narrow this list",
    any: "Any",
    yes: "Yes",
    no: "No",
    show_results: "Show",
    show_all: "Show everything",
    nothing_found: "Nothing fits this choice.",
    browse: "Browse {}",
    more_in: "More in {}",
    nouns: Nouns::SmallWithPlural,
    minutes_one: "{} min read",
    minutes_many: "{} min read",
    part: "part {} of {}",
    page_of: "Page {} of {}",
    code: "en",
    digits: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    not_found: ErrorWords {
        title: "Page not found",
        text: "Nothing has this address. It may be mistyped, or the link that led here may be old.",
    },
    gone: ErrorWords {
        title: "This page is gone",
        text: "What stood here was taken down for good, and nothing has taken its place.",
    },
    refused: ErrorWords {
        title: "That request could not be read",
        text: "The address or the form that was sent is not one this site understands.",
    },
    broken: ErrorWords {
        title: "Something broke on our side",
        text: "It is not your doing, and it has been noted. Trying again in a moment may help.",
    },
    away: ErrorWords {
        title: "Back in a moment",
        text: "The site is busy or being looked after. Please try again in a minute.",
    },
};

pub static PERSIAN: Words = Words {
    skip: "پرش به متن",
    menu: "فهرست اصلی",
    languages: "زبان‌ها",
    breadcrumbs: "مسیر صفحه",
    footer: "درباره‌ی این سایت",
    by: "نوشته‌ی",
    about_author: "درباره‌ی نویسنده",
    about_authors: "درباره‌ی نویسندگان",
    comma: "، ",
    published: "انتشار",
    updated: "به‌روزرسانی",
    on_this_page: "در این صفحه",
    topics: "موضوع‌ها",
    part_of: "از مجموعه‌ی",
    previous_part: "بخش پیشین",
    next_part: "بخش بعدی",
    related: "خواندنی‌های مرتبط",
    latest: "تازه‌ترین نوشته‌ها",
    facts: "در یک نگاه",
    address: "نشانی",
    telephone: "تلفن",
    website: "وب‌سایت",
    hours: "ساعت‌های کار",
    days: "روزها",
    times: "ساعت",
    time_zone: "منطقه‌ی زمانی",
    standing: super::standing::PERSIAN,
    show_on_map: "نمایش روی نقشه",
    services: "خدمات",
    gallery: "تصویرها",
    questions: "پرسش و پاسخ",
    photo: "تصویر",
    published_by: "ناشر:",
    made_by: "کار",
    license: "پروانهٔ استفاده",
    get_license: "گرفتن پروانه",
    email: "ایمیل",
    legal_name: "نام حقوقی",
    also_known_as: "نام‌های دیگر",
    founded: "بنیان‌گذاری",
    vat_id: "شناسهٔ مالیاتی",
    register_id: "شمارهٔ ثبت",
    elsewhere: "جاهای دیگر",
    pages: "صفحه‌ها",
    previous_page: "صفحه‌ی پیشین",
    next_page: "صفحه‌ی بعدی",
    page: "صفحه‌ی",
    nothing_yet: "هنوز چیزی در این بخش نیست.",
    feed: "خوراک",
    all: "همه‌ی {}",
    home: "صفحه‌ی نخست",
    places_to_go: "از این‌جا به کجا برویم",
    reference: "شناسه",
    search: &super::search_words::PERSIAN,
    nearby: "در همین نزدیکی",
    found_in: "در این فهرست‌ها",
    other_hubs: "در جاهای دیگر",
    narrow: "محدود کردن فهرست",
    any: "همه",
    yes: "بله",
    no: "خیر",
    show_results: "نمایش",
    show_all: "نمایش همه",
    nothing_found: "چیزی با این انتخاب پیدا نشد.",
    browse: "گشتی در {}",
    more_in: "بیشتر در {}",
    nouns: Nouns::Singular,
    minutes_one: "{} دقیقه خواندن",
    minutes_many: "{} دقیقه خواندن",
    part: "بخش {} از {}",
    page_of: "صفحه‌ی {} از {}",
    code: "fa",
    digits: ['۰', '۱', '۲', '۳', '۴', '۵', '۶', '۷', '۸', '۹'],
    not_found: ErrorWords {
        title: "صفحه پیدا نشد",
        text: "چیزی با این نشانی نداریم. شاید نشانی اشتباه نوشته شده یا پیوندی که شما را آورده کهنه است.",
    },
    gone: ErrorWords {
        title: "این صفحه برداشته شده است",
        text: "آنچه این‌جا بود برای همیشه برداشته شده و چیزی جای آن را نگرفته است.",
    },
    refused: ErrorWords {
        title: "درخواست خوانده نشد",
        text: "نشانی یا فرمی که فرستاده شد برای این سایت فهمیدنی نیست.",
    },
    broken: ErrorWords {
        title: "خطایی از سوی ما رخ داد",
        text: "تقصیر شما نیست و خطا ثبت شده است. شاید اگر کمی بعد دوباره تلاش کنید درست شود.",
    },
    away: ErrorWords {
        title: "به‌زودی برمی‌گردیم",
        text: "سایت شلوغ یا در دست رسیدگی است. لطفاً یک دقیقه‌ی دیگر دوباره تلاش کنید.",
    },
};
