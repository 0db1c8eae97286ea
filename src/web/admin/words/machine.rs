//! What the pages of the engine room say: the cache and the jobs.

words! {
    MachineWords, MACHINE;
    cache: "Cache";
    cache_reason: "Finished pages are kept in memory and dropped by themselves as soon as something they show changes. Dropping them by hand is for what the site can't know of. Nothing breaks by it: a page that was dropped is made anew when it is next asked for.";
    cache_here: "The figures are those of the machine that answers you, since it was started. What you drop is dropped on all machines.";
    cache_in_front: "Whatever stands in front of the site, a CDN for one, keeps its own copies for a short time more.";
    cache_kept: "What is kept";
    cache_part: "Kept";
    cache_entries: "How many";
    cache_bytes: "Memory";
    cache_of: "{} of at most {}";
    part_pages: "Pages";
    part_others: "Redirects and “not found”";
    part_outdated: "Older copies, for when the database is away";
    part_files: "Small pictures";
    cache_answers: "Where pages came from";
    hits: "From memory";
    misses: "Made when asked for";
    coalesced: "Made once for several who asked at the same time";
    stale: "An older copy, because the database was away";
    discarded: "Made, but outdated before it was ready";
    hit_share: "{} % from memory";
    purge_page: "Drop a page";
    purge_page_label: "Address or path";
    purge_page_help: "Such as /about. Of a list, all its pages go.";
    purge_page_send: "Drop this page";
    purge_tag: "Drop all that shows something";
    purge_tag_label: "Tag";
    purge_tag_help: "Such as entry:42 (an entry, by its number), type:place (a type), media:… (a picture). “Try an address out” on the page of redirects names those of a page.";
    purge_tag_send: "Drop these pages";
    purge_all: "Drop everything";
    purge_all_help: "All pages are made anew one by one; for a while visitors wait a little longer.";
    purge_all_send: "Drop all pages";
    done_purged: "Dropped, on all machines.";
    did_purge: "dropped pages from the cache";
    jobs_all: "All";
    jobs_state: "State";
    jobs_counted: "{} waiting, {} running, {} failed for good";
    jobs_narrowed: "There is no such work.";
    jobs_more: "Only the first {} are shown.";
    jobs_retry_all: "Try all that failed again";
}

impl MachineWords {
    pub fn part(&self, name: &str) -> &'static str {
        match name {
            "pages" => self.part_pages,
            "others" => self.part_others,
            "outdated" => self.part_outdated,
            _ => self.part_files,
        }
    }
}
