//! What no template may hold: a way round the escaping, and anything the content security policy
//! would block (SECURITY 2.1, T2).

use regex::Regex;

use crate::{assert_none, files_under, read};

/// A pattern and what is wrong with it. `[^>]*` crosses lines, as tags do.
const BANNED: &[(&str, &str)] = &[
    (r"\|\s*safe\b", "prints unescaped"),
    (r#"\|\s*(?:e|escape)\s*\("#, "chooses its own escaping"),
    (r"(?i)<style\b", "inline style"),
    (r#"(?i)<[a-z][^>]*\sstyle\s*="#, "inline style"),
    (r#"(?i)<[a-z][^>]*\son[a-z]+\s*="#, "inline event handler"),
    (r"(?i)javascript:", "script in a URL"),
    (r#"(?i)<base\b"#, "changes where links lead"),
];

#[test]
fn templates_print_escaped_and_hold_no_inline_script_or_style() {
    let faults: Vec<String> = files_under("templates")
        .iter()
        .flat_map(|file| {
            let name = file.display().to_string();
            faults(&read(file)).into_iter().map(move |fault| format!("{name}:{fault}"))
        })
        .collect();
    assert_none(&faults, "templates stay plain");
}

#[test]
fn planted_faults_are_caught() {
    for fault in [
        "{{ title|safe }}",
        "{{ title | safe }}",
        "{{ title|escape(\"none\") }}",
        "<style>p {}</style>",
        "<p class=\"a\"\n  STYLE=\"color: red\">",
        "<body onload=\"go()\">",
        "<a href=\"JavaScript:go()\">",
        "<script>go()</script>",
        "<script type=\"module\">go()</script>",
        "<script type=\"importmap\">{}</script>",
        "<base href=\"/\">",
    ] {
        assert_eq!(faults(fault).len(), 1, "{fault}");
    }
    for plain in [
        "{{ title }} <p class=\"style\">safe, on the = sign</p>",
        "<script src=\"{{ app.js }}\" defer></script>",
        "<script type=\"application/ld+json\">{{ graph }}</script>",
        "<link rel=\"stylesheet\" href=\"/static/site.css\">",
    ] {
        assert_eq!(faults(plain), [""; 0], "{plain}");
    }
}

fn faults(text: &str) -> Vec<String> {
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let mut faults = Vec::new();
    for (pattern, reason) in BANNED {
        for found in Regex::new(pattern).unwrap().find_iter(text) {
            faults.push(format!("{}: {reason}", line(found.end())));
        }
    }
    let data = |tag: &str| tag.contains("application/ld+json");
    for tag in Regex::new(r"(?i)<script\b[^>]*>").unwrap().find_iter(text) {
        if !tag.as_str().contains(" src=") && !data(tag.as_str()) {
            faults.push(format!("{}: inline script", line(tag.start())));
        }
    }
    faults
}
