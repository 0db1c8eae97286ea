//! What the keyboard reaches from any page: the script, and everything one can go to.

use super::shell::Link;
use super::words::{Words, fill};
use crate::app::App;
use crate::schema::{LANDING, Type};

/// The keyboard's share of a page.
pub struct Keys {
    /// The address of its script.
    pub src: String,
    pub items: Vec<Item>,
}

/// One line of the palette.
pub struct Item {
    pub label: String,
    /// Where it leads; of a search, the address that its words are appended to.
    pub href: String,
    pub is_search: bool,
}

impl Keys {
    /// For a person who sees this menu, and who may begin entries or not.
    pub fn of(app: &App, t: &Words, menu: &[Link], may_draft: bool, may_read: bool) -> Keys {
        let item = |label: String, href: String, is_search| Item { label, href, is_search };
        let kinds = || app.types.iter().filter(|kind| kind.name != LANDING);
        let mut items: Vec<Item> =
            menu.iter().map(|link| item(link.label.clone(), link.href.clone(), false)).collect();
        if may_draft {
            let new = |kind: &Type| fill(t.new_of, &kind.label_in(t.lang).one);
            items.extend(
                kinds().map(|kind| item(new(kind), format!("/admin/types/{}/new", kind.name), false)),
            );
        }
        if may_read {
            let search = |kind: &Type| fill(t.keys.search_in, &kind.label_in(t.lang).many);
            items.extend(
                kinds().map(|kind| item(search(kind), format!("/admin/types/{}?q=", kind.name), true)),
            );
        }
        Keys { src: app.assets.address(SCRIPT).unwrap_or_default().to_owned(), items }
    }
}

/// The script below `static/`.
const SCRIPT: &str = "admin/keys.js";
