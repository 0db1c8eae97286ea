//! What is said of the keyboard, in Persian.

use super::super::keys::Keys;

pub(super) static KEYS: Keys = Keys {
    title: "کلیدها",
    close: "بستن",
    button: "کلیدها",
    palette: "جست‌وجو یا رفتن به",
    palette_hint: "یک صفحه، یک فهرست، یا واژه‌هایی برای جست‌وجو",
    palette_list: "به کجا",
    none: "چیزی پیدا نشد.",
    search_in: "در {} بگرد دنبال",
    single: "کلیدهای بدون Ctrl روشن باشد",
    to_palette: "رفتن به هر جا",
    to_search: "جست‌وجو در این فهرست",
    to_new: "آغاز مطلبی تازه در این فهرست",
    to_next: "سطر بعدی",
    to_previous: "سطر پیشین",
    to_save: "ذخیرهٔ پیش‌نویس",
    to_preview: "پیش‌نمایش",
    to_revisions: "نسخه‌ها",
    to_help: "نمایش همین فهرست",
};
