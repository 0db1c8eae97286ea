//! Where mail is handed in, and whose it is.

use std::fmt;
use std::net::IpAddr;

use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use url::Url;

use super::FromText;

/// The server that takes mail. Printing it, by `Display` or `Debug`, never shows a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Smtp {
    pub security: Security,
    /// A name, or an IP address without brackets.
    pub host: String,
    pub port: u16,
    /// User and password.
    pub login: Option<(String, String)>,
}

/// How the way to it is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// TLS by STARTTLS, without which nothing is sent (RFC 3207).
    StartTls,
    /// None: the server is on this machine.
    Plain,
}

impl FromText for Smtp {
    const SECRET: bool = true;

    fn from_text(text: &str) -> Result<Smtp, String> {
        parse(text).ok_or_else(|| {
            "`smtps://USER:PASSWORD@HOST` (TLS) or `smtp://USER:PASSWORD@HOST` (STARTTLS; a server on this \
             machine is asked without), perhaps with a port"
                .into()
        })
    }
}

fn parse(text: &str) -> Option<Smtp> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_lowercase();
    let is_plain_host = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
    if host.is_empty() || !is_plain_host || !matches!(url.path(), "" | "/") {
        return None;
    }
    if url.query().is_some() || url.fragment().is_some() {
        return None;
    }
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    let (security, port) = match url.scheme() {
        "smtps" => (Security::Tls, 465),
        "smtp" if is_here => (Security::Plain, 25),
        "smtp" => (Security::StartTls, 587),
        _ => return None,
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
    let login = match (url.username(), url.password()) {
        ("", None) => None,
        ("", Some(_)) | (_, None) => return None,
        (user, Some(password)) => Some((decoded(user)?, decoded(password)?)),
    };
    Some(Smtp { security, host, port: url.port().unwrap_or(port), login })
}

impl fmt::Display for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.security == Security::Tls { "smtps" } else { "smtp" };
        let login = self.login.as_ref().map(|(user, _)| format!("{user}:***@")).unwrap_or_default();
        write!(f, "{scheme}://{login}{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl FromText for Mailbox {
    fn from_text(text: &str) -> Result<Mailbox, String> {
        text.parse()
            .map_err(|_| "a mail address, such as atlas@example.org or Atlas <atlas@example.org>".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_read_and_its_password_never_shown() {
        for (text, security, host, port) in [
            ("smtps://mail.example.org", Security::Tls, "mail.example.org", 465),
            ("smtp://leila:a%40b@mail.example.org", Security::StartTls, "mail.example.org", 587),
            ("smtp://mail.example.org:25/", Security::StartTls, "mail.example.org", 25),
            ("smtp://localhost", Security::Plain, "localhost", 25),
            ("smtp://127.0.0.1:2525", Security::Plain, "127.0.0.1", 2525),
            ("smtp://[::1]:2525", Security::Plain, "::1", 2525),
            ("smtps://LOCALHOST", Security::Tls, "localhost", 465),
        ] {
            let smtp = Smtp::from_text(text).unwrap();
            assert_eq!((smtp.security, smtp.host.as_str(), smtp.port), (security, host, port), "{text}");
        }
        let secret = Smtp::from_text("smtp://leila:a%40b@mail.example.org").unwrap();
        assert_eq!(secret.login, Some(("leila".to_owned(), "a@b".to_owned())));
        assert_eq!(format!("{secret:?}"), "\"smtp://leila:***@mail.example.org:587\"");
        for wrong in [
            "",
            "mail.example.org",
            "https://mail.example.org",
            "smtp://",
            "smtp://leila@mail.example.org",
            "smtp://:secret@mail.example.org",
            "smtp://mail.example.org/path",
            "smtp://mail.example.org?tls=none",
            "smtp://mail.exa mple.org",
        ] {
            assert!(Smtp::from_text(wrong).is_err(), "{wrong}");
        }
        assert!(Mailbox::from_text("Atlas <atlas@example.org>").is_ok());
        assert!(Mailbox::from_text("atlas").is_err());
        assert!(Mailbox::from_text("atlas@example.org\r\nBcc: x@example.org").is_err());
    }
}
