//! A node with settings of `site.toml` that the shipped one has not.

use super::web::{Node, Site};

/// Five lines of English and Persian, then the settings.
const SITE: &str = "name = \"Atlas\"\ndescription = \"Cafés & cities\"\n\
    locale = [{ code = \"en\", label = \"English\" }, { code = \"fa\", label = \"فارسی\", rtl = true, name = \"اطلس\" }]\n\n\n";

/// Writes a content folder with these settings; where it is.
pub fn content_folder(site: &Site, name: &str, settings: &str) -> String {
    let folder = site.database.folder.path().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("site.toml"), format!("{SITE}{settings}")).unwrap();
    folder.display().to_string()
}

/// Another process on the same database, with these settings.
pub async fn with_settings(site: &Site, name: &str, settings: &str) -> Node {
    let folder = content_folder(site, name, settings);
    site.another(&[("content", &folder)]).await
}
