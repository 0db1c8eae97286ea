//! How many entries of each type a site of some size has.

/// The types, each after those it points at.
pub const TYPES: [&str; 13] = [
    "region",
    "city",
    "area",
    "category",
    "tag",
    "series",
    "author",
    "service-category",
    "service",
    "page",
    "place",
    "person",
    "article",
];

/// Entries a type, in the order of [`TYPES`].
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    pub counts: [(&'static str, u64); TYPES.len()],
}

impl Plan {
    /// A directory with a magazine: of a million entries, 34,000 are cities, 570,000 places, 120,000
    /// people and 240,000 articles.
    pub fn of(entries: u64) -> Plan {
        let parts = |thousandths: u64| (entries * thousandths / 1000).max(1);
        let about = |each: u64, most: u64| (entries / each).clamp(1, most);
        let mut counts = TYPES.map(|kind| {
            let count = match kind {
                "region" => about(5_000, 250),
                "city" => parts(34),
                "area" => parts(18),
                "category" => about(200, 24),
                "tag" => about(100, 2_000),
                "series" => about(400, 400),
                "author" => about(400, 2_000),
                "service-category" => about(300, 20),
                "service" => parts(8),
                "page" => about(500, 40),
                "person" => parts(120),
                "article" => parts(240),
                _ => 0,
            };
            (kind, count)
        });
        let others: u64 = counts.iter().map(|(_, count)| count).sum();
        for (kind, count) in &mut counts {
            if *kind == "place" {
                *count = entries - others;
            }
        }
        Plan { counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_as_many_entries_as_were_asked_for_and_some_of_each_type() {
        for entries in [50, 51, 1_000, 99_999, 1_000_000, 10_000_000] {
            let plan = Plan::of(entries);
            assert_eq!(plan.counts.iter().map(|(_, count)| count).sum::<u64>(), entries);
            assert!(plan.counts.iter().all(|(_, count)| *count > 0), "{plan:?}");
        }
    }
}
