//! What the back office says: all of it here, in every language that it speaks.
//!
//! A word that a language lacks is a word that does not compile: each language is a value of the same
//! structs.

use hyper::header::{ACCEPT_LANGUAGE, HeaderMap};

use crate::account::Language;

/// Declares the words once: those of a part of the back office, and what they are in English.
macro_rules! words {
    ($words:ident, $english:ident $(, $part:ident: $of:ident = $said:ident)*; $($name:ident: $text:literal;)+) => {
        /// Words of the back office in a language.
        #[derive(Debug)]
        pub struct $words {
            $(pub $name: &'static str,)+
            $(pub $part: &'static $of,)*
        }

        pub static $english: $words = $words { $($name: $text,)+ $($part: &$said,)* };

        impl $words {
            /// Every word with its name, to check them by.
            pub fn all(&self) -> Vec<(String, &'static str)> {
                let own = [$((stringify!($name).to_owned(), self.$name)),+].into_iter();
                $(let own = own.chain(self.$part.all().into_iter().map(|(name, text)| {
                    (format!("{}.{name}", stringify!($part)), text)
                }));)*
                own.collect()
            }
        }
    };
}

mod addresses;
mod deeds;
mod finding;
mod keys;
mod lookup;
mod machine;
mod persian;
mod reasons;
mod reviews;
mod settings;
#[cfg(test)]
mod tests;
mod writing;

pub use addresses::AddressWords;
pub use machine::MachineWords;
pub use persian::PERSIAN;
pub use reviews::ReviewWords;
pub use settings::SettingsWords;

use addresses::ADDRESSES;
use deeds::{Deeds, ENGLISH_DEEDS};
use finding::{ENGLISH_FINDING, Finding};
use keys::{ENGLISH_KEYS, Keys};
use machine::MACHINE;
use reasons::{ENGLISH_REASONS, Reasons};
use reviews::REVIEWS;
use settings::SETTINGS;
use writing::{ENGLISH_WRITING, Writing};

words! {
    Words, ENGLISH, addresses: AddressWords = ADDRESSES, deeds: Deeds = ENGLISH_DEEDS,
    finding: Finding = ENGLISH_FINDING, keys: Keys = ENGLISH_KEYS, machine: MachineWords = MACHINE,
    reasons: Reasons = ENGLISH_REASONS, reviews: ReviewWords = REVIEWS, settings: SettingsWords = SETTINGS,
    writing: Writing = ENGLISH_WRITING;
    lang: "en";
    dir: "ltr";
    digits: "0123456789";
    own_name: "English";
    quoted: "“{}”";
    comma: ", ";
    skip: "Skip to content";
    menu: "Sections";
    to_site: "View the site";
    dashboard: "Overview";
    account: "Your account";
    sign_in: "Sign in";
    sign_out: "Sign out";
    email: "Mail address";
    name: "Name";
    name_help: "As others here see it.";
    password: "Password";
    password_help: "At least 12 characters. A few words in a row are easy to keep in mind and hard to guess.";
    current_password: "Present password";
    new_password: "New password";
    change_password: "Change the password";
    password_ends_sessions: "Everywhere else you will be signed out.";
    sign_in_wrong: "This mail address and this password don't belong together.";
    sign_in_wait: "That was tried too often. Try again in {} seconds.";
    forgotten: "Forgotten your password?";
    forgotten_title: "Choose another password";
    forgotten_reason: "Type the mail address that you sign in with. A link to choose another password goes there.";
    forgotten_send: "Send me a link";
    forgotten_sent: "If somebody with this address works here, a link is on its way. It opens once, and for an hour.";
    forgotten_wait: "It may take a minute or two. If nothing comes, look among unwanted mail, or ask whoever let you in.";
    forgotten_back: "To the sign-in";
    code_title: "One more step";
    code: "Code";
    code_help: "The six digits that your app shows now. Without your phone, one of your recovery codes.";
    code_wrong: "This code is not right, or was used already. The app shows another one every thirty seconds.";
    code_back: "Begin again";
    sign_in_again: "You were signed out in the meantime. Sign in to go on: what you have written is kept.";
    go_on: "Go on where you were";
    go_on_reason: "You are signed in again. Nothing you had written is lost: send it now.";
    go_on_send: "Send what I had written";
    welcome_owner: "Welcome: make the owner's account";
    welcome_user: "Welcome: choose a password";
    welcome_owner_reason: "Whoever fills this in owns the site. The link opens nothing after that.";
    welcome_user_reason: "You come in as {}. The link opens nothing after that.";
    welcome_send: "Come in";
    link_used: "This link opens nothing any more";
    link_used_reason: "It was used already, or it is older than three days. Ask for another one. The owner's is printed when the site starts, as long as there is no owner.";
    proof_title: "Is it you?";
    proof_reason: "This is about who gets in, and your password was last asked for more than ten minutes ago. Type it to go on: what you sent is kept.";
    proof_send: "Go on";
    account_you: "You";
    account_email_help: "You sign in with it.";
    account_send: "Save";
    account_language: "Language of the back office";
    account_language_help: "What is here speaks it to you alone. The site keeps its languages.";
    factor: "Second factor";
    factor_reason: "Besides your password, signing in then asks for a code that an app on your phone shows. Whoever learns your password still stays out.";
    factor_required: "Owners and administrators of this site need a second factor. Set it up to go on.";
    factor_begin: "Set it up";
    factor_is_on: "on";
    factor_since: "since {}";
    factor_turn_off: "Turn it off";
    factor_remove: "Take the second factor away";
    factor_title: "Set up your second factor";
    factor_scan: "1. Show it to your app";
    factor_scan_help: "Any app for codes will do (“authenticator”, “TOTP”), and most password managers. Scan this picture with it.";
    factor_picture: "The secret as a QR code; it stands below as text";
    factor_by_hand: "Or type this into the app";
    factor_confirm: "2. Type what it shows";
    factor_confirm_help: "Six digits. It counts from then on, and everywhere else you are signed out.";
    factor_confirm_send: "Turn it on";
    factor_not_now: "Not now";
    recovery_title: "Your recovery codes";
    recovery_reason: "Should your phone be lost, each of these lets you in once instead of a code. Print them, or keep them where you keep passwords.";
    recovery_once: "They are shown only now. Codes from before count no more.";
    recovery_kept: "I have kept them";
    recovery_left: "Recovery codes left: {}";
    recovery_renew: "Make new recovery codes";
    session_halfway: "waits for the code";
    sessions: "Where you are signed in";
    session_this: "here";
    session_browser: "Browser";
    session_since: "Since";
    session_seen: "Last seen";
    session_end: "Sign out there";
    session_unknown: "unknown browser";
    problems: "This needs a change:";
    not_found: "There is nothing here";
    not_found_reason: "What you look for is not there, or not yours to see.";
    denied: "You may not do this";
    conflict: "This does not go together";
    invalid: "This can't be taken as it is";
    unavailable: "The site is busy";
    unavailable_reason: "The database did not answer in time. Nothing was changed; try again in a moment.";
    internal: "Something went wrong";
    internal_reason: "It is our fault, and the log says more. Try again in a moment.";
    back_home: "To the overview";
    section_text: "Text";
    section_fields: "Details";
    section_address: "Address and date";
    section_search: "Search engines";
    title: "Title";
    summary: "Summary";
    summary_help: "Two or three sentences. Lists show them, and search results where no description is given.";
    body: "Text";
    body_help: "Markdown: ## for a heading, - for a list, **bold**, [words](/address). Links to pages of this site follow when those move.";
    cover: "Picture";
    slug: "Slug";
    slug_help: "The last part of the address. Left empty, it is made from the title. When it changes, the old address leads to the new one.";
    parent: "Below";
    parent_help: "The page that this one stands below.";
    authors: "Authors";
    one_a_line: "(one a line)";
    many_help: "One a line: a title, a slug, an address, or a name with its number such as Tehran #42.";
    relation_help: "A title, a slug or an address, or a name with its number such as Tehran #42.";
    offered: "The newest to choose from";
    visibility: "Who sees it";
    visibility_public: "Everybody";
    visibility_unlisted: "Who has the address; it stands in no list and no search engine";
    visibility_private: "Nobody but who is signed in";
    published_at: "Date of publication";
    published_at_help: "The date that readers see, in the time of {}. Left empty, it is the day of the first publication.";
    seo_title: "Title in search results";
    seo_title_help: "Left empty, it is made from the title and the site's name.";
    seo_description: "Description in search results";
    seo_description_help: "Left empty, it is the summary, or the beginning of the text.";
    crawlers: "Crawlers";
    noindex: "Keep it out of search engines";
    nofollow: "Don't follow its links";
    canonical: "Canonical address elsewhere";
    canonical_help: "Only where the same text stands elsewhere and that page is to be found instead of this one.";
    robots: "More for crawlers";
    robots_help: "As the robots tag has it, such as nosnippet, max-image-preview:none.";
    faq: "Questions and answers as structured data";
    faq_by_field: "As the type says";
    yes: "Yes";
    no: "No";
    not_chosen: "–";
    currency_help: "The currency in three letters, such as EUR.";
    address_help: "The country in two letters, such as IR.";
    hours_help: "One part a line: mo-fr 09:00-18:00, sa 10:00-14:00, 2026-03-20..2026-04-02 closed, 24/7.";
    needed: "required";
    more_parts: "Creator, copyright, licence";
    save: "Save as draft";
    save_and_publish: "Save and publish";
    save_and_ask: "Save and ask for a review";
    new_of: "New: {}";
    changed: "unpublished changes";
    moving: "Publishing moves this page: {} will lead to {} with a 301.";
    moving_below: "The addresses of {} entries below it move along.";
    moving_many_below: "The addresses of more than 1,000 entries below it move along.";
    translate: "Translate: {}";
    theirs_title: "Somebody else has saved this meanwhile";
    theirs_reason: "Nothing is lost: what they saved and what you wrote stand side by side, and your text is still in the form. Take over what you need; saving once more replaces theirs, which stays among the revisions.";
    theirs: "Saved meanwhile";
    yours: "Yours";
    preview: "Preview";
    preview_widths: "on a phone";
    revisions: "Revisions";
    revisions_of: "Revisions of {}";
    revision: "Revision {}";
    revision_number: "Number";
    revision_newest: "the draft";
    revision_live: "what readers see";
    compare: "Compare";
    compare_from: "From";
    compare_to: "To";
    compare_title: "Revision {} and revision {}";
    compare_same: "Both say the same.";
    restore_revision: "Make it the draft";
    back_entry: "To the entry";
    life: "What becomes of it";
    schedule: "Schedule";
    schedule_help: "Times are those of";
    schedule_send: "Set the times";
    publish_at: "Publish at";
    unpublish_at: "Take off the site at";
    unpublish: "Take off the site";
    trash: "Move to the trash";
    restore: "Take it back as a draft";
    restore_help: "Its addresses answer as they do now until it is published again.";
    redirect_to: "Lead its readers to";
    redirect_help: "A published entry by its number, such as Tehran #42: its addresses lead there with a 301. Left empty, they say that it is gone (410).";
    archive: "Archive it: kept on purpose, not a draft again";
    undo: "Undo";
    search: "Search";
    search_title: "Words of the title";
    state_label: "State";
    all_states: "All but the trash";
    saved: "Last saved";
    empty: "There is nothing here yet.";
    empty_narrowed: "Nothing fits. Search for less, or choose another state.";
    newest: "To the newest";
    older: "Older";
    drafts: "Drafts";
    drafts_none: "No drafts are waiting.";
    scheduled: "Scheduled";
    scheduled_none: "Nothing is scheduled.";
    recent: "What was done last";
    failed_jobs: "{} jobs failed for good and wait for somebody.";
    trash_page: "Trash";
    trash_reason: "Entries in here keep their addresses, which say that they are gone or lead elsewhere. Open one to take it back.";
    trash_empty: "The trash is empty.";
    jobs: "Jobs";
    jobs_empty: "Nothing waits and nothing failed.";
    job_about: "Work";
    job_when: "Due";
    job_attempt: "Attempt";
    job_retry: "Try again";
    job_forget: "Forget it";
    job_waiting: "waiting";
    job_running: "running";
    job_dead: "failed for good";
    job_schedule: "Publish or take off entry";
    job_prune: "Forget what nobody needs";
    job_audit: "Check the log of what was done";
    job_link: "Send a link to user";
    job_reset: "Send a link for another password to";
    job_index_now: "Tell search engines";
    job_web_sub: "Tell readers of feeds";
    job_variants: "Make widths of a picture";
    log: "What was done";
    log_person: "Person";
    log_deed: "What they did";
    log_all: "All";
    log_entry: "Entry (its number)";
    log_from: "From";
    log_to: "To";
    log_narrow: "Show";
    log_everything: "Show everything";
    log_empty: "Nothing fits. Ask for less, or for other days.";
    log_export: "Take all of it along:";
    chain_unchecked: "Nobody has checked yet whether this log is whole.";
    chain_whole: "Checked {}: all {} lines are as they were written.";
    chain_broken: "Checked {}: somebody has changed this log. The first that does not fit: {}.";
    chain_more: "How it is kept safe";
    chain_reason: "Each line carries a fingerprint of itself and of the line before, so nobody can change, remove or add one later without being found out. It is checked every day. Keep the end of the chain somewhere else: with it, “atlas audit verify” finds out even if the whole log was written anew.";
    chain_head: "The end of the chain now";
    chain_check: "Check now";
    log_what: "Who did what";
    log_when: "When";
    log_detail: "Detail";
    users: "Users";
    role: "Role";
    role_set: "Set";
    role_owner: "owner";
    role_administrator: "administrator";
    role_editor: "editor";
    role_author: "author";
    role_contributor: "contributor";
    role_moderator: "moderator";
    kept_out: "kept out";
    enable: "Let in again";
    disable: "Keep out";
    link_make: "Make a link";
    link_mail: "Send a link";
    link_sent: "A link is on its way to {}. It opens once, and for three days.";
    invite_mail: "Make the account and send the invitation";
    link_title: "A link that opens once";
    link_reason: "send this link to them; they choose a password by it. It is shown only now, opens once, and for three days.";
    link_label: "Link";
    invite: "Let somebody in";
    invite_send: "Make the account and its link";
    somebody: "somebody";
    the_engine: "the engine";
    the_operator: "the command line";
    state_draft: "draft";
    state_scheduled: "scheduled";
    state_published: "published";
    state_archived: "archived";
    state_trashed: "in the trash";
    part_src: "Address";
    part_alt: "What it shows";
    part_caption: "Caption";
    part_credit: "Credit";
    part_creator: "Made by";
    part_copyright: "Copyright";
    part_license: "Licence (web address)";
    part_license_page: "Where to get a licence";
    part_street: "Street and number";
    part_locality: "Town";
    part_region: "Region";
    part_postal_code: "Postal code";
    part_country: "Country";
    part_amount: "Amount";
    part_currency: "Currency";
    part_question: "Question";
    part_answer: "Answer";
    part_url: "Address";
    part_title: "Title";
    part_thumbnail: "Picture of it";
    part_uploaded: "Day it was published (2026-03-01)";
    part_description: "Description";
    part_duration: "How long it runs (12:30)";
    done_saved: "Saved. Readers see it once it is published.";
    done_published: "Published.";
    done_unpublished: "Taken off the site.";
    done_scheduled: "The times are set.";
    done_trashed: "Moved to the trash.";
    done_revised: "That revision is the draft again. Readers see it once it is published.";
    done_pictures: "The pictures are in. Say what each shows, and it is suggested wherever you choose it.";
    done_described: "The description is kept.";
    done_redirect: "The redirect is there.";
    done_unredirect: "The redirect is gone.";
    done_retried: "It is tried again.";
    done_forgotten: "It is forgotten.";
    done_role: "The role is set. They sign in anew.";
    done_disabled: "They are kept out, at once and everywhere.";
    done_enabled: "They may come in again.";
    done_restored: "Taken back as a draft.";
    done_password: "Your password is changed.";
    done_checked: "The log is being checked. What comes of it stands here when this page is loaded again.";
    done_account: "Saved.";
    done_language: "The back office speaks English to you.";
    done_factor_off: "Your second factor is off.";
    done_factor_removed: "Their second factor is gone. They sign in anew, with the password alone.";
    done_session: "That session has ended.";
}

impl Words {
    pub fn of(language: Language) -> &'static Words {
        match language {
            Language::English => &ENGLISH,
            Language::Persian => &PERSIAN,
        }
    }

    /// Those of the language that a browser asks for most; English when it asks for none that there is.
    pub fn asked_for(headers: &HeaderMap) -> &'static Words {
        Words::of(asked_for(headers).unwrap_or(Language::English))
    }

    pub fn language(&self) -> Language {
        Language::of(self.lang).expect("every language has words with its own code")
    }

    /// A number in the digits of the language.
    pub fn number(&self, number: impl std::fmt::Display) -> String {
        let digit = |c: char| c.to_digit(10).and_then(|digit| self.digits.chars().nth(digit as usize));
        number.to_string().chars().map(|c| digit(c).unwrap_or(c)).collect()
    }

    /// So many days.
    pub fn days(&self, days: i64) -> String {
        if days == 1 { self.reviews.day.to_owned() } else { fill(self.reviews.days, self.number(days)) }
    }

    /// A title between the quotation marks of the language.
    pub fn quote(&self, title: &str) -> String {
        fill(self.quoted, title)
    }

    /// The reason of an action as a sentence of its own.
    pub fn sentence(&self, reason: &str) -> String {
        sentence(&self.reason(reason))
    }

    /// The same of something that is named first.
    pub fn sentence_of(&self, label: &str, reason: &str) -> String {
        sentence(&format!("{label} {}", self.reason(reason)))
    }

    /// The reason of an action, as far as it is known in this language.
    pub fn reason(&self, reason: &str) -> String {
        self.reasons.say(reason, |number| self.number(number))
    }
}

/// The language that a browser asks for most of those that there are.
pub fn asked_for(headers: &HeaderMap) -> Option<Language> {
    headers.get(ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::asked_for)
}

/// A reason as a sentence.
fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if reason.ends_with(['.', '!', '?', '؟', '…']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// Words with one gap, filled.
pub fn fill(words: &str, with: impl std::fmt::Display) -> String {
    words.replacen("{}", &with.to_string(), 1)
}
