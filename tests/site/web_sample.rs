//! The sample that a new site shows: it comes in without a complaint, and every page of it answers.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use atlas::actions::import::sample;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::on_both;
use crate::support::html::{Element, Html};
use crate::support::web::{Site, path_of};

/// Of a page as it travels.
const MOST_HTML: usize = 40 * 1024;

fn gzipped(text: &str) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap().len()
}

on_both! {
    async fn the_sample_comes_in_whole_and_every_page_of_it_answers(site: Site) {
        let report = sample::load(&site.app).await.unwrap().expect("the site is empty");
        assert_eq!((report.problems.as_slice(), report.notes.as_slice()), (&[][..], &[][..]));
        assert_eq!(report.created, 180);
        assert!(sample::load(&site.app).await.unwrap().is_none(), "it is loaded once");

        let mut named: HashMap<String, Vec<(String, String)>> = HashMap::new();
        let mut titles = HashMap::new();
        let mut descriptions = HashMap::new();
        let mut asked = HashSet::new();
        for url in site.sitemap().await {
            let answer = site.get(path_of(&url)).await;
            assert_eq!(answer.hop(), "200", "{url}");
            let size = gzipped(answer.text());
            assert!(size <= MOST_HTML, "{url} has {size} bytes, compressed");
            let page = Html::parse(answer.text());
            assert_eq!(page.canonical(), Some(url.as_str()));
            assert_eq!(page.all("h1").count(), 1, "{url}");
            let html = page.one("html");
            let persian = path_of(&url) == "/fa" || path_of(&url).starts_with("/fa/");
            let expected = if persian { ("fa", "rtl") } else { ("en", "ltr") };
            assert_eq!((html.get("lang").unwrap(), html.get("dir").unwrap()), expected, "{url}");
            for picture in page.all("img") {
                assert!(picture.get("alt").is_some_and(|alt| !alt.is_empty()), "{url}: {picture:?}");
            }
            assert!(!page.meta("description").is_empty(), "{url}");
            if let Some(other) = titles.insert(page.title().to_owned(), url.clone()) {
                panic!("{other} and {url} have one title");
            }
            if let Some(other) = descriptions.insert(page.meta("description").to_owned(), url.clone()) {
                panic!("{other} and {url} have one description");
            }
            for address in page.addresses().filter(|address| address.starts_with('/')) {
                let address = address.split('#').next().unwrap();
                if !asked.insert(address.to_owned()) {
                    continue;
                }
                let answer = site.get(address).await;
                assert_eq!(answer.hop(), "200", "{address}, on {url}");
            }
            let of = |link: &Element| {
                (link.get("hreflang").unwrap().to_owned(), link.get("href").unwrap().to_owned())
            };
            let alternates = page.links("alternate").filter(|link| link.get("hreflang").is_some());
            named.insert(url, alternates.map(of).collect());
        }
        for (url, alternates) in &named {
            for (_, other) in alternates {
                assert_eq!(named.get(other), Some(alternates), "{url} names {other}, which names others");
            }
        }
        assert!(named.values().filter(|alternates| alternates.len() == 3).count() > 80);
    }
}
