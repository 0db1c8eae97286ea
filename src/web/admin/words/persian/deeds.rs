//! What was done, in Persian.

use super::super::deeds::Deeds;
use super::addresses::ADDRESSES;
use super::machine::MACHINE;
use super::reviews::REVIEWS;
use super::settings::SETTINGS;

pub(super) static DEEDS: Deeds = Deeds {
    known: &[
        ("save_draft", "ذخیره کرد"),
        ("publish", "منتشر کرد"),
        ("unpublish", "از سایت برداشت"),
        ("trash", "در زباله‌دان انداخت"),
        ("restore", "بازگرداند"),
        ("move", "جابه‌جا کرد"),
        ("schedule", "زمان‌بندی کرد"),
        ("schedule_failed", "نتوانست طبق زمان‌بندی منتشر کند"),
        ("landing", "صفحهٔ فهرستی را به‌روز کرد"),
        ("sign_in", "وارد شد"),
        ("create_user", "کاربری ساخت"),
        ("set_role", "نقش کاربری را تغییر داد"),
        ("set_password", "گذرواژه‌ای گذاشت"),
        ("give_link", "به کاربری پیوند داد"),
        ("ask_link", "پیوندی برای کاربری فرستاد"),
        ("change_account", "حساب خود را تغییر داد"),
        ("second_factor_on", "ورود دومرحله‌ای را روشن کرد"),
        ("second_factor_off", "ورود دومرحله‌ای را برداشت"),
        ("recovery_codes", "کدهای بازیابی تازه ساخت"),
        ("disable_user", "به کاربری دیگر راه نداد"),
        ("enable_user", "کاربری را دوباره راه داد"),
        ("retry_jobs", "کارهایی را دوباره به راه انداخت"),
        ("store_media", "تصویری آورد"),
        ("describe_picture", "تصویری را توضیح داد"),
        ("redirect", "تغییر مسیری افزود"),
        ("remove_redirect", "تغییر مسیری را برداشت"),
        ("rule", ADDRESSES.did_rule),
        ("ignore_not_found", ADDRESSES.did_ignore),
        ("watch_not_found", ADDRESSES.did_watch),
        ("share_draft", REVIEWS.did_share),
        ("unshare_draft", REVIEWS.did_unshare),
        ("review_ask", REVIEWS.did_ask),
        ("review_withdraw", REVIEWS.did_withdraw),
        ("review_comment", REVIEWS.did_comment),
        ("review_approve", REVIEWS.did_approve),
        ("review_return", REVIEWS.did_return),
        ("purge", MACHINE.did_purge),
        ("save_settings", SETTINGS.did),
        ("forget_job", "کاری را فراموش کرد"),
    ],
    other: "کاری کرد:",
    before_title: ":",
};
