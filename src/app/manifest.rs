//! The web manifest in the site's default language (W3C Web Application Manifest): as the file
//! `/site.webmanifest`, and as what pages link to.

use serde_json::{Value, json};

use super::icons::Icons;
use super::site::Site;
use crate::config::Origin;
use crate::text::{Dir, data_url};

/// Its address as a file.
pub const MANIFEST: &str = "/site.webmanifest";

/// Made once when a process starts.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// The file.
    pub text: String,
    /// What pages link to. Of a site that is shown in a browser's tab it is the manifest itself, so
    /// that no page waits for one more file; a site that may be installed as an app names the file,
    /// for that is done by its address.
    pub href: String,
}

impl Manifest {
    pub fn of(origin: &Origin, site: &Site, icons: &Icons) -> Manifest {
        let text = format!("{:#}\n", members(site, icons, |path| path.to_owned()));
        let href = if site.icons.display() == "browser" {
            // Nothing is relative to such an address.
            let whole = members(site, icons, |path| origin.url(path)).to_string();
            data_url("application/manifest+json", &whole)
        } else {
            MANIFEST.to_owned()
        };
        Manifest { text, href }
    }
}

fn members(site: &Site, icons: &Icons, address: impl Fn(&str) -> String) -> Value {
    let locale = site.default_locale();
    let settings = &site.icons;
    let name = locale.name.as_deref().unwrap_or(&site.name);
    let description = locale.description.as_deref().unwrap_or(&site.description);
    let png = |name: &str, side: u32, purpose: &str| json!({ "src": address(name), "sizes": format!("{side}x{side}"), "type": "image/png", "purpose": purpose });
    let mut pictures = vec![
        png("/icon-192.png", 192, "any"),
        png("/icon-512.png", 512, "any"),
        png("/icon-maskable-512.png", 512, "maskable"),
    ];
    if icons.has("favicon.svg") {
        let drawing = json!({ "src": address("/favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" });
        pictures.insert(0, drawing);
    }
    let mut manifest = json!({
        "id": address("/"),
        "name": name,
        "short_name": settings.short_name.as_deref().unwrap_or(name),
        "description": description,
        "lang": locale.code,
        "dir": Dir::of(&locale.code).to_string(),
        "start_url": address("/"),
        "scope": address("/"),
        "display": settings.display(),
        "theme_color": settings.theme_light(),
        "background_color": settings.background(),
        "icons": pictures,
    });
    if description.is_empty()
        && let Some(object) = manifest.as_object_mut()
    {
        object.remove("description");
    }
    manifest
}
