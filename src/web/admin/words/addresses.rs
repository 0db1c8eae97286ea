//! What the pages of addresses say: redirects, rules, and what leads nowhere.

words! {
    AddressWords, ADDRESSES;
    redirects: "Redirects";
    redirects_reason: "Entries that move need none: their old addresses lead to them by themselves. These are for addresses that no entry ever had.";
    redirects_empty: "There are no redirects.";
    redirect_new: "Lead an address elsewhere";
    redirect_add: "Add";
    redirect_remove: "Remove";
    redirect_search: "Address holds";
    redirect_from: "Address";
    redirect_target: "Leads to";
    redirect_target_help: "An address of this site or of an allowed host; empty for one that is gone.";
    redirect_kind_label: "Matches";
    redirect_status: "Status";
    kind_exact: "this address alone";
    kind_prefix: "everything below it";
    kind_regex: "an expression";
    status_301: "301, for good";
    status_302: "302, for now";
    status_307: "307, for now, forms too";
    status_308: "308, for good, forms too";
    status_410: "410, gone";
    not_found: "Not found";
    not_found_reason: "Addresses that people asked for and that lead nowhere, with the most visits first. Programs and attacks are not counted. One leaves the list as soon as something answers there.";
    not_found_empty: "Nobody asked for anything that is not there.";
    not_found_empty_ignored: "Nothing is ignored.";
    not_found_untold: "{} visits came to too many different addresses at once to be told apart: somebody is trying addresses out.";
    not_found_board: "Addresses that lead nowhere and were asked for more than once: {}.";
    visits: "Visits";
    never: "none yet";
    last: "last {}";
    first: "first {}";
    came_from: "Last came from";
    came_from_nowhere: "unknown";
    lead_to: "Lead its visitors to";
    lead_to_help: "The best match is filled in where there is one. An address of this site, such as /about.";
    lead_to_proposed: "Proposed: {}";
    lead: "Lead there";
    gone: "It is gone";
    ignore: "Ignore";
    watch: "Don't ignore any more";
    show: "Show";
    show_waiting: "What waits";
    show_ignored: "What is ignored";
    holds: "Address holds";
    most: "To those with the most visits";
    fewer: "Fewer visits";
    exact_title: "Redirects";
    rules_title: "Rules";
    rules_reason: "A rule answers for many addresses at once, and only where nothing else does. They are tried from top to bottom; the first that fits counts.";
    edit: "Change";
    edit_title: "Change a redirect";
    edit_send: "Save";
    cancel: "Back without a change";
    import: "Import a table";
    export: "Export as CSV";
    first_page: "To the beginning";
    next_page: "Next";
    try_title: "Try an address out";
    try_reason: "What a visitor gets there, and why.";
    try_label: "Address or path";
    try_send: "Try it";
    tried_status: "Answer";
    tried_why: "Why";
    tried_to: "Leads to";
    tried_entry: "Entry";
    tried_former: "Former addresses";
    tried_index: "Search engines";
    tried_indexed: "may show it";
    tried_tags: "Cache tags";
    answer_200: "200, a page";
    answer_301: "301, moved for good";
    answer_302: "302, elsewhere for now";
    answer_307: "307, elsewhere for now";
    answer_308: "308, moved for good";
    answer_400: "400, no address that anything could have";
    answer_404: "404, nothing is there";
    answer_410: "410, gone";
    answer_other: "{}";
    import_title: "Import redirects";
    import_reason: "Paste a table with commas between its columns, as spreadsheets save it (CSV). The first line names the columns: from, and if need be to, kind, status. Nothing changes until you have seen what would happen.";
    import_example: "kind,from,to,status\nexact,/old-page,/new-page,301\nexact,/never-again,,410\nprefix,/blog,/articles,301";
    import_table: "Table";
    import_try: "See what would happen";
    import_do: "Import it";
    import_would: "What would happen";
    import_did: "What was done";
    import_new: "{} new or changed";
    import_same: "{} there already";
    import_left: "{} left out";
    import_line: "Line";
    import_said: "What is to be said";
    import_left_out: "left out";
    import_look: "worth a look";
    import_clean: "Every line is as it should be.";
    done_changed: "The redirect is changed.";
    done_led: "It leads there now.";
    done_gone: "It says now that it is gone.";
    done_ignored: "It is ignored from now on.";
    done_watched: "It is on the list again.";
    did_rule: "added a rule";
    did_ignore: "ignored an address that leads nowhere";
    did_watch: "watches an address that leads nowhere again";
}

impl AddressWords {
    /// What a query key `done` stands for.
    pub fn done(&self, key: &str) -> Option<&'static str> {
        Some(match key {
            "changed_redirect" => self.done_changed,
            "led" => self.done_led,
            "gone" => self.done_gone,
            "ignored" => self.done_ignored,
            "watched" => self.done_watched,
            _ => return None,
        })
    }

    /// What the kind of a redirect or rule matches.
    pub fn redirect_kind(&self, kind: &str) -> &'static str {
        match kind {
            "prefix" => self.kind_prefix,
            "regex" => self.kind_regex,
            _ => self.kind_exact,
        }
    }

    /// What a status tells a visitor.
    pub fn status(&self, status: u16) -> String {
        let known = match status {
            200 => self.answer_200,
            301 => self.answer_301,
            302 => self.answer_302,
            307 => self.answer_307,
            308 => self.answer_308,
            400 => self.answer_400,
            404 => self.answer_404,
            410 => self.answer_410,
            other => return super::fill(self.answer_other, other),
        };
        known.to_owned()
    }
}
