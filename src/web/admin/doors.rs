//! Every address of the back office, and who may pass. This is the only list, and the router is made
//! from it: an address without a rule can't exist (SECURITY T26).

use axum::routing::{MethodRouter, get, post};

use super::{
    account, cache, dashboard, entries, forgotten, framed, jobs, log, log_export, not_found, pictures,
    redirects, reviews, revisions, second_factor, second_step, settings, sign_in, trash, tree, users, views,
    welcome,
};
use crate::entry::Verb;
use crate::web::{Web, preview};

/// One method at one address.
pub struct Door {
    pub method: &'static str,
    pub path: &'static str,
    pub needs: Need,
    pub(super) route: fn() -> MethodRouter<Web>,
}

/// Who may pass. Of an entry, the action besides asks whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Whoever comes, signed in or not.
    Nobody,
    /// Somebody signed in whose role allows this of what is their own.
    Person(Verb),
    /// The same, by somebody who has shown their password during the last ten minutes: who gets in, and by
    /// what, is not changed by whoever finds a desk with nobody at it (SECURITY T10).
    Sure(Verb),
}

macro_rules! doors {
    ($($method:ident $path:literal $needs:expr => $handler:path;)+) => {
        vec![$(Door {
            method: doors!(@name $method),
            path: $path,
            needs: $needs,
            route: || $method($handler),
        }),+]
    };
    (@name get) => { "GET" };
    (@name post) => { "POST" };
}

/// All doors.
pub fn doors() -> Vec<Door> {
    use Need::{Nobody, Person, Sure};
    doors! {
        get "/admin/sign-in" Nobody => sign_in::show;
        post "/admin/sign-in" Nobody => sign_in::sign_in;
        get "/admin/sign-in/code" Nobody => second_step::show;
        post "/admin/sign-in/code" Nobody => second_step::send;
        get "/admin/forgotten" Nobody => forgotten::show;
        post "/admin/forgotten" Nobody => forgotten::send;
        // A session that has ended can be left as well.
        post "/admin/sign-out" Nobody => sign_in::sign_out;
        get "/admin/welcome/{secret}" Nobody => welcome::show;
        post "/admin/welcome/{secret}" Nobody => welcome::arrive;
        // The link itself says who may look.
        get "/admin/preview/{secret}" Nobody => preview::shared;
        get "/admin" Person(Verb::Enter) => dashboard::show;
        get "/admin/types/{type}" Person(Verb::Read) => entries::list;
        post "/admin/types/{type}" Person(Verb::Draft) => entries::create;
        post "/admin/types/{type}/bulk" Person(Verb::Draft) => entries::bulk;
        post "/admin/types/{type}/views" Person(Verb::Read) => views::keep;
        get "/admin/views/{id}" Person(Verb::Read) => views::open;
        post "/admin/views/{id}/forget" Person(Verb::Read) => views::forget;
        get "/admin/bulk/{id}" Person(Verb::Read) => entries::bulk_run;
        post "/admin/bulk/{id}/undo" Person(Verb::Restore) => entries::bulk_undo;
        get "/admin/types/{type}/new" Person(Verb::Draft) => entries::new;
        get "/admin/entries/{id}" Person(Verb::Read) => entries::edit;
        post "/admin/entries/{id}" Person(Verb::Draft) => entries::update;
        post "/admin/entries/{id}/unsaved" Person(Verb::Draft) => entries::keep;
        post "/admin/entries/{id}/open" Person(Verb::Draft) => entries::beat;
        post "/admin/types/{type}/unsaved" Person(Verb::Draft) => entries::keep_new;
        post "/admin/entries/{id}/publish" Person(Verb::Publish) => entries::publish;
        post "/admin/entries/{id}/unpublish" Person(Verb::Unpublish) => entries::unpublish;
        post "/admin/entries/{id}/schedule" Person(Verb::Publish) => entries::schedule;
        post "/admin/entries/{id}/trash" Person(Verb::Trash) => entries::trash;
        post "/admin/entries/{id}/restore" Person(Verb::Restore) => entries::restore;
        post "/admin/entries/{id}/review" Person(Verb::Draft) => entries::ask;
        post "/admin/entries/{id}/review/withdraw" Person(Verb::Draft) => entries::withdraw;
        post "/admin/entries/{id}/review/comment" Person(Verb::Read) => entries::comment;
        post "/admin/entries/{id}/review/approve" Person(Verb::Review) => entries::approve;
        post "/admin/entries/{id}/review/return" Person(Verb::Review) => entries::give_back;
        get "/admin/reviews" Person(Verb::Read) => reviews::list;
        get "/admin/entries/{id}/appearance" Person(Verb::Read) => entries::appearance;
        get "/admin/entries/{id}/preview" Person(Verb::Read) => preview::draft;
        get "/admin/entries/{id}/preview/frame" Person(Verb::Read) => framed::show;
        post "/admin/entries/{id}/links" Person(Verb::Draft) => entries::share;
        post "/admin/entries/{id}/links/{number}/revoke" Person(Verb::Draft) => entries::take_back;
        get "/admin/entries/{id}/revisions" Person(Verb::Read) => revisions::list;
        get "/admin/entries/{id}/revisions/compare" Person(Verb::Read) => revisions::compare;
        get "/admin/entries/{id}/revisions/{number}/preview" Person(Verb::Read) => preview::revision;
        post "/admin/entries/{id}/revisions/{number}/restore" Person(Verb::Draft) => revisions::restore;
        post "/admin/preview" Person(Verb::Draft) => preview::text;
        get "/admin/choices" Person(Verb::Draft) => entries::choices;
        post "/admin/choices" Person(Verb::Draft) => entries::make_choice;
        get "/admin/pictures" Person(Verb::Draft) => pictures::list;
        post "/admin/pictures" Person(Verb::Draft) => pictures::upload;
        get "/admin/pictures/found" Person(Verb::Draft) => pictures::found;
        get "/admin/pictures/{hash}" Person(Verb::Draft) => pictures::one;
        post "/admin/pictures/{hash}" Person(Verb::Draft) => pictures::describe;
        get "/admin/entries/{id}/move" Person(Verb::Publish) => entries::moving;
        post "/admin/entries/{id}/move" Person(Verb::Publish) => entries::move_it;
        get "/admin/tree" Person(Verb::Redirect) => tree::tops;
        get "/admin/tree/{id}" Person(Verb::Redirect) => tree::open;
        get "/admin/trash" Person(Verb::Read) => trash::show;
        get "/admin/redirects" Person(Verb::Redirect) => redirects::list;
        post "/admin/redirects" Person(Verb::Redirect) => redirects::add;
        post "/admin/redirects/remove" Person(Verb::Redirect) => redirects::remove;
        get "/admin/redirects/edit" Person(Verb::Redirect) => redirects::edit;
        post "/admin/redirects/edit" Person(Verb::Redirect) => redirects::update;
        get "/admin/redirects/try" Person(Verb::Redirect) => redirects::try_out;
        get "/admin/redirects/import" Person(Verb::Redirect) => redirects::import_form;
        post "/admin/redirects/import" Person(Verb::Redirect) => redirects::take_in;
        get "/admin/redirects/table" Person(Verb::Redirect) => redirects::table;
        get "/admin/not-found" Person(Verb::Redirect) => not_found::list;
        post "/admin/not-found/{id}" Person(Verb::Redirect) => not_found::decide;
        get "/admin/jobs" Person(Verb::Oversee) => jobs::list;
        post "/admin/jobs/retry" Person(Verb::Oversee) => jobs::retry_all;
        post "/admin/jobs/{id}/retry" Person(Verb::Oversee) => jobs::retry;
        post "/admin/jobs/{id}/forget" Person(Verb::Oversee) => jobs::forget;
        get "/admin/cache" Person(Verb::Oversee) => cache::show;
        post "/admin/cache" Person(Verb::Oversee) => cache::drop_pages;
        get "/admin/log" Person(Verb::Oversee) => log::show;
        post "/admin/log/check" Person(Verb::Oversee) => log::check;
        get "/admin/log/export" Person(Verb::Oversee) => log_export::export;
        get "/admin/settings" Person(Verb::Configure) => settings::first;
        get "/admin/settings/{section}" Person(Verb::Configure) => settings::show;
        post "/admin/settings/{section}" Person(Verb::Configure) => settings::save;
        get "/admin/settings/history" Person(Verb::Configure) => settings::history;
        post "/admin/settings/history/{version}" Person(Verb::Configure) => settings::take_back;
        get "/admin/settings/sample" Person(Verb::Configure) => preview::look;
        get "/admin/settings/sample.css" Person(Verb::Configure) => settings::style;
        get "/admin/settings/sample.json" Person(Verb::Configure) => settings::contrasts;
        get "/admin/users" Person(Verb::Govern) => users::list;
        post "/admin/users" Sure(Verb::Govern) => users::invite;
        post "/admin/users/{id}/role" Sure(Verb::Govern) => users::set_role;
        post "/admin/users/{id}/link" Sure(Verb::Govern) => users::link;
        post "/admin/users/{id}/second-factor/off" Sure(Verb::Govern) => users::remove_second_factor;
        post "/admin/users/{id}/disable" Sure(Verb::Govern) => users::disable;
        post "/admin/users/{id}/enable" Sure(Verb::Govern) => users::enable;
        get "/admin/account" Person(Verb::Enter) => account::show;
        post "/admin/account" Sure(Verb::Enter) => account::change_own;
        post "/admin/account/language" Person(Verb::Enter) => account::set_language;
        // It asks for the present password itself.
        post "/admin/account/password" Person(Verb::Enter) => account::change_password;
        post "/admin/account/second-factor" Sure(Verb::Enter) => second_factor::begin;
        post "/admin/account/second-factor/on" Sure(Verb::Enter) => second_factor::confirm;
        post "/admin/account/second-factor/codes" Sure(Verb::Enter) => second_factor::renew_codes;
        post "/admin/account/second-factor/off" Sure(Verb::Enter) => second_factor::turn_off;
        post "/admin/account/sessions/end" Person(Verb::Enter) => account::end_session;
    }
}
