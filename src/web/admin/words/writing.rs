//! What is said while somebody writes: pictures, rows, and what scripts add to a form.

use serde_json::{Value as Json, json};

use super::Words;

words! {
    Writing, ENGLISH_WRITING;
    pictures: "Pictures";
    pictures_help: "JPEG, PNG, WebP or GIF, up to 32 MiB each. Where a photo was taken is removed.";
    pictures_empty: "There are no pictures yet. Bring the first ones in.";
    pictures_empty_narrowed: "No picture fits. Search for less.";
    pictures_none_came: "No file came. Choose one first.";
    pictures_choose: "Choose pictures";
    picture_choose: "Choose a picture";
    picture_other: "Choose another picture";
    picture_clear: "Take it out";
    picture_new: "Bring in new pictures";
    picture_send: "Bring them in";
    picture_send_choose: "Bring in and choose";
    picture_search: "Name or description holds";
    picture_came: "Came in {}";
    picture_alt_help: "One sentence for those who don't see it. It is suggested wherever the picture is chosen; where it stands already, the words stay as they are.";
    picture_describe: "Keep this description";
    picture_undescribed: "no description yet";
    picture_unused: "not used";
    picture_used_once: "used once";
    picture_used: "used by {} entries";
    picture_uses: "Where it is used";
    picture_uses_none: "Nowhere that you may see.";
    picture_uses_more: "There are more.";
    chooser_reason: "Nothing is saved yet, and nothing you have written is lost: it comes back with the picture.";
    chooser_back: "Back without one";
    close: "Close";
    picture_drop: "Drop pictures here, or choose files";
    picture_coming: "Coming in: {}";
    picture_failed: "It did not come in. Try again in a moment.";
    picture_alt_now: "One sentence for those who don't see it.";
    picture_insert: "Put it in";
    pictures_take: "Take these";
    row_removed: "The row is gone.";
    gallery_help: "Choose some of the library or bring new ones in, and say what each shows. Rows left empty are left out.";
    rows_help: "Rows left empty are left out.";
    row_add: "One more row";
    row_up: "Up";
    row_down: "Down";
    row_remove: "Remove";
    alt_needed: "say what the picture shows, for those who don't see it";
    image_help: "Choose one of the library or bring a new one in, and say what it shows.";
    cover_help: "It stands on top of the page, in lists, and where the page is shared. Say what it shows, for those who don't see it.";
}

impl Writing {
    /// What scripts say, as JSON.
    pub fn of_scripts(&self, words: &Words) -> Json {
        json!({
            "older": words.older,
            "search": words.search,
            "close": self.close,
            "undo": words.undo,
            "pictures": self.pictures,
            "pictureSearch": self.picture_search,
            "pictureNew": self.picture_new,
            "picturesHelp": self.pictures_help,
            "picturesEmpty": self.pictures_empty,
            "picturesNarrowed": self.pictures_empty_narrowed,
            "pictureChoose": self.picture_choose,
            "pictureOther": self.picture_other,
            "pictureDrop": self.picture_drop,
            "pictureComing": self.picture_coming,
            "pictureFailed": self.picture_failed,
            "pictureAlt": words.part_alt,
            "pictureAltHelp": self.picture_alt_now,
            "pictureInsert": self.picture_insert,
            "picturesTake": self.pictures_take,
            "rowRemoved": self.row_removed,
        })
    }
}
