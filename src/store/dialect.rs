//! What SQLite and PostgreSQL say differently.

use std::collections::HashMap;
use std::sync::{LazyLock, RwLock};

use crate::text::search::Term;

/// Which of the two databases is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Statements as a database reads them, by where and how long they are in the program.
type Known = RwLock<HashMap<(usize, usize), &'static str>>;

/// The statement as this database reads it.
///
/// A statement may hold `{next:T}`: the number of the next row of a table that no row is deleted from. It
/// may hold `{lock:skip}`: rows that another transaction works on are left to it. It may
/// hold `{ids:$N}` and `{texts:$N}`: the values of parameter N, a JSON array, as a
/// set for `IN`. `{moves:$N}` is a table of `id, folded, path, public_at` from a JSON array of such
/// rows, `{stands:$N}` one of `hub, locale, shelf, rank, at, name`, `{filters:$N}` one of `field, hub, text, number`, `{rows:$N}` one of seven texts `a` to `g`. `{numbers:T}` is one of
/// `id`: the numbers of the next rows of a table, as many as the JSON array of parameter 1 has items. `{found:$N}` is a table of `entry_id, rank`
/// (less is better) of the entries that the full-text question of parameter N finds, as [`question`]
/// writes it; `{newest:$N}` is one of `entry_id` of some of them, found without looking at all: the newest
/// on SQLite. `{titled:$N}` is a table of entries, `at` their number, whose titles the question of parameter
/// N finds. Everything else is the same text for both.
pub fn text(sql: &'static str, engine: Engine) -> &'static str {
    // The statements of a program are as many as its source has, so none is ever forgotten.
    static KNOWN: LazyLock<[Known; 2]> = LazyLock::new(Default::default);
    let known = &KNOWN[engine as usize];
    let at = (sql.as_ptr() as usize, sql.len());
    if let Some(text) = known.read().expect("nobody panics while writing").get(&at) {
        return text;
    }
    let text = if sql.contains('{') { String::leak(translate(sql, engine)) } else { sql };
    known.write().expect("nobody panics while writing").insert(at, text);
    text
}

fn translate(sql: &str, engine: Engine) -> String {
    let mut text = String::with_capacity(sql.len() + 64);
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('{') {
        let (mark, after) = after.split_once('}').expect("every mark is closed");
        let (kind, parameter) = mark.split_once(':').expect("a mark names its parameter");
        text.push_str(before);
        text.push_str(&set(kind, parameter, engine));
        rest = after;
    }
    text.push_str(rest);
    text
}

fn set(kind: &str, parameter: &str, engine: Engine) -> String {
    match (engine, kind) {
        (Engine::Sqlite, "moves") => format!(
            "(SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS folded, \
             json_extract(value, '$[2]') AS path, json_extract(value, '$[3]') AS public_at \
             FROM json_each({parameter}))"
        ),
        (Engine::Postgres, "moves") => format!(
            "(SELECT (value->>0)::BIGINT AS id, value->>1 AS folded, value->>2 AS path, \
             (value->>3)::BIGINT AS public_at \
             FROM jsonb_array_elements({parameter}::JSONB) AS rows (value))"
        ),
        (Engine::Sqlite, "stands") => format!(
            "(SELECT json_extract(value, '$[0]') AS hub, json_extract(value, '$[1]') AS locale, \
             json_extract(value, '$[2]') AS shelf, json_extract(value, '$[3]') AS rank, \
             json_extract(value, '$[4]') AS at, json_extract(value, '$[5]') AS name \
             FROM json_each({parameter}))"
        ),
        (Engine::Postgres, "stands") => format!(
            "(SELECT (value->>0)::BIGINT AS hub, value->>1 AS locale, value->>2 AS shelf, \
             (value->>3)::DOUBLE PRECISION AS rank, (value->>4)::BIGINT AS at, value->>5 AS name \
             FROM jsonb_array_elements({parameter}::JSONB) AS rows (value))"
        ),
        (Engine::Sqlite, "found") => format!(
            "(SELECT rowid AS entry_id, bm25(search_words, 10.0, 4.0, 1.0) AS rank \
             FROM search_words WHERE search_words MATCH {parameter})"
        ),
        (Engine::Postgres, "found") => format!(
            "(SELECT entry_id, -ts_rank_cd('{{0.1, 0.1, 0.4, 1.0}}', words, {parameter}::TSQUERY)::FLOAT8 AS rank \
             FROM search WHERE words @@ {parameter}::TSQUERY)"
        ),
        (Engine::Sqlite, "rows") => {
            let column = |at: usize| format!("CAST(json_extract(value, '$[{at}]') AS TEXT) AS {}", ROW[at]);
            format!("(SELECT {} FROM json_each({parameter}))", columns(column))
        }
        (Engine::Postgres, "rows") => {
            let column = |at: usize| format!("value->>{at} AS {}", ROW[at]);
            let columns = columns(column);
            format!("(SELECT {columns} FROM jsonb_array_elements({parameter}::JSONB) AS rows (value))")
        }
        (Engine::Sqlite, "newest") => format!(
            "(SELECT rowid AS entry_id FROM search_words WHERE search_words MATCH {parameter} \
             ORDER BY rowid DESC LIMIT {NEWEST})"
        ),
        (Engine::Postgres, "newest") => {
            format!("(SELECT entry_id FROM search WHERE words @@ {parameter}::TSQUERY LIMIT {NEWEST})")
        }
        (Engine::Sqlite, "titled") => format!(
            "(SELECT t.rowid AS at, x.* FROM entry_titles t JOIN entries x ON x.id = t.rowid \
             WHERE entry_titles MATCH {parameter})"
        ),
        (Engine::Postgres, "titled") => {
            format!("(SELECT id AS at, x.* FROM entries x WHERE title_words(title) @@ {parameter}::TSQUERY)")
        }
        (Engine::Sqlite, "filters") => format!(
            "(SELECT json_extract(value, '$[0]') AS field, json_extract(value, '$[1]') AS hub, \
             json_extract(value, '$[2]') AS text, json_extract(value, '$[3]') AS number \
             FROM json_each({parameter}))"
        ),
        (Engine::Postgres, "filters") => format!(
            "(SELECT value->>0 AS field, (value->>1)::BIGINT AS hub, value->>2 AS text, \
             (value->>3)::DOUBLE PRECISION AS number \
             FROM jsonb_array_elements({parameter}::JSONB) AS rows (value))"
        ),
        (Engine::Sqlite, "pairs") => format!(
            "(SELECT json_extract(value, '$[0]') AS path, json_extract(value, '$[1]') AS hash \
             FROM json_each({parameter}))"
        ),
        (Engine::Postgres, "pairs") => format!(
            "(SELECT value->>0 AS path, value->>1 AS hash \
             FROM jsonb_array_elements({parameter}::JSONB) AS rows (value))"
        ),
        (Engine::Sqlite, "numbers") => format!(
            "(SELECT (SELECT COALESCE(MAX(id), 0) FROM {parameter}) + key + 1 AS id FROM json_each($1))"
        ),
        (Engine::Postgres, "numbers") => {
            format!("(SELECT nextval('{parameter}_id_seq') AS id FROM jsonb_array_elements($1::JSONB))")
        }
        (Engine::Sqlite, "next") => format!("(SELECT COALESCE(MAX(id), 0) + 1 AS id FROM {parameter})"),
        (Engine::Postgres, "next") => format!("(SELECT nextval('{parameter}_id_seq') AS id)"),
        // SQLite has one writer at a time.
        (Engine::Sqlite, "lock") => String::new(),
        (Engine::Postgres, "lock") => "FOR UPDATE SKIP LOCKED".to_owned(),
        (Engine::Sqlite, _) => format!("(SELECT value FROM json_each({parameter}))"),
        (Engine::Postgres, "ids") => {
            format!("(SELECT value::BIGINT FROM jsonb_array_elements_text({parameter}::JSONB))")
        }
        (Engine::Postgres, _) => format!("(SELECT value FROM jsonb_array_elements_text({parameter}::JSONB))"),
    }
}

/// Entries that a question finds which is not answered in full.
const NEWEST: usize = 1_000;

/// The columns of `rows`.
const ROW: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

fn columns(column: impl Fn(usize) -> String) -> String {
    (0..ROW.len()).map(column).collect::<Vec<_>>().join(", ")
}

/// Which entries a full-text question is to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those that hold every term.
    Every,
    /// Those that hold any of them.
    Any,
    /// Those whose title holds any of them.
    AnyInTitle,
    /// Those whose title holds every term.
    EveryInTitle,
    /// Those whose title holds any of them as a whole word.
    AnyWordInTitle,
    /// Those whose title holds every term as a whole word.
    EveryWordInTitle,
}

impl Wanted {
    fn of_every_term(self) -> bool {
        matches!(self, Wanted::Every | Wanted::EveryInTitle | Wanted::EveryWordInTitle)
    }

    fn in_title(self) -> bool {
        !matches!(self, Wanted::Every | Wanted::Any)
    }

    fn of_whole_words(self) -> bool {
        matches!(self, Wanted::AnyWordInTitle | Wanted::EveryWordInTitle)
    }
}

/// A question in the language of the database's full-text index. Words hold only letters, digits and
/// marks, so quotes keep every one of them a word.
pub fn question(terms: &[Term], wanted: Wanted, engine: Engine) -> String {
    let (and, or) = match engine {
        Engine::Sqlite => (" AND ", " OR "),
        Engine::Postgres => (" & ", " | "),
    };
    let word = |(word, begins): (&str, bool)| {
        let begins = begins && !wanted.of_whole_words();
        match (engine, begins, wanted.in_title()) {
            (Engine::Sqlite, true, _) => format!("\"{word}\" *"),
            (Engine::Sqlite, false, _) => format!("\"{word}\""),
            (Engine::Postgres, true, true) => format!("'{word}':*A"),
            (Engine::Postgres, false, true) => format!("'{word}':A"),
            (Engine::Postgres, true, false) => format!("'{word}':*"),
            (Engine::Postgres, false, false) => format!("'{word}'"),
        }
    };
    let every =
        |words: Vec<(&str, bool)>| format!("({})", words.into_iter().map(word).collect::<Vec<_>>().join(and));
    let term = |term: &Term| format!("({})", term.alternatives().map(every).collect::<Vec<_>>().join(or));
    let between = if wanted.of_every_term() { and } else { or };
    let all = terms.iter().map(term).collect::<Vec<_>>().join(between);
    if engine == Engine::Sqlite && wanted.in_title() { format!("title : ({all})") } else { all }
}

/// What a transaction that changes content says first, to be the only one of its kind until it ends.
/// The number is ours: any other would do as well.
pub fn queue(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Sqlite => &[],
        Engine::Postgres => {
            // A change finds its rows by their keys. While an import fills empty tables, the planner has no
            // figures to know that from, and would read them whole.
            &[
                "SELECT set_config('lock_timeout', '30s', true), set_config('enable_seqscan', 'off', true), \
                 set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)",
                "SELECT pg_advisory_xact_lock(7226478)",
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_asked_in_each_language() {
        let terms = crate::text::search::Query::parse("a کتاب\u{200C}ها café").unwrap().unwrap().terms;
        assert_eq!(
            question(&terms, Wanted::Every, Engine::Sqlite),
            "((\"a\")) AND ((\"کتاب\" * AND \"ها\" *) OR (\"کتابها\" *)) AND ((\"cafe\" *))"
        );
        assert_eq!(
            question(&terms, Wanted::Every, Engine::Postgres),
            "(('a')) & (('کتاب':* & 'ها':*) | ('کتابها':*)) & (('cafe':*))"
        );
        assert_eq!(question(&terms[2..], Wanted::AnyInTitle, Engine::Sqlite), "title : (((\"cafe\" *)))");
        assert_eq!(question(&terms[..1], Wanted::AnyInTitle, Engine::Postgres), "(('a':A))");
        let title = question(&terms[2..], Wanted::EveryWordInTitle, Engine::Sqlite);
        assert_eq!(title, "title : (((\"cafe\")))");
        assert_eq!(question(&terms[2..], Wanted::AnyWordInTitle, Engine::Postgres), "(('cafe':A))");
        assert_eq!(question(&terms[1..], Wanted::Any, Engine::Postgres).matches('|').count(), 2);
    }

    #[test]
    fn a_set_is_read_from_a_json_parameter() {
        let sql = "SELECT path FROM paths WHERE entry_id IN {ids:$1}";
        assert_eq!(
            translate(sql, Engine::Sqlite),
            "SELECT path FROM paths WHERE entry_id IN (SELECT value FROM json_each($1))"
        );
        assert_eq!(
            translate(sql, Engine::Postgres),
            "SELECT path FROM paths WHERE entry_id IN \
             (SELECT value::BIGINT FROM jsonb_array_elements_text($1::JSONB))"
        );
    }
}
