//! What was done, as the log says it, and as the form that narrows it does.

use super::{ADDRESSES, MACHINE, REVIEWS, SETTINGS};

/// What the actions of the audit log did.
#[derive(Debug)]
pub struct Deeds {
    /// By action.
    pub known: &'static [(&'static str, &'static str)],
    /// What stands before the name of any other.
    pub other: &'static str,
    /// What stands between it and the title of the entry it was done to.
    pub before_title: &'static str,
}

impl Deeds {
    /// Every word with its name, to check them by.
    pub fn all(&self) -> Vec<(String, &'static str)> {
        let known = self.known.iter().map(|(action, words)| ((*action).to_owned(), *words));
        known.chain([("other".to_owned(), self.other)]).collect()
    }
}

pub static ENGLISH_DEEDS: Deeds = Deeds {
    known: &[
        ("save_draft", "saved"),
        ("publish", "published"),
        ("unpublish", "took off the site"),
        ("trash", "moved to the trash"),
        ("restore", "took back"),
        ("move", "moved"),
        ("schedule", "scheduled"),
        ("schedule_failed", "could not publish as scheduled"),
        ("landing", "brought a landing page up to date"),
        ("sign_in", "signed in"),
        ("create_user", "made a user"),
        ("set_role", "gave a user another role"),
        ("set_password", "set a password"),
        ("give_link", "gave a user a link"),
        ("ask_link", "had a link sent to a user"),
        ("change_account", "changed their account"),
        ("second_factor_on", "turned a second factor on"),
        ("second_factor_off", "took a second factor away"),
        ("recovery_codes", "made new recovery codes"),
        ("disable_user", "kept a user out"),
        ("enable_user", "let a user in again"),
        ("retry_jobs", "let jobs try again"),
        ("store_media", "brought in a picture"),
        ("describe_picture", "described a picture"),
        ("redirect", "added a redirect"),
        ("remove_redirect", "removed a redirect"),
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
        ("forget_job", "forgot a job"),
    ],
    other: "did something:",
    before_title: "",
};
