//! Which database, and where.

use std::fmt;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use url::Url;

use super::FromText;

/// The database of the site. Printing it, by `Display` or `Debug`, never shows a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file on this machine's disk.
    Sqlite(PathBuf),
    /// `postgres://…`, password included: for the driver alone.
    Postgres(Url),
}

impl FromText for Database {
    const SECRET: bool = true;

    fn from_text(text: &str) -> Result<Database, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            return sqlite(path.strip_prefix("//").unwrap_or(path));
        }
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") && names_a_server(&url) => {
                Ok(Database::Postgres(url))
            }
            _ => Err("`sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`".into()),
        }
    }
}

/// A server on a socket has its folder in the query: `postgres:///name?host=/run/postgresql`.
fn names_a_server(url: &Url) -> bool {
    url.has_host() || url.query_pairs().any(|(key, _)| key == "host")
}

fn sqlite(path: &str) -> Result<Database, String> {
    if path.contains('?') {
        return Err(
            "`sqlite:PATH` without a query: Atlas opens the file the one way that keeps it safe".into()
        );
    }
    let path = percent_decode_str(path).decode_utf8().map_err(|_| "`sqlite:PATH` in UTF-8")?;
    if path.is_empty() || path.contains('\0') || path.ends_with('/') {
        return Err("`sqlite:PATH` with the path of a file".into());
    }
    if path == ":memory:" {
        return Err(
            "`sqlite:PATH` with a file: a database in memory can't be shared by several connections".into()
        );
    }
    Ok(Database::Sqlite(PathBuf::from(path.as_ref())))
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = match self {
            Database::Sqlite(path) => return write!(f, "sqlite:{}", path.display()),
            Database::Postgres(url) => url,
        };
        let mut shown = url.clone();
        if shown.password().is_some() && shown.set_password(Some("***")).is_err() {
            return f.write_str("postgres://***");
        }
        // Drivers take a password from the query too, and keys there can be spelled in many ways.
        if shown.query().is_some() {
            shown.set_query(Some("***"));
        }
        write!(f, "{shown}")
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
