//! Made-up names and texts in several scripts.

use super::dice::Dice;

/// The script of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    English,
    Persian,
    Arabic,
    Japanese,
}

const SYLLABLES: &[&str] = &[
    "ba", "dar", "el", "fi", "gon", "ha", "ir", "jo", "ka", "lin", "mo", "nav", "or", "pel", "qua", "ra",
    "sen", "ti", "ur", "va", "wil", "xan", "yar", "zo", "bren", "cal", "dom", "est", "far", "gel", "hol",
    "isk", "kar", "lum", "mar", "nor", "ost", "per", "ros", "shar", "tor", "ulm", "ver", "wes", "yen", "zar",
    "thal", "mir",
];
const PERSIAN: &[&str] = &[
    "آ", "باد", "تر", "جان", "چم", "خور", "دل", "راد", "زر", "ژا", "سا", "شهر", "فر", "کار", "گل", "لا", "مه",
    "نو", "ور", "هر", "یار", "پر", "سپ", "روز", "بهار", "مان", "شید", "گاه", "وند", "دشت",
];
const ARABIC: &[&str] = &[
    "با", "تم", "جبل", "حسن", "خير", "دار", "رحم", "زين", "سعد", "شمس", "صفا", "ضيا", "طيب", "ظفر", "عمر",
    "غالي", "فرح", "قمر", "كرم", "لطف", "نور", "وفا", "هدى", "يسر",
];
const JAPANESE: &[&str] = &[
    "山", "川", "木", "石", "森", "海", "空", "花", "月", "星", "北", "南", "東", "西", "高", "大", "小",
    "新", "本", "中", "松", "竹", "梅", "桜",
];

const COMMON: &[&str] = &[
    "the", "of", "and", "a", "to", "in", "is", "it", "was", "for", "on", "with", "as", "at", "by", "from",
    "that", "this", "are", "or", "an", "be", "has", "its", "but", "not", "they", "which", "one", "you",
    "had", "their", "there", "were", "all", "we", "when", "who", "more", "if", "so", "out", "up", "about",
    "than", "into", "only", "other", "time", "some", "could", "these", "two", "may", "then", "first", "any",
    "like", "now", "over", "such", "our", "man", "even", "most", "made", "after", "also", "many", "before",
    "must", "through", "years", "where", "much", "way", "well", "down", "should", "because", "each", "just",
    "those", "people", "how", "too", "little", "good", "very", "make", "world", "still", "own", "see", "men",
    "work", "long", "get", "here", "between", "both", "life", "being", "under", "never", "day", "same",
    "another", "know", "while", "last", "might", "us", "great", "old", "year", "off", "come", "since",
    "against", "go",
];
const PLAIN: &[&str] = &[
    "street",
    "garden",
    "window",
    "bread",
    "table",
    "coffee",
    "river",
    "house",
    "room",
    "market",
    "morning",
    "evening",
    "stone",
    "wall",
    "door",
    "light",
    "water",
    "tree",
    "bridge",
    "hill",
    "square",
    "lane",
    "shop",
    "baker",
    "tailor",
    "mason",
    "glass",
    "wood",
    "copper",
    "wool",
    "silk",
    "carpet",
    "tile",
    "brick",
    "roof",
    "court",
    "fountain",
    "basin",
    "kitchen",
    "oven",
    "spice",
    "saffron",
    "rose",
    "mint",
    "tea",
    "sugar",
    "honey",
    "almond",
    "walnut",
    "orange",
    "lemon",
    "grape",
    "fig",
    "date",
    "rice",
    "lamb",
    "fish",
    "soup",
    "salt",
    "oil",
    "paper",
    "ink",
    "book",
    "letter",
    "map",
    "song",
    "drum",
    "dance",
    "winter",
    "summer",
    "spring",
    "autumn",
    "rain",
    "snow",
    "wind",
    "dust",
    "shade",
    "sun",
    "moon",
    "night",
    "hour",
    "bell",
    "train",
    "station",
    "road",
    "bicycle",
    "taxi",
    "ticket",
    "price",
    "queue",
    "visit",
    "guide",
    "neighbour",
    "family",
    "child",
    "owner",
    "master",
    "student",
    "school",
    "museum",
    "gallery",
    "theatre",
    "library",
    "hospital",
    "clinic",
    "salon",
    "barber",
    "mirror",
    "chair",
    "lamp",
    "pillow",
    "blanket",
    "hotel",
    "hostel",
    "guest",
    "key",
    "stair",
    "cellar",
    "tower",
    "dome",
    "arch",
    "gate",
    "corner",
    "view",
    "terrace",
    "balcony",
    "colour",
    "blue",
    "green",
    "white",
    "quiet",
    "busy",
    "cheap",
    "careful",
    "slow",
    "early",
    "late",
    "open",
    "closed",
    "famous",
    "small",
    "narrow",
    "wide",
    "warm",
    "cold",
    "fresh",
    "sweet",
    "bitter",
    "heavy",
    "tender",
    "honest",
];
const PERSIAN_WORDS: &[&str] = &[
    "و",
    "در",
    "به",
    "از",
    "که",
    "این",
    "را",
    "با",
    "است",
    "برای",
    "آن",
    "یک",
    "خود",
    "تا",
    "کرد",
    "بر",
    "هم",
    "نیز",
    "گفت",
    "می‌شود",
    "شهر",
    "خیابان",
    "کوچه",
    "خانه",
    "حیاط",
    "درخت",
    "نان",
    "چای",
    "بازار",
    "صبح",
    "عصر",
    "پنجره",
    "دیوار",
    "سنگ",
    "آب",
    "باغ",
    "رود",
    "پل",
    "میدان",
    "کتاب",
    "نقشه",
    "مسافر",
    "میهمان",
    "فرش",
    "کاشی",
    "مس",
    "زعفران",
    "گلاب",
    "بادام",
    "انار",
    "کوه",
    "کویر",
    "بهار",
    "پاییز",
    "زمستان",
    "کوچک",
    "بزرگ",
    "قدیمی",
    "تازه",
    "آرام",
];
const ARABIC_WORDS: &[&str] = &[
    "في",
    "من",
    "على",
    "إلى",
    "عن",
    "مع",
    "هذا",
    "هذه",
    "التي",
    "الذي",
    "كان",
    "بين",
    "بعد",
    "قبل",
    "كل",
    "مدينة",
    "شارع",
    "بيت",
    "سوق",
    "قهوة",
    "شاي",
    "خبز",
    "حديقة",
    "نافذة",
    "باب",
    "جدار",
    "حجر",
    "ماء",
    "شجرة",
    "صباح",
    "مساء",
    "كتاب",
    "خريطة",
    "ضيف",
    "سجاد",
    "نحاس",
    "قديم",
    "جديد",
    "صغير",
    "هادئ",
];
const JAPANESE_WORDS: &[&str] = &[
    "街",
    "道",
    "家",
    "窓",
    "朝",
    "夕方",
    "喫茶店",
    "市場",
    "庭",
    "石畳",
    "橋",
    "川沿い",
    "本屋",
    "地図",
    "旅人",
    "静かな",
    "古い",
    "新しい",
    "小さな",
    "大きな",
    "お茶",
    "パン",
    "木陰",
    "春",
    "夏",
    "秋",
    "冬",
    "駅",
    "坂",
    "灯り",
];

impl Tongue {
    fn syllables(self) -> &'static [&'static str] {
        match self {
            Tongue::English => SYLLABLES,
            Tongue::Persian => PERSIAN,
            Tongue::Arabic => ARABIC,
            Tongue::Japanese => JAPANESE,
        }
    }

    fn stop(self) -> &'static str {
        if self == Tongue::Japanese { "。" } else { ". " }
    }

    fn space(self) -> &'static str {
        if self == Tongue::Japanese { "" } else { " " }
    }
}

/// A name such as `Lumkarost`.
pub fn name(dice: &mut Dice, tongue: Tongue, syllables: usize) -> String {
    let name: String = (0..syllables).map(|_| dice.pick(tongue.syllables())).collect();
    capital(&name)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Words that are in some texts: a search for one finds hundreds of a million, not all of them.
const SELDOM: usize = 8_000;

/// The word of a number, made of its digits.
fn seldom(mut number: usize, tongue: Tongue) -> String {
    let syllables = tongue.syllables();
    let mut word = String::new();
    for _ in 0..2 {
        word.push_str(syllables[number % syllables.len()]);
        number /= syllables.len();
    }
    if number > 0 {
        word.push_str(syllables[number % syllables.len()]);
    }
    word
}

/// One word of a text: mostly a common one, now and then one that hardly another text has.
fn word(dice: &mut Dice, tongue: Tongue) -> String {
    if dice.percent(2) {
        return name(dice, tongue, 3);
    }
    if dice.percent(40) {
        return seldom(dice.leaning(SELDOM, 2.5), tongue);
    }
    let of: &[&str] = match tongue {
        Tongue::English if dice.percent(45) => COMMON,
        Tongue::English => PLAIN,
        Tongue::Persian => PERSIAN_WORDS,
        Tongue::Arabic => ARABIC_WORDS,
        Tongue::Japanese => JAPANESE_WORDS,
    };
    of[dice.leaning(of.len(), 1.6)].to_owned()
}

/// So many words, the first with a capital.
pub fn phrase(dice: &mut Dice, tongue: Tongue, words: usize) -> String {
    let words: Vec<String> = (0..words).map(|_| word(dice, tongue)).collect();
    capital(&words.join(tongue.space()))
}

/// Sentences of so many words together, or a few more.
pub fn sentences(dice: &mut Dice, tongue: Tongue, words: usize) -> String {
    let mut text = String::with_capacity(words * 7);
    let mut left = words;
    while left > 0 {
        let length = dice.between(6, 16).min(left);
        text.push_str(&phrase(dice, tongue, length));
        text.push_str(tongue.stop());
        left -= length;
    }
    text.truncate(text.trim_end().len());
    text
}

/// A body in Markdown of so many words: paragraphs below headings, a list, and links to entries.
pub fn body(dice: &mut Dice, tongue: Tongue, words: usize, links: &[i64]) -> String {
    let mut text = String::with_capacity(words * 8);
    let mut links = links.iter();
    let mut written = 0;
    while written < words {
        if written >= 120 && dice.percent(40) {
            let length = dice.between(2, 5);
            text.push_str(&format!("## {}\n\n", phrase(dice, tongue, length)));
        }
        let length = dice.between(30, 70).min(words - written).max(5);
        text.push_str(&sentences(dice, tongue, length));
        if let Some(entry) = links.next() {
            text.push_str(&format!(" [{}](entry:{entry})", phrase(dice, tongue, 2)));
        }
        text.push_str("\n\n");
        written += length;
        if written > 200 && dice.percent(12) {
            for _ in 0..dice.between(3, 5) {
                text.push_str(&format!("- {}\n", phrase(dice, tongue, 4)));
            }
            text.push('\n');
            written += 16;
        }
    }
    text
}
