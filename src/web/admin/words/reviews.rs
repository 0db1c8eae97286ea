//! What the pages say of reviews, and of links that show a draft.

use crate::entry::ReviewState;

words! {
    ReviewWords, REVIEWS;
    title: "Reviews";
    section: "Review";
    reason_decide: "Drafts that somebody wants to have looked at, the longest waiting first.";
    reason_ask: "What you asked others to look at, until it is published.";
    empty_decide: "Nothing waits for a review.";
    empty_ask: "You have not asked for a review. Open a draft and ask for one below its form.";
    board: "Waiting for review";
    board_own: "Your reviews";
    all: "All of them";
    asked: "Asked";
    asked_by: "{} asked for a review, {}.";
    saved_since: "It was saved again since.";
    waiting: "review asked";
    approved: "approved";
    returned: "returned";
    comment: "Comment";
    comment_help: "Plain text. It stays with the entry and is seen by all who may work on it.";
    ask: "Ask for a review";
    ask_help: "An editor sees it on their overview, approves it or gives it back.";
    say: "Comment only";
    withdraw: "Don't ask any more";
    approve: "Approve";
    approve_publish: "Approve and publish";
    approve_schedule: "Approve and schedule";
    approve_at: "To be published at";
    approve_at_help: "For “Approve and schedule”, in the time of {}.";
    give_back: "Give it back";
    said: "What was said";
    said_more: "Only the latest {} are shown.";
    note_ask: "asked for a review";
    note_withdraw: "no longer asks for a review";
    note_comment: "commented";
    note_approve: "approved it";
    note_return: "gave it back";
    older: "Next";
    first_page: "To the beginning";
    done_asked: "A review is asked for. Editors see it on their overview.";
    done_withdrawn: "The review is not asked for any more.";
    done_commented: "Your comment is there.";
    done_approved: "Approved.";
    done_approved_published: "Approved and published.";
    done_approved_scheduled: "Approved; it will be published at that time.";
    done_returned: "It is given back with your comment.";
    share: "Show it to somebody without an account";
    share_help: "Whoever has the link sees the draft as it is when they look, and nothing else. No search engine finds it.";
    link_make: "Make a link";
    link_days: "It opens for";
    link_title: "A link to the draft";
    link_reason: "Whoever has this link sees the draft of “{}” for {}. It is shown only now; send it on, or make another one later.";
    link_label: "Link";
    link_of: "By {}, until {}";
    link_back: "Take it back";
    day: "one day";
    days: "{} days";
    phone: "Phone";
    desktop: "Desktop";
    alone: "The page alone";
    done_unshared: "The link opens nothing any more.";
    did_share: "made a link that shows the draft of";
    did_unshare: "took back a link to the draft of";
    did_ask: "asked for a review of";
    did_withdraw: "no longer asks for a review of";
    did_comment: "commented on";
    did_approve: "approved";
    did_return: "gave back";
}

impl ReviewWords {
    pub fn state(&self, state: ReviewState) -> &'static str {
        match state {
            ReviewState::Waiting => self.waiting,
            ReviewState::Approved => self.approved,
            ReviewState::Returned => self.returned,
        }
    }

    /// What somebody did when they said something.
    pub fn note(&self, kind: &str) -> &'static str {
        match kind {
            "ask" => self.note_ask,
            "withdraw" => self.note_withdraw,
            "approve" => self.note_approve,
            "return" => self.note_return,
            _ => self.note_comment,
        }
    }

    /// What a query key `done` stands for.
    pub fn done(&self, key: &str) -> Option<&'static str> {
        Some(match key {
            "asked" => self.done_asked,
            "withdrawn" => self.done_withdrawn,
            "commented" => self.done_commented,
            "approved" => self.done_approved,
            "approved_published" => self.done_approved_published,
            "approved_scheduled" => self.done_approved_scheduled,
            "returned" => self.done_returned,
            "unshared" => self.done_unshared,
            _ => return None,
        })
    }
}
