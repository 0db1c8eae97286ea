//! What is said of finding and being found: lists and their filters, the tree, search results, and the check
//! of a page.

use crate::seo::review::What;
use crate::web::appearance::TakenFrom;

words! {
    Finding, ENGLISH_FINDING;
    tree: "Tree";
    tree_reason: "What stands below what, by address. Moving an entry moves everything below it.";
    tree_empty: "Nothing stands below it.";
    tree_above: "Above it";
    edit: "Edit";
    move_it: "Move";
    move_title: "Move {}";
    move_reason: "Nothing changes before you have seen every address that would.";
    move_slug: "a slug is needed: the last part of the address";
    move_slug_help: "The last part of the address.";
    move_above_help: "What its address begins with: a name with its number such as Tehran #42.";
    move_look: "Show what would move";
    move_go: "Move all of it";
    move_stays: "Nothing would move: it is there already.";
    move_unpublished: "it has unpublished changes, which a move would publish by the way; publish them first, or make an earlier revision the draft";
    views: "Lists kept";
    view_keep: "Keep this list";
    view_send: "Keep it";
    view_forget: "Forget the list";
    sort: "Order";
    sort_newest: "the newest first";
    sort_title: "by title";
    sort_by: "by {}, the most first";
    filters: "Filters and columns";
    filters_help: "Filters look at what readers see: drafts that were never published are in no field's index.";
    filter_any: "any";
    filter_number: "“{}” names no entry by its number, such as Tehran #42; choose one of the list.";
    filter_unknown: "Nothing can be found by this.";
    columns: "More columns";
    tick: "Choose";
    bulk: "With what is ticked";
    bulk_do: "Do";
    bulk_all: "with all that match, not only this page";
    bulk_send: "Go on";
    bulk_publish: "Publish";
    bulk_unpublish: "Take off the site";
    bulk_trash: "Move to the trash";
    bulk_restore: "Take back as drafts";
    bulk_set: "Set: {}";
    bulk_add: "Add: {}";
    bulk_one: "Name one entry.";
    bulk_ordered: "entries without this number are not in the list: order it by title or by newest before doing this to all of it";
    bulk_count: "Entries this is done to: {}";
    bulk_progress: "{} of {} done, {} not done.";
    bulk_running: "This goes on by itself; you may leave this page.";
    bulk_again: "See how far it is";
    bulk_undo: "Undo: take them out of the trash";
    bulk_became: "What became of it";
    bulk_done: "done";
    bulk_not_done: "not done";
    cancel: "Cancel";
    back_list: "To the list";
    first_page: "To the first page";
    next_page: "Next page";
    appearance: "Search appearance";
    appearance_of: "Search appearance of {}";
    appearance_reason: "All of this is read from the page as it will be, drawn from the draft. Results are cut where a page of results has no more room; no search engine promises to show exactly this.";
    appearance_more: "Where title, description and address come from";
    result: "In search results";
    result_desktop: "On a wide screen";
    result_phone: "On a phone";
    width_of: "{} of {} px";
    card: "As a shared link";
    check: "Check of the page";
    check_clean: "Nothing is wrong or missing.";
    check_counts: "{} errors, {} warnings, {} hints.";
    level_error: "error";
    level_warning: "warning";
    level_hint: "hint";
    stops: "stops publishing";
    mend: "Mend it:";
    taken: "taken";
    cascade_title: "Where the title comes from";
    cascade_description: "Where the description comes from";
    cascade_help: "The first of these that says anything is taken.";
    from_entry: "This entry: what was written for search results";
    from_type: "Its type's template";
    from_site: "The site's template";
    from_summary: "The summary";
    from_beginning: "The beginning of the text";
    from_nothing: "What it is and where, because nobody wrote a word";
    canonical_is: "Canonical address";
    robots_is: "Crawlers are told";
    robots_free: "nothing: they may read, show and follow everything.";
    robots_closed: "Nothing of this site is indexed, because its environment is not production.";
    languages: "In other languages (hreflang)";
    languages_none: "There is no other language that may be found.";
    moves_title: "What publishing moves";
    moves_count: "{} addresses change; {} of them are known to readers, and each of those leads to its new one with a 301.";
    moves_more: "And {} more.";
    moves_from: "From";
    moves_to: "To";
    mend_board: "Pages to mend";
    mend_none: "The check found nothing wrong on pages that were published here.";
    mend_counts: "{} errors, {} warnings";
    found_title_missing: "The page has no title.";
    found_title_long: "The title is cut off in results.";
    found_title_duplicate: "Another page has the same title.";
    found_description_missing: "Nobody wrote a description, a summary or a text; results say this instead.";
    found_description_long: "The description is cut off in results.";
    found_description_duplicate: "Another page describes itself with the same words.";
    found_heading_top: "The page should have one heading of the first level.";
    found_heading_skipped: "A level of headings is left out.";
    found_heading_empty: "A heading says nothing.";
    found_alt_missing: "A picture does not say what it shows.";
    found_link_missing: "A link leads to nothing.";
    found_link_gone: "A link leads to what was taken off the site.";
    found_link_unpublished: "A link leads to what is not published.";
    found_link_redirected: "A link takes a detour.";
    found_link_empty: "A link has no words.";
    found_picture_missing: "A picture is not there.";
    found_picture_small: "The picture is too small for wide previews, which want 1,200 pixels across.";
    found_picture_heavy: "A picture is heavy, and no smaller width of it is there.";
    found_picture_unsized: "The size of a picture is not known, so the page jumps when it arrives.";
    found_card_picture: "Shared links have no picture.";
    found_structured_required: "Structured data lacks what search engines require.";
    found_structured_recommended: "Structured data lacks what search engines recommend.";
    found_text_thin: "There are few words; the number of them:";
    found_text_duplicate: "Another page begins with the same words.";
    found_orphan: "Nothing on the site leads here.";
    found_only_listed: "Nothing but a list leads here:";
    found_not_indexed: "Search engines are told not to show this page.";
    done_unpublished_yet: "Saved, but not published yet.";
    done_stopped: "Saved, but not published: the check names what has to be mended first.";
    done_view: "The list is kept. Its link stands above.";
    done_unview: "The list is forgotten. Its entries are as they were.";
    done_moved: "Moved. Every old address leads to its new one.";
    job_check_page: "Look at a published page";
    job_bulk: "Go on with many entries";
}

impl Finding {
    /// What a query key `done` stands for.
    pub fn done(&self, key: &str) -> Option<&'static str> {
        Some(match key {
            "stopped" => self.done_stopped,
            "unpublished_yet" => self.done_unpublished_yet,
            "view" => self.done_view,
            "unview" => self.done_unview,
            "moved" => self.done_moved,
            _ => return None,
        })
    }

    /// What a job does.
    pub fn job<'a>(&self, kind: &'a str) -> &'a str {
        match kind {
            "check_page" => self.job_check_page,
            "bulk" => self.job_bulk,
            other => other,
        }
    }

    /// Where a line of the head comes from.
    pub fn taken_from(&self, from: TakenFrom) -> &'static str {
        match from {
            TakenFrom::Entry => self.from_entry,
            TakenFrom::Type => self.from_type,
            TakenFrom::Site => self.from_site,
            TakenFrom::Summary => self.from_summary,
            TakenFrom::Beginning => self.from_beginning,
            TakenFrom::Nothing => self.from_nothing,
        }
    }

    /// What the check of a page found.
    pub fn found(&self, what: What) -> &'static str {
        match what {
            What::TitleMissing => self.found_title_missing,
            What::TitleLong => self.found_title_long,
            What::TitleDuplicate => self.found_title_duplicate,
            What::DescriptionMissing => self.found_description_missing,
            What::DescriptionLong => self.found_description_long,
            What::DescriptionDuplicate => self.found_description_duplicate,
            What::HeadingTop => self.found_heading_top,
            What::HeadingSkipped => self.found_heading_skipped,
            What::HeadingEmpty => self.found_heading_empty,
            What::AltMissing => self.found_alt_missing,
            What::LinkMissing => self.found_link_missing,
            What::LinkGone => self.found_link_gone,
            What::LinkUnpublished => self.found_link_unpublished,
            What::LinkRedirected => self.found_link_redirected,
            What::LinkEmpty => self.found_link_empty,
            What::PictureMissing => self.found_picture_missing,
            What::PictureSmall => self.found_picture_small,
            What::PictureHeavy => self.found_picture_heavy,
            What::PictureUnsized => self.found_picture_unsized,
            What::CardPicture => self.found_card_picture,
            What::StructuredRequired => self.found_structured_required,
            What::StructuredRecommended => self.found_structured_recommended,
            What::TextThin => self.found_text_thin,
            What::TextDuplicate => self.found_text_duplicate,
            What::Orphan => self.found_orphan,
            What::OnlyListed => self.found_only_listed,
            What::NotIndexed => self.found_not_indexed,
        }
    }
}
