use std::time::Duration;

use super::*;

#[test]
fn every_address_has_a_route() {
    for (path, route) in [
        ("/", Route::Page),
        ("/articles/a", Route::Page),
        ("/feed.xml", Route::Page),
        ("/mediation", Route::Page),
        ("/static/00000000/site.css", Route::Static),
        ("/media/0123456789abcdef/a.jpg", Route::Media),
        ("/sitemap.xml", Route::Sitemap),
        ("/sitemaps/place-1.xml", Route::Sitemap),
        ("/robots.txt", Route::File),
        ("/favicon.ico", Route::File),
        ("/.well-known/security.txt", Route::File),
        ("/healthz", Route::Health),
    ] {
        assert_eq!(Route::of(path), route, "{path}");
    }
    for (at, route) in Route::ALL.into_iter().enumerate() {
        assert_eq!(route as usize, at, "{}", route.name());
    }
}

#[test]
fn a_time_is_counted_within_the_first_bound_that_holds_it() {
    let times = Times::default();
    for (microseconds, at) in
        [(0, 0), (1, 0), (1_000, 0), (1_001, 1), (4_999, 2), (30_000_000, 11), (30_000_001, 12)]
    {
        let before = times.within[at].load(Ordering::Relaxed);
        times.add(Duration::from_micros(microseconds));
        assert_eq!(times.within[at].load(Ordering::Relaxed), before + 1, "{microseconds}");
    }
}

#[test]
fn statuses_fall_into_five_classes() {
    for (status, expected) in [(101, 0), (200, 1), (304, 2), (404, 3), (503, 4), (999, 4)] {
        assert_eq!(class(StatusCode::from_u16(status).unwrap()), expected);
    }
}
