//! What SQLite and PostgreSQL say differently.

use std::borrow::Cow;

/// Which of the two databases is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The statement as this database reads it.
///
/// A statement may hold `{lock:skip}`: rows that another transaction works on are left to it. It may
/// hold `{ids:$N}` and `{texts:$N}`: the values of parameter N, a JSON array, as a
/// set for `IN`. `{moves:$N}` is a table of `id, folded, path, public_at` from a JSON array of such
/// rows. Everything else is the same text for both.
pub fn text(sql: &'static str, engine: Engine) -> Cow<'static, str> {
    if !sql.contains('{') {
        return Cow::Borrowed(sql);
    }
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
    Cow::Owned(text)
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

/// What a transaction that changes content says first, to be the only one of its kind until it ends.
/// The number is ours: any other would do as well.
pub fn queue(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Sqlite => &[],
        Engine::Postgres => {
            &["SELECT set_config('lock_timeout', '30s', true)", "SELECT pg_advisory_xact_lock(7226478)"]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_read_from_a_json_parameter() {
        let sql = "SELECT path FROM paths WHERE entry_id IN {ids:$1}";
        assert_eq!(
            text(sql, Engine::Sqlite),
            "SELECT path FROM paths WHERE entry_id IN (SELECT value FROM json_each($1))"
        );
        assert_eq!(
            text(sql, Engine::Postgres),
            "SELECT path FROM paths WHERE entry_id IN \
             (SELECT value::BIGINT FROM jsonb_array_elements_text($1::JSONB))"
        );
    }
}
