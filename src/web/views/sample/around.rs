//! Hubs' links, the form of a listing and a landing page.

use super::*;

pub(super) fn around(pen: &Pen) -> Around {
    let counted = |en: &str, fa: &str, count: Option<&str>| CountedLink {
        link: pen.link(en, fa),
        count: count.map(str::to_owned),
    };
    Around {
        counts: vec![pen.t("40 places", "۴۰ مکان"), pen.t("12 people", "۱۲ شخص")],
        groups: vec![
            LinkGroup {
                title: pen.t("Browse Tehran", "گشتی در تهران"),
                links: vec![
                    counted("Cafés in Tehran", "کافه‌ها در تهران", Some("12")),
                    counted("Bakeries in Tehran", "نانوایی‌ها در تهران", Some("3")),
                ],
            },
            LinkGroup {
                title: pen.t("Nearby", "در همین نزدیکی"), links: vec![counted("Rey", "ری", None)]
            },
        ],
    }
}

fn form(pen: &Pen) -> FilterForm {
    let option = |value: &str, en: &str, fa: &str| (value.to_owned(), pen.t(en, fa));
    FilterForm {
        action: "/places".into(),
        fields: vec![
            FilterField {
                name: "business_type".into(),
                label: pen.t("Kind of business", "نوع کسب‌وکار"),
                value: "cafe".into(),
                options: vec![option("cafe", "Café", "کافه"), option("bakery", "Bakery", "نانوایی")],
            },
            FilterField { name: "city".into(), label: pen.t("City", "شهر"), ..FilterField::default() },
        ],
        narrowed: true,
    }
}

pub(super) fn landing(pen: &Pen) -> LandingPage {
    LandingPage {
        shell: shell(pen),
        title: pen.t("Cafés in Tehran", "کافه‌ها در تهران"),
        summary: pen.some("Twelve of them, the best known first.", "دوازده کافه، شناخته‌شده‌ترین‌ها نخست."),
        cards: cards(pen, true),
        pagination: pagination(pen),
        around: around(pen),
    }
}

pub(super) fn listing(pen: &Pen) -> ListingPage {
    ListingPage {
        shell: shell(pen),
        title: pen.t("Places", "جاها"),
        summary: pen
            .some("All that we have been to, newest first.", "همه‌ی جاهایی که رفته‌ایم، تازه‌ترین‌ها نخست."),
        cards: cards(pen, true).into_iter().chain(cards(pen, false)).collect(),
        pagination: pagination(pen),
        form: Some(form(pen)),
    }
}
