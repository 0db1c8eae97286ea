//! Addresses of the web and of mail, safe to stand in `href` and `src` (SECURITY T4).

use url::Url;

use super::text::line;

/// An `http` or `https` address as the URL standard writes it, or a path of this site. The scheme is
/// checked after parsing, since browsers drop tabs and line breaks before they look at it.
pub fn web_address(raw: &str) -> Result<String, String> {
    let address = line(raw)?;
    if address.starts_with('/') {
        return own_path(address);
    }
    let wrong = || format!("is {address:?}; an address such as `https://example.org/` is right");
    let url = Url::parse(&address).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or password; leave them out".to_owned());
    }
    Ok(url.into())
}

/// Where a picture is: a web address, a path of this site, or the relative path of a file.
pub fn image_address(raw: &str) -> Result<String, String> {
    let address = line(raw)?;
    if address.is_empty() {
        return Err("is empty; the address of a picture is right".to_owned());
    }
    if address.starts_with('/') {
        return own_path(address);
    }
    if address.contains('\\') || address.contains('\t') {
        return Err(format!("is {address:?}; separate folders by `/`"));
    }
    match Url::parse(&address) {
        Ok(_) => web_address(&address),
        Err(url::ParseError::RelativeUrlWithoutBase) => Ok(address),
        Err(_) => Err(format!("is {address:?}, which is no address")),
    }
}

/// A path of this site: one slash at the start. `//host` and `/\host` lead elsewhere.
fn own_path(address: String) -> Result<String, String> {
    if address.starts_with("//") || address.contains('\\') || address.contains('\t') {
        return Err(format!("is {address:?}; a path of this site starts with one `/` and has no backslash"));
    }
    Ok(address)
}

/// One mail address, without a name around it.
pub fn email(raw: &str) -> Result<String, String> {
    let address = line(raw)?;
    let address = address.strip_prefix("mailto:").unwrap_or(&address).to_owned();
    let wrong = || format!("is {address:?}; one address such as `name@example.org` is right");
    let (local, domain) = address.rsplit_once('@').ok_or_else(wrong)?;
    let local_fits = (1..=64).contains(&local.len())
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%'*+-/=^_`{|}~.".contains(c))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let labels: Vec<&str> = domain.split('.').collect();
    let domain_fits = labels.len() > 1
        && labels.iter().all(|label| {
            (1..=63).contains(&label.len())
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
    if local_fits && domain_fits && address.len() <= 254 { Ok(address) } else { Err(wrong()) }
}
