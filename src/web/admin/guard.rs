//! What stands at every door: the request must be the site's own, and its sender allowed.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};
use tower_sessions::Session;

use super::HOME;
use super::doors::Need;
use super::failure::{self, Failure};
use super::person::Person;
use super::posted::{self, Posted};
use super::proof::{self, Proof, Proved};
use super::sent;
use super::sign_in;
use super::words::Words;
use crate::actions::second_factor;
use crate::config::Origin;
use crate::entry::permit;
use crate::error::{Error, Result};
use crate::web::Web;

/// What everybody may do about themselves stands below this.
const ACCOUNT: &str = "/admin/account";

/// What a door knows.
#[derive(Clone)]
pub struct Passing {
    pub web: Web,
    pub needs: Need,
}

/// Lets a request pass, sends its sender to the sign-in, or refuses it; in words of theirs, or of the
/// language that their browser asks for while nobody knows who they are.
pub async fn pass(
    State(passing): State<Passing>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let mut t = Words::asked_for(request.headers());
    request.extensions_mut().insert(t);
    let answer = match admit(&passing, &session, request, &mut t).await {
        Ok(Admitted::In(request)) => {
            let proved = request.extensions().get::<Proved>().is_some();
            let answer = next.run(request).await;
            if proved { proof::renew(&session, answer).await } else { answer }
        }
        Ok(Admitted::SignInFirst(request)) => ask_to_sign_in(&passing.web, t, request).await,
        Ok(Admitted::Answer(answer)) => answer,
        Err(error) => Failure(error).into_response(),
    };
    failure::finish(answer, &passing.web.app, t)
}

enum Admitted {
    In(Request),
    SignInFirst(Request),
    /// Something else has to come first.
    Answer(Response),
}

async fn admit(
    passing: &Passing,
    session: &Session,
    mut request: Request,
    t: &mut &'static Words,
) -> Result<Admitted> {
    if !is_safe(request.method()) && !is_own(request.headers(), &passing.web.app.config.origin) {
        return Err(Error::Denied("this was sent from another site, and nothing was done".into()));
    }
    let (Need::Person(verb) | Need::Sure(verb)) = passing.needs else { return Ok(Admitted::In(request)) };
    let Some(person) = Person::of(&passing.web.app, session, t).await? else {
        return Ok(Admitted::SignInFirst(request));
    };
    *t = person.t;
    permit(&person.actor, verb, true)?;
    if !request.uri().path().starts_with(ACCOUNT)
        && second_factor::is_lacking(&passing.web.app, &person.user).await?
    {
        return set_up_first(request.method());
    }
    if matches!(passing.needs, Need::Sure(_)) {
        request = match proof::ask(&passing.web.app, session, &person, request).await? {
            Proof::Given(request) => request,
            Proof::Asked(answer) => return Ok(Admitted::Answer(answer)),
        };
    }
    request.extensions_mut().insert(person);
    Ok(Admitted::In(request))
}

/// Who needs a second factor and has none gets no further than to where it is set up.
fn set_up_first(method: &Method) -> Result<Admitted> {
    if is_safe(method) {
        return Ok(Admitted::Answer(Redirect::to(ACCOUNT).into_response()));
    }
    Err(Error::Denied("set up your second factor first, under “Your account”; nothing was done".into()))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Whether a request that changes something comes from a page of this site (SECURITY T9). Browsers say
/// so in `Sec-Fetch-Site`; those that don't send `Origin` with every form. Who sends neither is no
/// browser with somebody's cookie.
fn is_own(headers: &HeaderMap, origin: &Origin) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers.get(header::ORIGIN).is_some_and(|sent| sent == origin.to_string().as_str()),
    }
}

/// A page is asked for again after signing in; what was typed goes through the sign-in and is sent
/// again, so that a session that has ended loses nothing.
async fn ask_to_sign_in(web: &Web, t: &'static Words, request: Request) -> Response {
    let next = request.uri().path_and_query().map_or("/admin", |target| target.as_str()).to_owned();
    if is_safe(request.method()) {
        return Redirect::to(&sign_in::address(&next)).into_response();
    }
    let kept = fields_of(request).await.map(without_passwords);
    // An address that takes forms alone has no page to go to without one.
    let kept = kept.filter(|kept| !kept.0.is_empty());
    let next = if kept.is_some() { next.as_str() } else { HOME };
    sign_in::ask(&web.app, t, StatusCode::FORBIDDEN, next, kept)
}

/// What was typed into the form that came; its files, if any, are to be chosen once more.
async fn fields_of(request: Request) -> Option<Posted> {
    if posted::is_multipart(request.headers()) {
        let parts = Multipart::from_request(request, &()).await.ok()?;
        return sent::read(parts, None).await.ok().map(|sent| sent.posted);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, posted::MOST_BYTES).await.ok()?;
    posted::is_form(&parts.headers).then(|| Posted::parse(&body))?
}

/// No page ever repeats a password.
pub fn without_passwords(mut posted: Posted) -> Posted {
    posted.0.retain(|(name, _)| !matches!(name.as_str(), "current" | "password" | proof::FIELD));
    posted
}

/// The two pages that a frame needs: nothing else of the back office holds one or stands in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// Shows a page of this site in a frame.
    Holds,
    /// May be shown so by a page of this site.
    Stands,
}

impl Framing {
    /// Allows in the policy what this page needs, and no more.
    fn widen(self, headers: &mut HeaderMap) {
        let csp = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok());
        let csp = csp.unwrap_or_default();
        let wider = match self {
            Framing::Holds => format!("{csp}; frame-src 'self'"),
            Framing::Stands => csp.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
        };
        if let Ok(wider) = HeaderValue::try_from(wider) {
            headers.insert(header::CONTENT_SECURITY_POLICY, wider);
        }
    }
}

/// Nothing in here is anybody else's to keep or to find (SECURITY T19), whatever handlers say.
pub async fn write_headers(State(headers): State<Arc<HeaderMap>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in &*headers {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    let framing = response.extensions().get::<Framing>().copied();
    if let Some(framing) = framing {
        framing.widen(response.headers_mut());
    }
    response.map(Body::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FromText;

    #[test]
    fn only_the_sites_own_pages_change_anything() {
        let origin = Origin::from_text("https://site.test").unwrap();
        let own = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            is_own(&headers.collect(), &origin)
        };
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("origin", "https://site.test")]));
        for refused in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://site.test")],
            &[("origin", "https://evil.example")],
            &[("origin", "https://site.test.evil.example")],
            &[("origin", "http://site.test")],
            &[("origin", "null")],
        ] {
            assert!(!own(refused), "{refused:?}");
        }
    }
}
