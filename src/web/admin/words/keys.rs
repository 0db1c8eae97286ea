//! What is said of the keyboard.

words! {
    Keys, ENGLISH_KEYS;
    title: "Keys";
    close: "Close";
    button: "Keys";
    palette: "Search or go to";
    palette_hint: "A page, a list, or words to look for";
    palette_list: "Where to";
    none: "Nothing fits.";
    search_in: "Search in {} for";
    single: "Keys without Ctrl are on";
    to_palette: "Go anywhere";
    to_search: "Search this list";
    to_new: "Begin a new entry of this list";
    to_next: "The next row";
    to_previous: "The row before";
    to_save: "Save the draft";
    to_preview: "Preview";
    to_revisions: "Revisions";
    to_help: "Show this list";
}

impl Keys {
    /// Every key, and what it does.
    pub fn list(&self) -> [(&'static str, &'static str); 9] {
        [
            ("Ctrl K", self.to_palette),
            ("Ctrl S", self.to_save),
            ("/", self.to_search),
            ("n", self.to_new),
            ("j", self.to_next),
            ("k", self.to_previous),
            ("p", self.to_preview),
            ("h", self.to_revisions),
            ("?", self.to_help),
        ]
    }
}
