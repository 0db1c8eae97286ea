//! Why something can't be done, in Persian. Whatever is not here is said in English: most of all what only
//! who writes rules, expressions or structured values by hand ever meets.

use super::super::reasons::Reasons;

pub(super) static REASONS: Reasons = Reasons { known: KNOWN, are_foreign: true };

const KNOWN: &[(&str, &str)] = &[
    // Of any field.
    ("is required", "الزامی است"),
    ("is required and has no value; give it a {}", "الزامی است و هنوز خالی است"),
    ("is longer than {} characters", "بیش از {} نویسه دارد"),
    ("has more than {} characters", "بیش از {} نویسه دارد"),
    ("is longer than 2 MiB", "بیش از ۲ مبی‌بایت است"),
    ("has a control character", "نویسهٔ کنترلی دارد"),
    ("has a character that can't be seen", "نویسه‌ای دارد که دیده نمی‌شود"),
    ("holds several lines; one is right here", "چند سطر است؛ این‌جا یک سطر درست است"),
    (
        "is {}; a number such as `1250` or `12.5` is right",
        "برابر {} است؛ عددی مانند \u{2066}1250\u{2069} یا \u{2066}12.5\u{2069} درست است",
    ),
    (
        "is {}; a day such as `2026-03-01` is right",
        "برابر {} است؛ روزی مانند \u{2066}2026-03-01\u{2069} درست است",
    ),
    (
        "is {}; an instant such as `2026-03-01T09:00:00Z` is right",
        "برابر {} است؛ لحظه‌ای مانند \u{2066}2026-03-01T09:00:00Z\u{2069} درست است",
    ),
    (
        "is {}; an address such as `https://example.org/` is right",
        "برابر {} است؛ نشانی‌ای مانند \u{2066}https://example.org/\u{2069} درست است",
    ),
    (
        "is {}; one address such as `name@example.org` is right",
        "برابر {} است؛ یک نشانی مانند \u{2066}name@example.org\u{2069} درست است",
    ),
    (
        "is {} without a country code; `+98 21 6670 1872` is right",
        "برابر {} است و پیش‌شمارهٔ کشور ندارد؛ \u{2066}+98 21 6670 1872\u{2069} درست است",
    ),
    (
        "holds {}; digits, spaces, `-`, `.`, `/` and brackets are right",
        "نویسهٔ {} دارد؛ رقم، فاصله، \u{2066}- . /\u{2069} و کمانک درست است",
    ),
    ("has {} characters; at least {} is right", "{} نویسه دارد؛ دست‌کم {} درست است"),
    ("has {} characters; at most {} is right", "{} نویسه دارد؛ حداکثر {} درست است"),
    ("has {} items; at least {} is right", "{} مورد دارد؛ دست‌کم {} درست است"),
    ("has {} items; at most {} is right", "{} مورد دارد؛ حداکثر {} درست است"),
    ("is {}; at least {} is right", "برابر {} است؛ دست‌کم {} درست است"),
    ("is {}; at most {} is right", "برابر {} است؛ حداکثر {} درست است"),
    (
        "is {}; `LATITUDE,LONGITUDE` such as `35.7,51.4` is right",
        "برابر {} است؛ عرض و طول جغرافیایی مانند \u{2066}35.7,51.4\u{2069} درست است",
    ),
    (
        "is {}; an amount and a currency such as `25 EUR` is right",
        "برابر {} است؛ مبلغ و واحد پول مانند \u{2066}25 EUR\u{2069} درست است",
    ),
    (
        "has the part {}; days and times such as `mo-fr 09:00-18:00` are right",
        "بخش {} را دارد؛ روزها و ساعت‌ها مانند \u{2066}mo-fr 09:00-18:00\u{2069} درست است",
    ),
    ("`{}` is no day with a time", "\u{2066}{}\u{2069} روزی با ساعت نیست"),
    ("`{}` is no absolute http or https URL", "\u{2066}{}\u{2069} نشانی کامل http یا https نیست"),
    (
        "“{}” names no entry by its number; choose one of the list",
        "«{}» مطلبی را با شماره‌اش نام نمی‌برد؛ یکی از فهرست را انتخاب کنید",
    ),
    (
        "“{}” names no entry by its number, such as `Tehran #42`",
        "«{}» مطلبی را با شماره‌اش نام نمی‌برد، مانند \u{2068}تهران #42\u{2069}",
    ),
    ("there is no {} “{}”", "در نوع {} چنین چیزی نیست: «{}»"),
    ("entry {} is no author", "مطلب {} نویسنده نیست"),
    // Of addresses.
    ("can't be made from this title; give one", "از این عنوان ساخته نمی‌شود؛ یکی بنویسید"),
    ("the slug is empty", "نامک خالی است"),
    ("a slug can't start with a dot", "نامک با نقطه آغاز نمی‌شود"),
    ("a slug needs at least one letter or number", "نامک دست‌کم یک حرف یا رقم می‌خواهد"),
    (
        "{} can't be part of a slug; use letters, numbers and hyphens",
        "{} نمی‌تواند در نامک بیاید؛ حرف، رقم و خط تیره به کار ببرید",
    ),
    (
        "is needed for the address and leads to no entry with one",
        "برای نشانی لازم است و به مطلبی نمی‌رسد که نشانی داشته باشد",
    ),
    ("the path {} is taken; choose another slug", "مسیر {} گرفته شده است؛ نامک دیگری انتخاب کنید"),
    ("the path {} is taken by {}; choose another slug", "مسیر {} از آنِ {} است؛ نامک دیگری انتخاب کنید"),
    ("the path {} belongs to {}; choose another slug", "مسیر {} از آنِ {} است؛ نامک دیگری انتخاب کنید"),
    (
        "“{}” was taken off the site; its address changes when it is published again",
        "«{}» از سایت برداشته شده است؛ نشانی‌اش با انتشار دوباره تغییر می‌کند",
    ),
    ("“{}” has unpublished changes; publish them first", "«{}» تغییر منتشرنشده دارد؛ نخست منتشرش کنید"),
    (
        "this is a whole URL; write only its path, such as `/about`",
        "این نشانی کامل است؛ تنها مسیرش را بنویسید، مانند \u{2066}/about\u{2069}",
    ),
    ("the path is empty; the home page is `/`", "مسیر خالی است؛ صفحهٔ نخست \u{2066}/\u{2069} است"),
    (
        "`{}` is neither a path (/…) nor a URL",
        "\u{2066}{}\u{2069} نه مسیر (\u{2066}/…\u{2069}) است و نه نشانی کامل",
    ),
    ("a redirect needs a target", "تغییر مسیر مقصد می‌خواهد"),
    ("a path that is gone (410) has no target", "مسیری که از میان رفته است (410) مقصدی ندارد"),
    ("{} is a live page; a redirect would hide it", "{} صفحه‌ای زنده است؛ تغییر مسیر آن را پنهان می‌کند"),
    ("{} belongs to a page; a redirect would hide it", "{} از آنِ یک صفحه است؛ تغییر مسیر آن را پنهان می‌کند"),
    ("{} is reserved by a draft", "{} را پیش‌نویسی برای خود نگه داشته است"),
    ("say where, or choose another button", "بگویید به کجا، یا دکمهٔ دیگری بزنید"),
    // Of an entry's life.
    (
        "“{}” was saved by somebody else in the meantime: you saw version {}, it is now version {}",
        "«{}» را در این میان کس دیگری ذخیره کرده است: شما نسخهٔ {} را دیدید و اکنون نسخهٔ {} است",
    ),
    (
        "somebody has saved this meanwhile; look at it once more",
        "کسی در این میان این را ذخیره کرده است؛ یک بار دیگر نگاهش کنید",
    ),
    ("“{}” is in the trash; restore it first", "«{}» در زباله‌دان است؛ نخست بازگردانیدش"),
    ("“{}” is in the trash already", "«{}» از پیش در زباله‌دان است"),
    ("“{}” is neither in the trash nor in the archive", "«{}» نه در زباله‌دان است و نه در بایگانی"),
    ("“{}” is not published", "«{}» منتشر نشده است"),
    ("is published already", "از پیش منتشر شده است"),
    ("it is published already", "از پیش منتشر شده است"),
    ("this time has passed", "این زمان گذشته است"),
    ("the end must come after the beginning", "پایان باید پس از آغاز باشد"),
    ("entry {} is not live, so nothing can lead to it", "مطلب {} منتشر نیست، پس چیزی نمی‌تواند به آن برسد"),
    ("choose a day and a time", "روز و ساعتی انتخاب کنید"),
    ("a review is asked for already", "از پیش درخواست بازبینی شده است"),
    ("no review is asked for any more: somebody was faster", "دیگر درخواست بازبینی نیست: کسی زودتر رسید"),
    ("say in a few words what you mean", "با چند واژه بگویید منظورتان چیست"),
    ("is longer than {} bytes; say it in several parts", "بیش از {} بایت است؛ در چند بخش بگوییدش"),
    ("there are {} links already; take one back first", "از پیش {} پیوند هست؛ نخست یکی را پس بگیرید"),
    ("is not one of the numbers to choose from", "یکی از عددهای انتخابی نیست"),
    ("choose what is to be done", "انتخاب کنید چه باید کرد"),
    ("tick at least one entry, or all that match", "دست‌کم یک مطلب را انتخاب کنید، یا همهٔ یافته‌ها را"),
    ("only what was moved to the trash is taken back", "تنها آنچه به زباله‌دان رفته بازگردانده می‌شود"),
    ("nothing of it is in the trash", "چیزی از آن در زباله‌دان نیست"),
    ("takes one alone", "تنها یکی می‌پذیرد"),
    ("a name of {} to {} letters", "نامی از {} تا {} حرف درست است"),
    // Of pictures.
    ("is no PNG, JPEG, GIF, WebP or SVG image", "تصویر PNG، JPEG، GIF، WebP یا SVG نیست"),
    (
        "is a drawing (SVG); a PNG, JPEG, GIF or WebP picture is right",
        "نقاشی برداری (SVG) است؛ تصویر PNG، JPEG، GIF یا WebP درست است",
    ),
    ("is larger than {} MiB", "بیش از {} مبی‌بایت است"),
    ("is a broken image: it ends early", "تصویری خراب است: ناتمام مانده"),
    ("is a broken image: {}", "تصویری خراب است: {}"),
    ("is empty; the address of a picture is right", "خالی است؛ نشانی یک تصویر درست است"),
    ("are more than {} at once", "بیش از {} تا با هم است"),
    // Of people.
    ("is not your present password", "گذرواژهٔ کنونی شما نیست"),
    (
        "was tried too often; try again in {} seconds",
        "بیش از اندازه آزموده شد؛ {} ثانیهٔ دیگر دوباره تلاش کنید",
    ),
    (
        "is shorter than {} characters; a few words in a row are right",
        "کمتر از {} نویسه است؛ چند واژهٔ پشت سر هم درست است",
    ),
    ("is longer than {} bytes", "بیش از {} بایت است"),
    (
        "is one that everybody tries first; a few words in a row are right",
        "از آن‌هاست که همه نخست می‌آزمایند؛ چند واژهٔ پشت سر هم درست است",
    ),
    ("is little more than a name that others know", "چیزی بیش از نامی که دیگران می‌دانند نیست"),
    ("is the address of somebody who is there already", "نشانی کسی است که از پیش این‌جاست"),
    (
        "is not the one that the app shows now; is its clock right?",
        "آن نیست که برنامه اکنون نشان می‌دهد؛ آیا ساعتش درست است؟",
    ),
    ("only an owner makes or changes owners", "تنها مالک می‌تواند مالکی بسازد یا تغییرش دهد"),
    ("{} is the only owner; make another one first", "{} تنها مالک است؛ نخست مالک دیگری بسازید"),
    ("{} may not come in; enable the account first", "{} راه ندارد؛ نخست حساب را فعال کنید"),
    ("{} has no second factor", "{} ورود دومرحله‌ای ندارد"),
    ("a second factor is on already; turn it off first", "ورود دومرحله‌ای از پیش روشن است؛ نخست خاموشش کنید"),
    (
        "owners and administrators of this site need a second factor",
        "مالکان و مدیران این سایت باید ورود دومرحله‌ای داشته باشند",
    ),
    ("your own password is changed under “Your account”", "گذرواژهٔ خود را در «حساب شما» تغییر دهید"),
    (
        "your own second factor is turned off under “Your account”",
        "ورود دومرحله‌ای خود را در «حساب شما» خاموش کنید",
    ),
    (
        "set up your second factor first, under “Your account”; nothing was done",
        "نخست ورود دومرحله‌ای خود را در «حساب شما» راه بیندازید؛ کاری انجام نشد",
    ),
    (
        "this was sent from another site, and nothing was done",
        "این از سایت دیگری فرستاده شده بود و کاری انجام نشد",
    ),
    ("your role does not allow you to {}", "نقش شما اجازهٔ این کار را نمی‌دهد: {}"),
    // Of the log.
    ("is a number, such as 42", "عددی است، مانند ۴۲"),
    ("is a day, such as 2026-03-01", "روزی است، مانند \u{2066}2026-03-01\u{2069}"),
];
