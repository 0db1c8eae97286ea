//! Mail, handed to the one server that the settings name: wherever that is, the operator has said so.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::{Config, Security, Smtp};
use crate::error::{Error, Problem, Result};

/// Longest that the server may take for one answer.
const LONGEST: Duration = Duration::from_secs(20);

/// A letter to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    pub name: String,
    pub email: String,
    pub subject: String,
    pub text: String,
}

/// Hands a letter in. `id` is of this letter alone.
///
/// # Errors
/// `Invalid` when the server refuses it for good, or no server is named; `Unavailable` when it is worth
/// another try.
pub async fn send(config: &Config, letter: Letter, id: &str) -> Result<()> {
    let smtp = config.smtp.as_ref().ok_or_else(|| Problem::new("no server for mail is set").field("smtp"))?;
    let message = message(config, letter, id)?;
    let sent = transport(config, smtp)?.send(message).await;
    let host = &smtp.host;
    sent.map(|_| ()).map_err(|error| {
        if error.is_permanent() || error.is_client() {
            Problem::new(format!("{host} refuses the mail: {}", causes(&error))).into()
        } else {
            Error::Unavailable(format!("{host} does not take the mail: {}", causes(&error)))
        }
    })
}

/// An error with what lies below it: the first says only where it happened.
fn causes(error: &dyn std::error::Error) -> String {
    let below = std::iter::successors(error.source(), |below| below.source());
    below.fold(error.to_string(), |text, below| {
        let below = below.to_string();
        if text.contains(&below) { text } else { format!("{text}: {below}") }
    })
}

fn message(config: &Config, letter: Letter, id: &str) -> Result<Message> {
    let host = config.origin.host();
    let from = match &config.mail_from {
        Some(from) => from.clone(),
        None => Mailbox::new(
            None,
            Address::new("noreply", host).map_err(|_| {
                Problem::new("the site's host can't send mail; name the sender").field("mail_from")
            })?,
        ),
    };
    let to = letter.email.parse().map_err(|_| Problem::new("is no address for mail").field("email"))?;
    Message::builder()
        .from(from)
        .to(Mailbox::new(Some(letter.name), to))
        .subject(letter.subject)
        .message_id(Some(format!("<{id}@{host}>")))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text)
        .map_err(Error::internal)
}

fn transport(config: &Config, smtp: &Smtp) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    let parameters = || TlsParameters::new(smtp.host.clone()).map_err(Error::internal);
    let tls = match smtp.security {
        Security::Tls => Tls::Wrapper(parameters()?),
        Security::StartTls => Tls::Required(parameters()?),
        Security::Plain => Tls::None,
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(smtp.host.clone())
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(LONGEST))
        .hello_name(ClientId::Domain(config.origin.host().to_owned()));
    let builder = match &smtp.login {
        Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
        None => builder,
    };
    Ok(builder.build())
}
