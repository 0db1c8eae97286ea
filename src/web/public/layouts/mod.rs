//! From an entry's view to the page struct of its layout, one file a layout. A layout sees typed
//! values only.

mod around;
mod article;
mod hub;
mod landing;
mod open_now;
mod page;
mod parts;
mod place;
mod profile;
mod related;
mod service;
mod taxonomy;
mod works;

use askama::Template;

use hyper::StatusCode;
pub(super) use parts::shown;

use super::show::{Drawn, Target};
use super::view::EntryView;
use crate::app::App;
use crate::error::{Error, Result};

/// Draws the page of a layout.
pub async fn draw(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    match view.kind.layout.as_str() {
        "article" => article::article(app, view, target).await,
        "profile" => profile::profile(app, view, target).await,
        "place" => place::place(app, view, target).await,
        "hub" => hub::hub(app, view, target).await,
        "landing" => landing::landing(app, view, target).await,
        "service" => service::service(app, view, target).await,
        "taxonomy" => taxonomy::taxonomy(app, view, target).await,
        _ => page::page(app, view, target).await,
    }
}

fn drawn(template: &impl Template, tags: Vec<String>) -> Result<Drawn> {
    Drawn::page(StatusCode::OK, template, tags)
}

/// A page without a list has no second one.
fn single(target: &Target) -> Result<()> {
    if target.page()?.is_some() { Err(Error::NotFound) } else { Ok(()) }
}
