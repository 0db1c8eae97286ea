//! One fact of each kind of value.

use super::Pen;
use super::known::{film, opened};
use crate::text::SafeHtml;
use crate::web::views::{Fact, FactValue, Hours};

pub fn hours(pen: &Pen) -> Hours {
    Hours {
        rows: vec![
            (
                pen.t("Saturday – Wednesday", "شنبه تا چهارشنبه"),
                pen.t("09:00–13:00, 16:00–22:30", "۹ تا ۱۳ و ۱۶ تا ۲۲:۳۰"),
            ),
            (pen.t("Thursday", "پنجشنبه"), pen.t("09:00–23:00", "۹ تا ۲۳")),
            (pen.t("Friday", "جمعه"), pen.t("closed", "تعطیل")),
        ],
        time_zone: pen.some("Tehran (UTC+3:30)", "تهران (UTC+3:30)"),
    }
}

/// One fact of each kind of value.
pub fn facts(pen: &Pen) -> Vec<Fact> {
    let label = |english: &str, persian: &str| pen.t(english, persian);
    vec![
        Fact::text(label("Founded", "سال تأسیس"), pen.t("1927", "۱۳۰۶")),
        Fact::new(
            label("E-mail", "رایانامه"),
            FactValue::Link {
                href: pen.same("mailto:salaam@example.test"),
                text: pen.same("salaam@example.test"),
                rel: "nofollow".to_owned(),
            },
        ),
        Fact::new(
            label("Quarters", "محله‌ها"),
            FactValue::Links(vec![
                pen.link("Jomhuri", "جمهوری"),
                pen.link("Ferdowsi Square", "میدان فردوسی"),
            ]),
        ),
        Fact::new(
            label("Branch", "شعبه"),
            FactValue::Lines(vec![
                pen.t("12 Valiasr Street", "خیابان ولیعصر، شماره‌ی ۱۲"),
                pen.t("Tehran", "تهران"),
            ]),
        ),
        Fact::new(label("Kitchen", "آشپزخانه"), FactValue::Hours(hours(pen))),
        Fact::new(
            label("Specialities", "ویژه‌ها"),
            FactValue::Html(pen.html("French coffee and **café glacé**.", "قهوه‌ی فرانسه و **کافه‌گلاسه**.")),
        ),
        Fact::new(label("Inside", "درون"), FactValue::Images(vec![pen.picture("b.png", 1200, 800)])),
        opened(pen),
        film(pen),
        Fact::new(label("Asked often", "پرسش‌ها"), FactValue::Questions(faq(pen))),
    ]
}

pub fn faq(pen: &Pen) -> Vec<(String, SafeHtml)> {
    vec![
        (
            pen.t("Do they take cards?", "کارت می‌پذیرند؟"),
            pen.html(
                "Iranian ones, yes. Bring cash otherwise.",
                "کارت‌های ایرانی، بله. وگرنه پول نقد بیاورید.",
            ),
        ),
        (
            pen.t("Is the garden open in winter?", "حیاط در زمستان باز است؟"),
            pen.html("From *Nowruz* to the first rain.", "از *نوروز* تا نخستین باران."),
        ),
    ]
}
