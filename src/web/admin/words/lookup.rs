//! Which words stand for a value: a state, a role, a part, a query key.

use super::Words;
use crate::entry::{Role, State};

impl Words {
    pub fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Owner => self.role_owner,
            Role::Administrator => self.role_administrator,
            Role::Editor => self.role_editor,
            Role::Author => self.role_author,
            Role::Contributor => self.role_contributor,
            Role::Moderator => self.role_moderator,
        }
    }

    /// What a query key `done` stands for; nothing that came in is ever repeated.
    pub fn done(&self, key: &str) -> Option<&'static str> {
        Some(match key {
            "saved" => self.done_saved,
            "published" => self.done_published,
            "unpublished" => self.done_unpublished,
            "scheduled" => self.done_scheduled,
            "trashed" => self.done_trashed,
            "revised" => self.done_revised,
            "pictures" => self.done_pictures,
            "described" => self.done_described,
            "redirect" => self.done_redirect,
            "unredirect" => self.done_unredirect,
            "retried" => self.done_retried,
            "forgotten" => self.done_forgotten,
            "role" => self.done_role,
            "disabled" => self.done_disabled,
            "enabled" => self.done_enabled,
            "restored" => self.done_restored,
            "password" => self.done_password,
            "session" => self.done_session,
            "checked" => self.done_checked,
            "account" => self.done_account,
            "language" => self.done_language,
            "factor_off" => self.done_factor_off,
            "factor_removed" => self.done_factor_removed,
            "purged" => self.machine.done_purged,
            other => {
                return self
                    .addresses
                    .done(other)
                    .or_else(|| self.reviews.done(other))
                    .or_else(|| self.finding.done(other));
            }
        })
    }

    pub fn state(&self, state: impl std::borrow::Borrow<State>) -> &'static str {
        match state.borrow() {
            State::Draft => self.state_draft,
            State::Scheduled => self.state_scheduled,
            State::Published => self.state_published,
            State::Archived => self.state_archived,
            State::Trashed => self.state_trashed,
        }
    }

    /// The part of a table that a kind holds.
    pub fn part<'a>(&self, key: &'a str) -> &'a str {
        match key {
            "src" => self.part_src,
            "alt" => self.part_alt,
            "caption" => self.part_caption,
            "credit" => self.part_credit,
            "creator" => self.part_creator,
            "copyright" => self.part_copyright,
            "license" => self.part_license,
            "license_page" => self.part_license_page,
            "street" => self.part_street,
            "locality" => self.part_locality,
            "region" => self.part_region,
            "postal_code" => self.part_postal_code,
            "country" => self.part_country,
            "amount" => self.part_amount,
            "currency" => self.part_currency,
            "question" => self.part_question,
            "answer" => self.part_answer,
            "url" => self.part_url,
            "title" => self.part_title,
            "thumbnail" => self.part_thumbnail,
            "uploaded" => self.part_uploaded,
            "description" => self.part_description,
            "duration" => self.part_duration,
            other => other,
        }
    }

    /// The label of what every entry has.
    pub fn core<'a>(&self, field: &'a str) -> &'a str {
        match field {
            "title" => self.title,
            "slug" => self.slug,
            "summary" => self.summary,
            "body" => self.body,
            "cover" => self.cover,
            "parent" => self.parent,
            "authors" => self.authors,
            "visibility" => self.visibility,
            "published_at" => self.published_at,
            "seo.canonical" => self.canonical,
            "seo.robots" => self.robots,
            "redirect_to" => self.redirect_to,
            "publish_at" => self.publish_at,
            "unpublish_at" => self.unpublish_at,
            other => other,
        }
    }

    /// What a job does.
    pub fn job<'a>(&self, kind: &'a str) -> &'a str {
        match kind {
            "schedule" => self.job_schedule,
            "prune" => self.job_prune,
            "audit" => self.job_audit,
            "link" => self.job_link,
            "reset" => self.job_reset,
            "index_now" => self.job_index_now,
            "web_sub" => self.job_web_sub,
            "variants" => self.job_variants,
            other => self.finding.job(other),
        }
    }

    pub fn job_state(&self, state: &str) -> &'static str {
        match state {
            "running" => self.job_running,
            "dead" => self.job_dead,
            _ => self.job_waiting,
        }
    }

    /// What an action of the audit log did.
    pub fn did(&self, action: &str) -> String {
        let known = self.deeds.known.iter().find(|(known, _)| *known == action);
        known.map_or_else(|| format!("{} {action}", self.deeds.other), |(_, words)| (*words).to_owned())
    }
}
