#!/usr/bin/env python3
"""Reads robots.txt, sitemaps and feeds of a running site with readers that others wrote.

    python3 tests/judge/feeds.py http://127.0.0.1:8080

The site's origin must be that address. Needs these packages of PyPI:
feedparser, protego, ultimate-sitemap-parser, lxml.
"""

import argparse
import collections
import datetime
import gzip
import json
import logging
import sys
import urllib.error
import urllib.request
import urllib.robotparser

import feedparser
import lxml.etree
import lxml.html
import protego
from usp.tree import sitemap_tree_for_homepage

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
XHTML = "{http://www.w3.org/1999/xhtml}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
FORMATS = {
    "feed.xml": ("application/atom+xml", "atom10"),
    "rss.xml": ("application/rss+xml", "rss20"),
    "feed.json": ("application/feed+json", None),
}
SEARCH_ENGINES = ("Googlebot", "Googlebot-Image", "Bingbot", "Applebot", "DuckDuckBot")
MOST_FAULTS = 50

faults = []
counts = collections.Counter()


def fault(where, what):
    faults.append(f"{where}: {what}")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirect)


def get(url, **headers):
    """Status, headers and body of one answer; redirects are not followed."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip", **headers})
    try:
        answer = opener.open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    body = answer.read()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return answer.status if hasattr(answer, "status") else answer.code, answer.headers, body


def instant(where, text):
    try:
        at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return fault(where, f"{text!r} is no date")
    if at.tzinfo is None:
        return fault(where, f"{text!r} has no zone")
    if at > datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5):
        fault(where, f"{text!r} is still to come")
    return at


def check_robots(base):
    """The sitemaps that it names, and a reader of its rules."""
    url = f"{base}/robots.txt"
    status, headers, body = get(url)
    if status != 200 or not headers.get("Content-Type", "").startswith("text/plain"):
        fault(url, f"{status} {headers.get('Content-Type')}")
    if len(body) > 512_000:
        fault(url, f"{len(body)} bytes")
    text = body.decode("utf-8")
    rules = protego.Protego.parse(text)
    other = urllib.robotparser.RobotFileParser()
    other.parse(text.splitlines())
    if sorted(rules.sitemaps) != sorted(other.site_maps() or []):
        fault(url, "two readers find different sitemaps")
    return list(rules.sitemaps), rules


def check_readable(rules, url):
    for agent in SEARCH_ENGINES:
        if not rules.can_fetch(url, agent):
            fault(url, f"robots.txt keeps {agent} from it")


def xml_of(url):
    status, headers, body = get(url)
    if status != 200 or not headers.get("Content-Type", "").startswith("application/xml"):
        fault(url, f"{status} {headers.get('Content-Type')}")
        return None
    if len(body) > 50 * 1024 * 1024:
        fault(url, f"{len(body)} bytes")
    again, _, rest = get(url, **{"If-None-Match": headers.get("ETag", "")})
    if again != 304 or rest:
        fault(url, f"{again} to whoever has it already")
    return lxml.etree.fromstring(body)


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def check_index(base, url):
    """Pages by address, with their dates and alternates."""
    index = xml_of(url)
    pages = {}
    if index is None or index.tag != f"{SITEMAP}sitemapindex":
        fault(url, "is no index")
        return pages
    for child in index:
        loc = child.findtext(f"{SITEMAP}loc")
        newest = check_shard(base, loc, pages)
        # When the file changed (sitemaps.org): a page that came, moved or went counts with its instant,
        # so that is never before the newest date in it, nor to come. Parts without dates have none.
        changed, now = child.findtext(f"{SITEMAP}lastmod"), datetime.datetime.now(datetime.timezone.utc)
        if (changed is None) != (newest is None):
            fault(loc, f"the index says {changed}, its newest page {newest}")
        elif changed is not None and not (moment(newest) <= moment(changed) <= now):
            fault(loc, f"the index says {changed}, its newest page {newest}, and it is {now.isoformat()}")
        counts["sitemaps"] += 1
    return pages


def check_shard(base, url, pages):
    shard = xml_of(url)
    if shard is None:
        return None
    newest = None
    if not 0 < len(shard) <= 50_000:
        fault(url, f"{len(shard)} pages")
    for entry in shard:
        loc = entry.findtext(f"{SITEMAP}loc")
        if not loc.startswith(f"{base}/"):
            fault(url, f"{loc} is elsewhere")
        if loc in pages:
            fault(loc, "is listed twice")
        lastmod = entry.findtext(f"{SITEMAP}lastmod")
        if lastmod:
            instant(loc, lastmod)
            newest = max(newest or "", lastmod)
        images = [image.findtext(f"{IMAGE}loc") for image in entry.findall(f"{IMAGE}image")]
        if len(images) > 1_000 or len(images) != len(set(images)):
            fault(loc, f"{len(images)} pictures, {len(set(images))} different")
        links = {link.get("hreflang"): link.get("href") for link in entry.findall(f"{XHTML}link")}
        pages[loc] = (links, images)
    return newest


def check_alternates(pages):
    for loc, (links, _) in pages.items():
        if not links:
            continue
        if loc not in links.values() or "x-default" not in links:
            fault(loc, f"its alternates lack itself or x-default: {links}")
        for href in links.values():
            if pages.get(href, ({}, []))[0] != links:
                fault(loc, f"{href} names other alternates")


def check_page(loc, images, rules):
    """The feeds that a page names."""
    check_readable(rules, loc)
    status, headers, body = get(loc)
    if status != 200 or "noindex" in headers.get("X-Robots-Tag", ""):
        fault(loc, f"{status} {headers.get('X-Robots-Tag', '')}")
        return []
    page = lxml.html.fromstring(body.decode("utf-8"))
    canonical = [link.get("href") for link in page.xpath("//link[@rel='canonical']")]
    if canonical != [loc]:
        fault(loc, f"its canonical address is {canonical}")
    if any("noindex" in meta.get("content", "") for meta in page.xpath("//meta[@name='robots']")):
        fault(loc, "is listed and says noindex")
    page.make_links_absolute(loc)
    shown = {image.get("src") for image in page.xpath("//img[@src]")}
    for image in images:
        check_readable(rules, image)
        if image not in shown:
            fault(loc, f"{image} is listed and not shown")
    counts["pages"] += 1
    counts["pictures"] += len(images)
    kind = "//link[@rel='alternate'][@type='application/atom+xml']"
    return [link.get("href") for link in page.xpath(kind)]


def check_news(url):
    news = xml_of(url)
    if news is None:
        return
    oldest = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=48, minutes=5)
    if len(news) > 1_000:
        fault(url, f"{len(news)} stories")
    for entry in news:
        loc = entry.findtext(f"{SITEMAP}loc")
        story = entry.find(f"{NEWS}news")
        for name in (f"{NEWS}publication/{NEWS}name", f"{NEWS}publication/{NEWS}language", f"{NEWS}title"):
            if not story.findtext(name):
                fault(loc, f"its news lack {name}")
        at = instant(loc, story.findtext(f"{NEWS}publication_date"))
        if at and at < oldest:
            fault(loc, f"{at} is no news")
        counts["stories"] += 1


def check_feeds(atom):
    """The three formats of a feed, which say the same."""
    ids = {}
    for name, (mime, version) in FORMATS.items():
        url = atom.removesuffix("feed.xml") + name
        status, headers, body = get(url)
        if status != 200 or not headers.get("Content-Type", "").startswith(mime):
            fault(url, f"{status} {headers.get('Content-Type')}")
            continue
        again, _, rest = get(url, **{"If-None-Match": headers.get("ETag", "")})
        if again != 304 or rest:
            fault(url, f"{again} to whoever has it already")
        ids[name] = check_json(url, body) if version is None else check_xml(url, body, version)
        counts["feeds"] += 1
    if len({tuple(found) for found in ids.values()}) > 1:
        fault(atom, "its formats hold different entries")


def check_xml(url, body, version):
    feed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    if feed.bozo or feed.version != version:
        fault(url, f"{feed.version}: {feed.get('bozo_exception', 'another format')}")
    links = {link.rel: link.href for link in feed.feed.get("links", [])}
    if links.get("self") != url:
        fault(url, f"says that it is {links.get('self')}")
    if not feed.feed.get("title") or not feed.feed.get("link"):
        fault(url, "lacks a title or its page")
    for entry in feed.entries:
        where = f"{url} {entry.get('link')}"
        if not entry.get("id") or not entry.get("title") or not entry.get("link"):
            fault(where, "lacks an id, a title or a link")
        if entry.get("published_parsed") is None:
            fault(where, "has no date")
        for content in entry.get("content", []):
            check_html(where, content.value)
        counts["entries"] += 1
    return [entry.get("id") for entry in feed.entries]


def check_json(url, body):
    feed = json.loads(body)
    if feed.get("version") != "https://jsonfeed.org/version/1.1" or feed.get("feed_url") != url:
        fault(url, f"{feed.get('version')} at {feed.get('feed_url')}")
    for key in ("title", "home_page_url", "language", "items"):
        if key not in feed:
            fault(url, f"lacks {key}")
    for item in feed["items"]:
        where = f"{url} {item.get('url')}"
        if not item.get("id") or ("content_html" not in item and "content_text" not in item):
            fault(where, "lacks an id or content")
        for key in ("date_published", "date_modified"):
            if key in item:
                instant(where, item[key])
        if "content_html" in item:
            check_html(where, item["content_html"])
        counts["entries"] += 1
    return [item.get("id") for item in feed["items"]]


def check_html(where, html):
    for _, attribute, link, _ in lxml.html.fragment_fromstring(html, create_parent=True).iterlinks():
        if not link.startswith(("http://", "https://", "mailto:", "tel:")):
            fault(where, f"{attribute}={link!r} leads nowhere in a reader")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", help="the site's origin, such as http://127.0.0.1:8080")
    base = parser.parse_args().base.rstrip("/")
    logging.disable(logging.CRITICAL)
    sitemaps, rules = check_robots(base)
    pages = {}
    for sitemap in sitemaps:
        check_readable(rules, sitemap)
        if sitemap.endswith("/sitemap-news.xml"):
            check_news(sitemap)
        else:
            pages.update(check_index(base, sitemap))
    if not pages:
        fault(base, "robots.txt leads to no page: is it a production site?")
    check_alternates(pages)
    found = {page.url for page in sitemap_tree_for_homepage(base, use_known_paths=False).all_pages()}
    missing = set(pages) - found
    if missing:
        fault(base, f"another reader of sitemaps misses {len(missing)} pages, such as {sorted(missing)[0]}")
    feeds = set()
    for loc, (_, images) in pages.items():
        feeds.update(check_page(loc, images, rules))
    for feed in sorted(feeds):
        check_feeds(feed)
    for line in faults[:MOST_FAULTS]:
        print(line)
    if len(faults) > MOST_FAULTS:
        print(f"… and {len(faults) - MOST_FAULTS} more")
    print(", ".join(f"{count} {what}" for what, count in counts.items()) + f": {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
