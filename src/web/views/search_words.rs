//! The words of search.

use super::words::Words;

/// What the search page, the search of the header and suggestions say.
#[derive(Debug, PartialEq, Eq)]
pub struct SearchWords {
    pub title: &'static str,
    /// What a screen reader says of the field.
    pub label: &'static str,
    pub submit: &'static str,
    pub kind: &'static str,
    pub every_kind: &'static str,
    pub city: &'static str,
    pub every_city: &'static str,
    pub nothing_title: &'static str,
    /// What may help, where something narrows the search and where nothing does.
    pub nothing_narrowed: &'static str,
    pub nothing: &'static str,
    pub no_words_title: &'static str,
    pub no_words: &'static str,
    pub too_long_title: &'static str,
    /// The most characters and the most words stand for `{}`.
    too_long: &'static str,
    pub did_you_mean: &'static str,
    pub similar: &'static str,
    /// What was asked for stands for `{}`.
    for_query: &'static str,
    found_one: &'static str,
    found_many: &'static str,
    found_more: &'static str,
}

impl Words {
    /// The title of a page of results.
    pub fn searched(&self, query: &str) -> String {
        self.search.for_query.replacen("{}", query, 1)
    }

    /// How many were found; `more` says that only the best of them are shown.
    pub fn found(&self, count: u32, more: bool) -> String {
        let words = match count {
            _ if more => self.search.found_more,
            1 => self.search.found_one,
            _ => self.search.found_many,
        };
        words.replacen("{}", &self.number(count), 1)
    }

    /// Why so long a question is not asked.
    pub fn too_long(&self, characters: u32, words: u32) -> String {
        let text = self.search.too_long.replacen("{}", &self.number(characters), 1);
        text.replacen("{}", &self.number(words), 1)
    }
}

pub static ENGLISH: SearchWords = SearchWords {
    title: "Search",
    label: "Search this site",
    submit: "Search",
    kind: "Kind",
    every_kind: "Everything",
    city: "City",
    every_city: "Every city",
    nothing_title: "Nothing was found",
    nothing_narrowed: "No page of this kind or city has all of these words. Try fewer or shorter words, or search everywhere.",
    nothing: "No page has all of these words. Try fewer or shorter words, or another spelling.",
    no_words_title: "There is no word in this",
    no_words: "Type letters or numbers to search for.",
    too_long_title: "That is too long to search for",
    too_long: "A search takes at most {} characters and {} words. Keep the most important ones.",
    did_you_mean: "Did you mean",
    similar: "More like this",
    for_query: "Search: {}",
    found_one: "1 result",
    found_many: "{} results",
    found_more: "The best {} results. More words find fewer.",
};

pub static PERSIAN: SearchWords = SearchWords {
    title: "جست‌وجو",
    label: "جست‌وجو در این سایت",
    submit: "بگرد",
    kind: "نوع",
    every_kind: "همه‌چیز",
    city: "شهر",
    every_city: "همه‌ی شهرها",
    nothing_title: "چیزی پیدا نشد",
    nothing_narrowed: "هیچ صفحه‌ای از این نوع یا شهر همه‌ی این واژه‌ها را ندارد. واژه‌های کمتر یا کوتاه‌تری بنویسید یا در همه‌جا بگردید.",
    nothing: "هیچ صفحه‌ای همه‌ی این واژه‌ها را ندارد. واژه‌های کمتر یا کوتاه‌تر یا املای دیگری را بیازمایید.",
    no_words_title: "واژه‌ای در آن نیست",
    no_words: "برای جست‌وجو حرف یا عدد بنویسید.",
    too_long_title: "برای جست‌وجو بیش از اندازه بلند است",
    too_long: "جست‌وجو دست بالا {} نویسه و {} واژه می‌پذیرد. مهم‌ترین‌ها را نگه دارید.",
    did_you_mean: "شاید منظورتان این بود",
    similar: "موارد مشابه",
    for_query: "جست‌وجو: {}",
    found_one: "۱ نتیجه",
    found_many: "{} نتیجه",
    found_more: "{} نتیجه‌ی برتر. با واژه‌های بیشتر نتیجه‌ها کمتر می‌شوند.",
};
