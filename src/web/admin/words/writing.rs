//! What is said while somebody writes: pictures, rows, and what scripts add to a form.

use serde_json::Value as Json;

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
    choices: "To choose from";
    choice_add: "Type to find one…";
    choice_make: "Make “{}”";
    choice_made: "{} is made, as a draft.";
    choice_failed: "It could not be made. Try again in a moment.";
    choice_refused: "It can't be made from its title alone:";
    choices_found: "{} to choose from";
    choices_none: "Nothing fits.";
    style: "Style of the paragraph";
    style_text: "Text";
    style_heading_2: "Heading";
    style_heading_3: "Smaller heading";
    style_heading_4: "Smallest heading";
    tools: "Tools for the text";
    key_control: "Ctrl";
    bold: "Bold";
    italic: "Italic";
    link: "Link";
    link_to: "Where it leads";
    link_help: "Type to find a page of this site, or paste an address. Links to pages of this site follow when those move.";
    link_text: "Words of the link";
    link_wrong: "That is no address, and no page of this site was chosen.";
    picture: "Picture";
    bullets: "List";
    numbers: "Numbered list";
    quote: "Quotation";
    table: "Table";
    table_head: "Column";
    video: "Video";
    video_address: "Address of the video";
    video_help: "A page of YouTube or Vimeo. Readers' browsers ask there only when they press play.";
    video_title: "What it is called";
    video_wrong: "That is no address of YouTube or Vimeo.";
    video_title_needed: "Say what the video is called.";
    callout: "Callout";
    callout_text: "Words that stand out.";
    put_in: "Put it in";
    full_screen: "Full screen";
    plain_text: "Plain text";
    geo_help: "Latitude and longitude, such as 35.70000, 51.40000, or the link of a map: Google, OpenStreetMap, Apple and others.";
    geo_shortened: "is a shortened link, which tells no place; open it, and paste the address of the map it leads to";
    hours_add: "Add days";
    hours_special: "Add special days";
    hours_line: "A line of opening hours";
    hours_from: "From this day";
    hours_to: "To this day";
    hours_opens: "Opens";
    hours_closes: "Closes";
    hours_again: "Opens again";
    hours_closes_again: "Closes again";
    hours_closed: "Closed";
    left: "A newer text of yours, written on {}, was not saved.";
    left_take: "Go on with it";
    left_forget: "Forget it";
    kept: "Kept at {}, not saved yet";
    kept_not: "What you write can't be kept right now. Save it soon.";
    kept_waits: "Not kept while the newer text above waits: go on with it, or forget it.";
    kept_signed_out: "You were signed out. Save to sign in again: nothing you have written is lost.";
    others_open: "{} has this form open as well. Whoever saves second sees both texts.";
    others_open_many: "{} have this form open as well. Whoever saves second sees both texts.";
    word_count: "{} words";
    minutes: "{} min to read";
}

impl Writing {
    /// What scripts say, as JSON.
    pub fn of_scripts(&self, words: &Words) -> Json {
        let said = [
            ("older", words.older),
            ("search", words.search),
            ("close", self.close),
            ("undo", words.undo),
            ("pictures", self.pictures),
            ("pictureSearch", self.picture_search),
            ("pictureNew", self.picture_new),
            ("picturesHelp", self.pictures_help),
            ("picturesEmpty", self.pictures_empty),
            ("picturesNarrowed", self.pictures_empty_narrowed),
            ("pictureChoose", self.picture_choose),
            ("pictureOther", self.picture_other),
            ("pictureDrop", self.picture_drop),
            ("pictureComing", self.picture_coming),
            ("pictureFailed", self.picture_failed),
            ("pictureAlt", words.part_alt),
            ("pictureAltHelp", self.picture_alt_now),
            ("pictureInsert", self.picture_insert),
            ("picturesTake", self.pictures_take),
            ("hoursAdd", self.hours_add),
            ("hoursSpecial", self.hours_special),
            ("hoursLine", self.hours_line),
            ("hoursFrom", self.hours_from),
            ("hoursTo", self.hours_to),
            ("hoursOpens", self.hours_opens),
            ("hoursCloses", self.hours_closes),
            ("hoursAgain", self.hours_again),
            ("hoursClosesAgain", self.hours_closes_again),
            ("hoursClosed", self.hours_closed),
            ("kept", self.kept),
            ("keptNot", self.kept_not),
            ("keptWaits", self.kept_waits),
            ("keptSignedOut", self.kept_signed_out),
            ("othersOpen", self.others_open),
            ("othersOpenMany", self.others_open_many),
            ("rowRemoved", self.row_removed),
            ("preview", words.preview),
            ("choices", self.choices),
            ("choiceAdd", self.choice_add),
            ("choiceMake", self.choice_make),
            ("choiceMade", self.choice_made),
            ("choiceFailed", self.choice_failed),
            ("choicesFound", self.choices_found),
            ("choicesNone", self.choices_none),
            ("style", self.style),
            ("styleText", self.style_text),
            ("styleHeading2", self.style_heading_2),
            ("styleHeading3", self.style_heading_3),
            ("styleHeading4", self.style_heading_4),
            ("tools", self.tools),
            ("keyControl", self.key_control),
            ("bold", self.bold),
            ("italic", self.italic),
            ("link", self.link),
            ("linkTo", self.link_to),
            ("linkHelp", self.link_help),
            ("linkText", self.link_text),
            ("linkWrong", self.link_wrong),
            ("picture", self.picture),
            ("bullets", self.bullets),
            ("numbers", self.numbers),
            ("quote", self.quote),
            ("table", self.table),
            ("tableHead", self.table_head),
            ("video", self.video),
            ("videoAddress", self.video_address),
            ("videoHelp", self.video_help),
            ("videoTitle", self.video_title),
            ("videoWrong", self.video_wrong),
            ("videoTitleNeeded", self.video_title_needed),
            ("callout", self.callout),
            ("calloutText", self.callout_text),
            ("putIn", self.put_in),
            ("fullScreen", self.full_screen),
            ("plainText", self.plain_text),
            ("wordCount", self.word_count),
            ("minutes", self.minutes),
            ("rowUp", self.row_up),
            ("rowRemove", self.row_remove),
        ];
        said.into_iter().map(|(name, text)| (name.to_owned(), Json::from(text))).collect()
    }
}
