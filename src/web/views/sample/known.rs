//! What is known of the sample's pictures, film and publisher.

use super::Pen;
use crate::schema::ImageRights;
use crate::web::views::{Fact, FactValue, Publisher, Video};

pub fn rights(pen: &Pen) -> ImageRights {
    ImageRights {
        creator: pen.some("Leila Rad", "لیلا راد"),
        copyright: pen.some("© 2026 Leila Rad", "© لیلا راد"),
        license: Some("https://creativecommons.org/licenses/by/4.0/".to_owned()),
        license_page: Some(pen.same("#licence")),
    }
}

pub fn publisher(pen: &Pen) -> Publisher {
    Publisher {
        name: pen.t("Plane Tree Press", "نشر چنار"),
        description: pen.some("A small publisher.", "ناشری کوچک."),
        address: vec![pen.t("12 Valiasr Street", "خیابان ولیعصر، شماره‌ی ۱۲"), pen.t("Tehran", "تهران")],
        facts: vec![Fact::text(pen.t("VAT number", "شناسهٔ مالیاتی"), "IR123456")],
    }
}

pub fn opened(pen: &Pen) -> Fact {
    let text = pen.t("1 March 1927", "۹ اسفند ۱۳۰۵");
    Fact::new(pen.t("Opened", "گشایش"), FactValue::Time { machine: "1927-03-01".to_owned(), text })
}

pub fn film(pen: &Pen) -> Fact {
    let film = Video {
        href: "https://www.youtube.com/watch?v=dQw4w9WgXcQ".to_owned(),
        rel: "external noopener".to_owned(),
        title: pen.t("The arcade in four minutes", "راسته در چهار دقیقه"),
        duration: Some("4:13".to_owned()),
        uploaded: pen.when("2026-03-01T00:00:00Z"),
        description: pen.some("From the first shutter to the last tea.", "از کرکره‌ی اول تا چای آخر."),
    };
    Fact::new(pen.t("A film", "یک فیلم"), FactValue::Video(film))
}
