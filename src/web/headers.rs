//! The headers every answer carries (SECURITY 2.1), and who may keep it.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// The mark that lets nginx store an answer; it takes the mark off before it answers.
pub const PUBLIC_MARK: HeaderName = HeaderName::from_static("x-public-cache");
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
pub const ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const REPORTING: HeaderName = HeaderName::from_static("reporting-endpoints");
const SPECULATION: HeaderName = HeaderName::from_static("speculation-rules");
const NOINDEX: HeaderValue = HeaderValue::from_static("noindex");

const PUBLIC_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self' data:; form-action 'self'; base-uri 'none'; object-src 'none'; \
    frame-ancestors 'none'";
/// What may not stand in a data URL within a quoted string of a header (RFC 9651, 3.3.3).
const IN_DATA: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'\\');
/// For bytes that somebody uploaded: they run nothing and fetch nothing.
pub const MEDIA_CSP: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// Who may keep an answer, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CachePolicy {
    /// A public page: browsers ask again after `browser`, shared caches keep it for `shared`, and may
    /// show an old copy for `stale` while they fetch a new one, and for `away` while we are away.
    Public { browser: Duration, shared: Duration, stale: Duration, away: Duration },
    /// The address names the content: kept for a year and never asked for again.
    Immutable,
    /// Kept, and asked for again each time.
    Revalidate,
    /// Kept by the visitor's browser alone, for a way back: what is asked for is without number.
    Visitor { browser: Duration },
    /// Kept by nobody: errors, previews, everything of one person.
    NoStore,
}

impl CachePolicy {
    /// A page as the site serves it unless told otherwise. Shared caches keep it only briefly, since
    /// nobody tells them of a change.
    pub const PAGE: CachePolicy = CachePolicy::Public {
        browser: Duration::ZERO,
        shared: Duration::from_secs(10),
        stale: Duration::from_hours(24),
        away: Duration::from_hours(24),
    };

    /// A page that changes with the hour, such as that of a place that opens and closes. An old copy is
    /// shown for hours only when there is no other.
    pub const PASSING_PAGE: CachePolicy = CachePolicy::Public {
        browser: Duration::ZERO,
        shared: Duration::from_secs(10),
        stale: Duration::from_mins(1),
        away: Duration::from_hours(24),
    };

    pub fn value(self) -> HeaderValue {
        let text = match self {
            CachePolicy::Public { browser, shared, stale, away } => format!(
                "public, max-age={}, s-maxage={}, stale-while-revalidate={}, stale-if-error={}",
                browser.as_secs(),
                shared.as_secs(),
                stale.as_secs(),
                away.as_secs()
            ),
            CachePolicy::Immutable => return HeaderValue::from_static("public, max-age=31536000, immutable"),
            CachePolicy::Revalidate => return HeaderValue::from_static("public, no-cache"),
            CachePolicy::Visitor { browser } => format!("private, max-age={}", browser.as_secs()),
            CachePolicy::NoStore => return HeaderValue::from_static("private, no-store"),
        };
        HeaderValue::try_from(text).expect("digits and letters make a header value")
    }

    fn is_public(self) -> bool {
        matches!(self, CachePolicy::Public { .. } | CachePolicy::Immutable)
    }

    /// Writes `Cache-Control`, and the mark for nginx where the answer may be stored.
    pub fn write(self, status: StatusCode, headers: &mut HeaderMap) {
        let policy = if may_be_public(status) { self } else { CachePolicy::NoStore };
        headers.insert(header::CACHE_CONTROL, policy.value());
        if policy.is_public() {
            headers.insert(PUBLIC_MARK, HeaderValue::from_static("1"));
        } else {
            headers.remove(PUBLIC_MARK);
        }
    }
}

/// The only statuses anybody may store (DESIGN 6.5). A 304 stands for the 200 it confirms, a 206 for
/// a part of one, though shared caches of ours never see the mark on a part.
fn may_be_public(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 206 | 301 | 304 | 308 | 404 | 410)
}

/// The headers that are the same on all answers of a site, written once.
#[derive(Debug, Clone)]
pub struct Security {
    all: HeaderMap,
    /// The policy of pages, where it is another one than that of all else.
    of_pages: Option<HeaderValue>,
    /// What browsers may fetch ahead, as the header has it.
    speculation: Option<HeaderValue>,
    /// Nothing of the site may be indexed.
    closed: bool,
}

impl Security {
    /// For a site on https or not; `report` is the address where browsers report violations.
    pub fn new(https: bool, report: Option<&str>) -> Security {
        let mut csp = PUBLIC_CSP.to_owned();
        let mut all = HeaderMap::new();
        if https {
            csp.push_str("; upgrade-insecure-requests");
            all.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
        let endpoint = report.and_then(|url| HeaderValue::try_from(format!("csp=\"{url}\"")).ok());
        if let Some(endpoint) = endpoint {
            csp.push_str("; report-to csp");
            all.insert(REPORTING, endpoint);
        }
        let csp = HeaderValue::try_from(csp).expect("the policy is plain ASCII");
        all.insert(header::CONTENT_SECURITY_POLICY, csp);
        all.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        all.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
        all.insert(
            PERMISSIONS,
            HeaderValue::from_static(
                "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
            ),
        );
        all.insert(OPENER, HeaderValue::from_static("same-origin"));
        all.insert(RESOURCE, HeaderValue::from_static("same-origin"));
        Security { all, of_pages: None, speculation: None, closed: false }
    }

    /// With speculation rules for pages to carry: the header names the rules by an address, and this
    /// one holds them itself (RFC 2397), so that no page waits for one more file. Their patterns must
    /// be `relative_to` the document, for such an address is no place to be relative to.
    ///
    /// # Errors
    /// Where the rules are no JSON.
    pub fn with_speculation(mut self, rules: &[u8]) -> serde_json::Result<Security> {
        let short = serde_json::from_slice::<serde_json::Value>(rules)?.to_string();
        let short = utf8_percent_encode(&short, IN_DATA);
        let value = format!("\"data:application/speculationrules+json,{short}\"");
        self.speculation = Some(HeaderValue::try_from(value).expect("what is encoded is plain ASCII"));
        Ok(self)
    }

    /// With sources that pages may use besides the site itself, each of a directive of the policy. Nothing
    /// else of the site may.
    ///
    /// Sources that are none, or of a directive that the policy has not, allow nothing.
    #[must_use]
    pub fn with_sources_of_pages(mut self, sources: &[(&str, String)]) -> Security {
        let policy = self.all[header::CONTENT_SECURITY_POLICY].to_str().unwrap_or_default();
        let widened = |directive: &str| {
            let name = directive.split(' ').next().unwrap_or_default();
            let own = sources.iter().filter(|(of, _)| *of == name).map(|(_, source)| format!(" {source}"));
            directive.to_owned() + &own.collect::<String>()
        };
        let wider = policy.split("; ").map(widened).collect::<Vec<_>>().join("; ");
        self.of_pages = HeaderValue::try_from(wider).ok().filter(|_| !sources.is_empty());
        self
    }

    /// For a site that is not in production: every answer says that it must not be indexed.
    #[must_use]
    pub fn closed_to_crawlers(mut self) -> Security {
        self.closed = true;
        self
    }

    /// The headers of a page of this policy, to be kept with it.
    pub fn page(&self, status: StatusCode, content_type: &'static str, policy: CachePolicy) -> HeaderMap {
        let mut headers = self.all.clone();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        policy.write(status, &mut headers);
        if let Some(wider) = self.of_pages.as_ref().filter(|_| content_type.starts_with("text/html")) {
            headers.insert(header::CONTENT_SECURITY_POLICY, wider.clone());
        }
        if let Some(rules) = self.speculation.as_ref().filter(|_| is_page(status, content_type)) {
            headers.insert(SPECULATION, rules.clone());
        }
        self.keep_out(status, &mut headers);
        headers
    }

    /// The headers of every answer of the back office (SECURITY 2.1): nobody keeps it, nobody indexes it,
    /// and no script makes markup of text.
    pub fn admin(&self) -> HeaderMap {
        let mut headers = self.all.clone();
        let csp = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("the policy is plain ASCII");
        let csp = format!("{csp}; require-trusted-types-for 'script'");
        let csp = HeaderValue::try_from(csp).expect("the policy is plain ASCII");
        headers.insert(header::CONTENT_SECURITY_POLICY, csp);
        // Addresses in here may hold secrets. Browsers without `Sec-Fetch-Site` still say the origin of a form.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(header::CACHE_CONTROL, CachePolicy::NoStore.value());
        headers.insert(ROBOTS_TAG, NOINDEX);
        headers
    }

    /// What is made for machines is no result of a search: feeds, sitemaps, robots.txt, JSON. They
    /// are read all the same. Files that name their canonical URL are somebody's documents.
    fn keep_out(&self, status: StatusCode, headers: &mut HeaderMap) {
        let for_machines = status == StatusCode::OK
            && !headers.contains_key(header::LINK)
            && headers.get(header::CONTENT_TYPE).is_some_and(is_for_machines);
        if self.closed || (for_machines && !headers.contains_key(ROBOTS_TAG)) {
            headers.insert(ROBOTS_TAG, NOINDEX);
        }
    }

    /// The last word on any answer: what lacks a header gets it, and what may not be stored says so.
    pub fn enforce(&self, status: StatusCode, headers: &mut HeaderMap) {
        for (name, value) in &self.all {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
        let personal = headers.contains_key(header::SET_COOKIE);
        let undecided = !headers.contains_key(header::CACHE_CONTROL);
        if personal || undecided || !may_be_public(status) {
            CachePolicy::NoStore.write(status, headers);
        }
        self.keep_out(status, headers);
    }
}

fn is_page(status: StatusCode, content_type: &str) -> bool {
    status == StatusCode::OK && content_type.starts_with("text/html")
}

fn is_for_machines(content_type: &HeaderValue) -> bool {
    let text = content_type.to_str().unwrap_or_default();
    let kind = text.split(';').next().unwrap_or_default().trim();
    let xml_or_json = kind.ends_with("xml") || kind.ends_with("json");
    (xml_or_json || kind == "text/plain") && kind != "image/svg+xml" && kind != "application/xhtml+xml"
}

/// Media may stand on other sites and in previews of links, so anybody may embed them.
pub fn open_to_other_sites(headers: &mut HeaderMap) {
    headers.insert(RESOURCE, HeaderValue::from_static("cross-origin"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(headers: &HeaderMap) -> String {
        let mut lines: Vec<_> =
            headers.iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap())).collect();
        lines.sort();
        lines.concat()
    }

    #[test]
    fn pages_alone_may_use_what_is_allowed_besides() {
        let host = "https://stats.example.org".to_owned();
        let security = Security::new(true, None);
        let plain = security.all[header::CONTENT_SECURITY_POLICY].clone();
        let wider = security.with_sources_of_pages(&[
            ("script-src", host.clone()),
            ("connect-src", host.clone()),
            ("frame-src", host),
        ]);
        let page = |kind| {
            wider.page(StatusCode::OK, kind, CachePolicy::PAGE)[header::CONTENT_SECURITY_POLICY].clone()
        };
        assert_eq!(page("application/atom+xml"), plain);
        let expected = plain
            .to_str()
            .unwrap()
            .replace("script-src 'self'", "script-src 'self' https://stats.example.org");
        let expected = expected.replace("connect-src 'self'", "connect-src 'self' https://stats.example.org");
        assert_eq!(page("text/html; charset=utf-8"), expected);
        let admin = wider.admin()[header::CONTENT_SECURITY_POLICY].clone();
        assert!(admin.to_str().unwrap().starts_with(plain.to_str().unwrap()));
        assert!(!admin.to_str().unwrap().contains("stats"));
    }

    #[test]
    fn a_public_page_carries_every_header_of_the_specification() {
        let headers = Security::new(true, Some("/reports")).page(
            StatusCode::OK,
            "text/html; charset=utf-8",
            CachePolicy::PAGE,
        );
        assert_eq!(
            lines(&headers),
            "cache-control: public, max-age=0, s-maxage=10, stale-while-revalidate=86400, stale-if-error=86400\n\
             content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; manifest-src 'self' data:; form-action 'self'; base-uri 'none'; object-src 'none'; \
             frame-ancestors 'none'; upgrade-insecure-requests; report-to csp\n\
             content-type: text/html; charset=utf-8\n\
             cross-origin-opener-policy: same-origin\n\
             cross-origin-resource-policy: same-origin\n\
             permissions-policy: camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()\n\
             referrer-policy: strict-origin-when-cross-origin\n\
             reporting-endpoints: csp=\"/reports\"\n\
             strict-transport-security: max-age=31536000\n\
             x-content-type-options: nosniff\n\
             x-public-cache: 1\n"
        );
    }

    #[test]
    fn what_is_made_for_machines_is_no_result_of_a_search() {
        let security = Security::new(true, None).with_speculation(br#"{"prefetch": []}"#).unwrap();
        for (content_type, status, tag, rules) in [
            ("text/html; charset=utf-8", 200, None, true),
            ("text/html; charset=utf-8", 404, None, false),
            ("application/atom+xml; charset=utf-8", 200, Some("noindex"), false),
            ("application/rss+xml", 200, Some("noindex"), false),
            ("application/feed+json", 200, Some("noindex"), false),
            ("application/json", 200, Some("noindex"), false),
            ("application/manifest+json", 200, Some("noindex"), false),
            ("text/plain; charset=utf-8", 200, Some("noindex"), false),
            ("text/plain; charset=utf-8", 301, None, false),
            ("image/svg+xml", 200, None, false),
            ("text/css; charset=utf-8", 200, None, false),
        ] {
            let headers =
                security.page(StatusCode::from_u16(status).unwrap(), content_type, CachePolicy::PAGE);
            assert_eq!(
                headers.get(ROBOTS_TAG).map(|tag| tag.to_str().unwrap()),
                tag,
                "{content_type} {status}"
            );
            assert_eq!(headers.contains_key(SPECULATION), rules, "{content_type} {status}");
        }
        let mut document = HeaderMap::new();
        document.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        document.insert(header::LINK, HeaderValue::from_static("<https://a.test/x>; rel=\"canonical\""));
        security.enforce(StatusCode::OK, &mut document);
        assert!(!document.contains_key(ROBOTS_TAG), "an uploaded text may be found");
    }

    #[test]
    fn a_closed_site_says_so_on_every_answer() {
        let security = Security::new(true, None).closed_to_crawlers();
        for code in 200..600 {
            let status = StatusCode::from_u16(code).unwrap();
            let mut headers = HeaderMap::new();
            headers.insert(ROBOTS_TAG, HeaderValue::from_static("all"));
            security.enforce(status, &mut headers);
            assert_eq!(headers[ROBOTS_TAG], "noindex", "{code}");
        }
        assert_eq!(security.page(StatusCode::OK, "text/html", CachePolicy::PAGE)[ROBOTS_TAG], "noindex");
    }

    #[test]
    fn plain_http_promises_nothing_about_https() {
        let headers =
            Security::new(false, None).page(StatusCode::OK, "text/html; charset=utf-8", CachePolicy::PAGE);
        let text = lines(&headers);
        for absent in ["upgrade-insecure-requests", "strict-transport-security", "report"] {
            assert!(!text.contains(absent), "{absent} in {text}");
        }
    }

    #[test]
    fn only_the_statuses_of_public_pages_are_marked() {
        let security = Security::new(true, None);
        for code in 200..600 {
            let status = StatusCode::from_u16(code).unwrap();
            let mut headers = security.page(status, "text/html; charset=utf-8", CachePolicy::PAGE);
            security.enforce(status, &mut headers);
            let public = [200, 206, 301, 304, 308, 404, 410].contains(&code);
            assert_eq!(headers.contains_key(PUBLIC_MARK), public, "{code}");
            assert_eq!(headers[header::CACHE_CONTROL] != "private, no-store", public, "{code}");
        }
    }

    #[test]
    fn what_nobody_declared_public_is_private() {
        let security = Security::new(true, None);
        let mut silent = HeaderMap::new();
        silent.insert(PUBLIC_MARK, HeaderValue::from_static("1"));
        security.enforce(StatusCode::OK, &mut silent);
        assert_eq!(silent[header::CACHE_CONTROL], "private, no-store");
        assert!(!silent.contains_key(PUBLIC_MARK));

        let mut personal = security.page(StatusCode::OK, "text/html; charset=utf-8", CachePolicy::PAGE);
        personal.insert(header::SET_COOKIE, HeaderValue::from_static("a=b"));
        security.enforce(StatusCode::OK, &mut personal);
        assert_eq!(personal[header::CACHE_CONTROL], "private, no-store");
        assert!(!personal.contains_key(PUBLIC_MARK));
    }
}
