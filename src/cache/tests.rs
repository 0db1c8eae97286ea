use std::sync::atomic::AtomicUsize;

use bytes::Bytes;
use hyper::HeaderMap;
use tokio::sync::Notify;

use super::*;
use crate::clock::Time;

const CAPACITY: u64 = 64 << 20;

fn pages() -> Pages {
    Pages::new(CAPACITY, Clock::fixed(Time(1_000)))
}

fn page(status: u16, body: &str, tags: &[&str], rendered_from: i64) -> CachedPage {
    let rendered = Rendered {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body.as_bytes()),
        tags: tags.iter().map(Tag::new).collect(),
        rendered_from,
    };
    CachedPage::new(rendered, Time(1_000), Duration::from_mins(1))
}

fn tags(names: &[&str]) -> Vec<Tag> {
    names.iter().map(Tag::new).collect()
}

fn body(pages: &Pages, key: &str) -> Option<String> {
    Some(String::from_utf8(pages.get(key)?.identity.body.to_vec()).unwrap())
}

#[test]
fn a_change_drops_the_pages_with_its_tags_and_no_others() {
    let pages = pages();
    pages.store("/a", page(200, "a", &["entry:1", "site"], 5));
    pages.store("/b", page(200, "b", &["entry:2", "site"], 5));
    pages.store("/old", page(301, "", &["entry:1"], 5));
    pages.invalidate(&tags(&["entry:1"]), 6);
    assert_eq!(body(&pages, "/a"), None);
    assert_eq!(body(&pages, "/old"), None);
    assert_eq!(body(&pages, "/b").as_deref(), Some("b"));
    pages.invalidate(&tags(&["site"]), 7);
    assert_eq!(body(&pages, "/b"), None);
}

#[test]
fn a_page_that_has_seen_the_change_stays_and_goes_with_the_next() {
    let pages = pages();
    pages.store("/a", page(200, "new", &["entry:1"], 6));
    pages.invalidate(&tags(&["entry:1"]), 6);
    assert_eq!(body(&pages, "/a").as_deref(), Some("new"));
    pages.invalidate(&tags(&["entry:1"]), 7);
    assert_eq!(body(&pages, "/a"), None);
}

#[test]
fn a_page_rendered_before_a_change_is_not_kept_after_it() {
    let pages = pages();
    pages.invalidate(&tags(&["entry:1"]), 6);
    assert_eq!(pages.store("/a", page(200, "old", &["x", "entry:1"], 5)), Stored::Outdated);
    assert_eq!(body(&pages, "/a"), None);
    assert_eq!(pages.store("/other", page(200, "other", &["x"], 5)), Stored::Kept);
    assert_eq!(pages.store("/a", page(200, "new", &["x", "entry:1"], 6)), Stored::Kept);
    // Changes may be applied twice or late, after a lost connection.
    pages.invalidate(&tags(&["entry:1"]), 3);
    assert_eq!(body(&pages, "/a").as_deref(), Some("new"));
    assert_eq!(pages.store("/b", page(200, "old", &["entry:1"], 5)), Stored::Outdated);
}

#[test]
fn a_flush_drops_everything_and_what_is_still_being_rendered() {
    let pages = pages();
    pages.store("/a", page(200, "a", &["x"], 5));
    pages.store("/none", page(404, "", &[], 5));
    pages.flush(9);
    assert_eq!((body(&pages, "/a"), body(&pages, "/none")), (None, None));
    assert_eq!(pages.store("/a", page(200, "a", &[], 8)), Stored::Outdated);
    assert_eq!(pages.store("/a", page(200, "a", &[], 9)), Stored::Kept);
}

#[test]
fn the_memory_of_changes_is_bounded_and_forgetting_is_safe() {
    let pages = pages();
    for i in 0..70_000 {
        pages.invalidate(&tags(&[&format!("entry:{i}")]), i);
    }
    assert!(pages.index().sizes().1 <= 65_536);
    // Entry 7's change is forgotten one by one, but no page from before it gets in.
    assert_eq!(pages.store("/7", page(200, "", &["entry:7"], 6)), Stored::Outdated);
    assert_eq!(pages.store("/7", page(200, "", &["entry:7"], 70_000)), Stored::Kept);
}

#[test]
fn a_page_that_changes_its_kind_is_found_once() {
    let pages = pages();
    pages.store("/a", page(404, "none", &["a"], 1));
    pages.store("/a", page(200, "here", &["a"], 2));
    assert_eq!(body(&pages, "/a").as_deref(), Some("here"));
    pages.store("/a", page(410, "gone", &["a"], 3));
    assert_eq!(body(&pages, "/a").as_deref(), Some("gone"));
}

#[test]
fn a_page_is_fresh_only_for_its_time() {
    let clock = Clock::fixed(Time(1_000));
    let pages = Pages::new(CAPACITY, clock.clone());
    pages.store("/a", page(200, "a", &[], 1));
    clock.advance(59_999);
    assert!(pages.get("/a").is_some());
    clock.advance(1);
    assert!(pages.get("/a").is_none());
}

#[test]
fn addresses_that_lead_nowhere_push_out_no_page() {
    let pages = Pages::new(16 << 20, Clock::fixed(Time(1_000)));
    pages.store("/hot", page(200, &"hot ".repeat(5_000), &["entry:1"], 1));
    for i in 0..100_000 {
        pages.store(&format!("/random-{i}"), page(404, "nothing here", &["site"], 1));
    }
    assert!(pages.get("/hot").is_some());
    assert!(pages.bytes() <= 16 << 20, "{}", pages.bytes());
    // What was evicted is gone from the tag index too.
    let held = pages.no_pages.entry_count() + pages.live.entry_count();
    assert!(pages.index().sizes().0 as u64 <= held, "{held}");
    pages.invalidate(&tags(&["site"]), 2);
    pages.bytes();
    assert_eq!(pages.no_pages.entry_count(), 0);
    assert_eq!(pages.index().sizes().0, 1);
}

#[test]
fn memory_stays_within_the_capacity_when_pages_are_many() {
    let capacity = 8 << 20;
    let pages = Pages::new(capacity, Clock::fixed(Time(1_000)));
    for i in 0..3_000 {
        let text = format!("{i} ").repeat(3_000);
        pages.store(&format!("/{i}"), page(200, &text, &["site", &format!("entry:{i}")], 1));
        if i % 500 == 499 {
            pages.invalidate(&tags(&["site"]), 1);
        }
    }
    assert!(pages.bytes() <= capacity, "{}", pages.bytes());
    let held = pages.live.entry_count();
    assert!(held > 0 && pages.index().sizes().0 as u64 <= 2 * held);
}

#[test]
fn every_order_of_rendering_storing_and_changing_ends_without_an_old_page() {
    let pages = Arc::new(pages());
    let sequence = Arc::new(AtomicI64::new(0));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (pages, sequence) = (Arc::clone(&pages), Arc::clone(&sequence));
            scope.spawn(move || {
                for i in 0..3_000_u32 {
                    let key = format!("/{}", i % 7);
                    let tag = format!("entry:{}", i % 7);
                    if thread == 0 {
                        let changed = sequence.fetch_add(1, Ordering::SeqCst) + 1;
                        pages.invalidate(&tags(&[&tag]), changed);
                        // From here on nobody may see it as it was.
                        if let Some(page) = pages.get(&key) {
                            assert!(page.rendered_from >= changed, "{key}");
                        }
                    } else {
                        let from = sequence.load(Ordering::SeqCst);
                        pages.store(&key, page(200, "x", &[&tag], from));
                    }
                }
            });
        }
    });
    pages.invalidate(
        &tags(&["entry:0", "entry:1", "entry:2", "entry:3", "entry:4", "entry:5", "entry:6"]),
        1 << 40,
    );
    pages.bytes();
    assert_eq!((pages.live.entry_count(), pages.index().sizes().0), (0, 0));
}

#[test]
fn each_encoding_has_its_own_tag_and_complete_headers() {
    let page = page(200, &"text ".repeat(100), &[], 1);
    let gzip = page.gzip.as_ref().unwrap();
    assert_eq!(page.identity.headers["content-length"], "500");
    assert_eq!(gzip.headers["content-length"].to_str().unwrap(), gzip.body.len().to_string());
    assert_eq!(
        (&gzip.headers["content-encoding"], &gzip.headers["vary"]),
        (&"gzip".parse().unwrap(), &"accept-encoding".parse().unwrap())
    );
    assert_ne!(gzip.etag, page.identity.etag);
    assert!(!gzip.not_modified().contains_key("content-encoding"));
    assert!(!gzip.not_modified().contains_key("content-length"));
    assert!(super::tests::page(200, "x", &[], 1).gzip.is_none());
    assert!(super::tests::page(404, "x", &[], 1).identity.etag.is_none());
}

/// Compressible, but not by a machine that sees only repetition.
fn prose() -> String {
    (0..400)
        .map(|n| format!("<p>Paragraph {} of {n} tells of the {}th place.</p>", n * 7919, n % 31))
        .collect()
}

#[test]
fn a_page_asked_for_twice_gets_its_smallest_forms_and_keeps_its_tags() {
    let pages = pages();
    pages.store("/a", page(200, &prose(), &["entry:1"], 5));
    assert!(!pages.pack_next(), "nobody has asked yet");
    let first = pages.get("/a").unwrap();
    let (quick, plain) = (first.gzip.as_ref().unwrap(), &first.identity);
    assert!(first.br.is_none());
    pages.get("/a").unwrap();
    let before = pages.bytes();
    assert!(pages.pack_next() && !pages.pack_next(), "one page, one time");
    let small = pages.get("/a").unwrap();
    let (gzip, br) = (small.gzip.as_ref().unwrap(), small.br.as_ref().unwrap());
    assert!(br.body.len() < gzip.body.len() && gzip.body.len() < quick.body.len());
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut brotli::Decompressor::new(&br.body[..], 4_096), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&gzip.body[..]), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    // A strong tag names bytes: four forms, four tags, and the quick one is still known.
    let tags = [&plain.etag, &quick.etag, &gzip.etag, &br.etag].map(|tag| tag.clone().unwrap());
    let different: std::collections::HashSet<_> = tags.iter().map(|tag| tag.to_str().unwrap()).collect();
    assert_eq!((different.len(), small.quick.as_ref()), (4, Some(&tags[1])));
    for (form, coding) in [(gzip, "gzip"), (br, "br")] {
        assert_eq!(form.headers["content-encoding"], coding);
        assert_eq!(form.headers["content-length"], form.body.len().to_string());
        assert_eq!(form.headers["vary"], "accept-encoding");
    }
    let grown = pages.bytes() - before;
    assert!(grown as usize > br.body.len(), "the new form is weighed: {grown}");
    assert_eq!((pages.counts().packed, pages.live.entry_count()), (1, 1));
    pages.invalidate(&tags_of_entry(), 6);
    assert!(pages.get("/a").is_none());
}

fn tags_of_entry() -> Vec<Tag> {
    tags(&["entry:1"])
}

#[test]
fn what_changes_while_it_is_packed_is_not_put_back() {
    let pages = pages();
    let key = Arc::<str>::from("/a");
    pages.store("/a", page(200, &prose(), &["entry:1"], 5));
    let kept = pages.live.get(&key).unwrap();
    pages.invalidate(&tags_of_entry(), 6);
    pages.replace(key.clone(), &kept, Arc::new(kept.page.packed()));
    assert!(pages.get("/a").is_none());
    pages.store("/a", page(200, "another", &["entry:1"], 7));
    pages.replace(key, &kept, Arc::new(kept.page.packed()));
    assert_eq!(body(&pages, "/a").as_deref(), Some("another"));
    assert_eq!(pages.counts().packed, 0);
}

#[test]
fn redirects_and_pages_of_errors_are_not_packed() {
    let pages = pages();
    pages.store("/none", page(404, &prose(), &[], 5));
    pages.store("/small", page(200, "small", &[], 5));
    for _ in 0..3 {
        pages.get("/none").unwrap();
        pages.get("/small").unwrap();
    }
    assert!(!pages.pack_next());
}

#[test]
fn the_thread_packs_and_ends_with_the_pages() {
    let pages = Arc::new(pages());
    pages.pack_in_background().unwrap();
    pages.store("/a", page(200, &prose(), &["entry:1"], 5));
    let started = std::time::Instant::now();
    while pages.get("/a").unwrap().br.is_none() {
        assert!(started.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(10));
    }
    let weak = Arc::downgrade(&pages);
    drop(pages);
    while weak.strong_count() > 0 {
        assert!(started.elapsed() < Duration::from_secs(40));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_at_once_cost_one_render() {
    let pages = Arc::new(pages());
    let renders = Arc::new(AtomicUsize::new(0));
    let asking: Vec<_> = (0..1_000)
        .map(|_| {
            let (pages, renders) = (Arc::clone(&pages), Arc::clone(&renders));
            tokio::spawn(async move {
                let render = || async {
                    renders.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    Ok(page(200, "once", &[], 1))
                };
                pages.get_or_render("/a", render).await.unwrap().page.identity.body.clone()
            })
        })
        .collect();
    for asked in asking {
        assert_eq!(asked.await.unwrap(), "once");
    }
    assert_eq!(renders.load(Ordering::SeqCst), 1);
    let counts = pages.counts();
    assert_eq!((counts.misses, counts.coalesced + counts.hits), (1, 999));
    assert_eq!(pages.flights.count(), 0);
}

#[tokio::test]
async fn when_the_one_who_renders_goes_away_the_next_takes_over() {
    let pages = Arc::new(pages());
    let started = Arc::new(Notify::new());
    let first = {
        let (pages, started) = (Arc::clone(&pages), Arc::clone(&started));
        tokio::spawn(async move {
            let render = || async move {
                started.notify_one();
                std::future::pending().await
            };
            pages.get_or_render("/a", render).await.map(|_| ())
        })
    };
    started.notified().await;
    let second = {
        let pages = Arc::clone(&pages);
        tokio::spawn(
            async move { pages.get_or_render("/a", || async { Ok(page(200, "second", &[], 1)) }).await },
        )
    };
    tokio::task::yield_now().await;
    assert!(!second.is_finished());
    first.abort();
    let served = second.await.unwrap().unwrap();
    assert_eq!((served.outcome, &served.page.identity.body[..]), (Outcome::Miss, &b"second"[..]));
    assert_eq!(pages.flights.count(), 0);
}

#[tokio::test]
async fn a_fault_is_not_kept_and_not_shared() {
    let pages = Arc::new(pages());
    let failed = pages.get_or_render("/a", || async { Err(Error::Internal("broken".into())) }).await;
    assert!(matches!(failed, Err(Error::Internal(_))));
    let panicked = {
        let pages = Arc::clone(&pages);
        tokio::spawn(
            async move { pages.get_or_render("/a", || async { panic!("on purpose") }).await.map(|_| ()) },
        )
    };
    assert!(panicked.await.unwrap_err().is_panic());
    let served = pages.get_or_render("/a", || async { Ok(page(200, "fine", &[], 1)) }).await.unwrap();
    assert_eq!(served.outcome, Outcome::Miss);
    assert_eq!(pages.flights.count(), 0);
}

#[tokio::test]
async fn an_outdated_page_is_shown_only_while_the_database_is_away() {
    let pages = pages();
    let away = || async { Err(Error::Unavailable("no database".into())) };
    pages.store("/a", page(200, "old", &["entry:1"], 1));
    pages.invalidate(&tags(&["entry:1"]), 2);
    let served = pages.get_or_render("/a", away).await.unwrap();
    assert_eq!((served.outcome, &served.page.identity.body[..]), (Outcome::Stale, &b"old"[..]));
    assert!(matches!(pages.get_or_render("/b", away).await, Err(Error::Unavailable(_))));

    // Once it is known to be gone, the old copy is gone too.
    let gone = pages.get_or_render("/a", || async { Ok(page(410, "gone", &["entry:1"], 2)) }).await.unwrap();
    assert_eq!(gone.page.status, 410);
    pages.invalidate(&tags(&["entry:1"]), 3);
    assert!(matches!(pages.get_or_render("/a", away).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn who_asks_after_a_change_gets_no_render_from_before_it() {
    let pages = Arc::new(pages());
    let (started, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let first = {
        let (pages, started, go) = (Arc::clone(&pages), Arc::clone(&started), Arc::clone(&go));
        tokio::spawn(async move {
            let render = || async move {
                started.notify_one();
                go.notified().await;
                Ok(page(200, "before", &["entry:1"], 1))
            };
            pages.get_or_render("/a", render).await
        })
    };
    started.notified().await;
    pages.invalidate(&tags(&["entry:1"]), 2);
    let second = {
        let pages = Arc::clone(&pages);
        tokio::spawn(async move {
            pages.get_or_render("/a", || async { Ok(page(200, "after", &["entry:1"], 2)) }).await
        })
    };
    tokio::task::yield_now().await;
    go.notify_one();
    assert_eq!(first.await.unwrap().unwrap().page.identity.body, "before");
    assert_eq!(second.await.unwrap().unwrap().page.identity.body, "after");
    assert_eq!(body(&pages, "/a").as_deref(), Some("after"));
}
