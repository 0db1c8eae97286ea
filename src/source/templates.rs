//! Template syntax of other generators in Markdown: said in Markdown where that is possible, left
//! as text and reported where it is not.

use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag};
use regex::Regex;

use super::front::Lines;
use crate::error::Problem;

pub struct Plain {
    pub body: String,
    /// The Markdown before `<!-- more -->`.
    pub lead: Option<String>,
    pub warnings: Vec<Problem>,
}

/// Rewrites `body`, whose first line is the file's line `first_line`.
pub fn to_markdown(body: &str, file: &str, first_line: u32) -> Plain {
    if !body.contains("{{") && !body.contains("{%") && !body.contains("<!--") {
        return Plain { body: body.to_owned(), lead: None, warnings: Vec::new() };
    }
    let mut pass = Pass {
        body,
        file,
        lines: Lines::of(body, first_line),
        code: code(body),
        edits: Vec::new(),
        warnings: Vec::new(),
    };
    pass.highlights();
    let more = pass.more();
    pass.links();
    pass.others();
    pass.warnings.sort_by_key(|problem| problem.line);
    pass.edits.sort_by_key(|edit| edit.0.start);
    let lead = more.map(|at| edited(body, &pass.edits, at).trim().to_owned());
    Plain {
        body: edited(body, &pass.edits, body.len()),
        lead: lead.filter(|lead| !lead.is_empty()),
        warnings: pass.warnings,
    }
}

/// The ranges of code blocks and code spans, in order.
fn code(body: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(body, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES);
    let code = events.into_offset_iter().filter_map(|(event, at)| match event {
        Event::Start(Tag::CodeBlock(_)) | Event::Code(_) => Some(at),
        _ => None,
    });
    code.collect()
}

struct Pass<'a> {
    body: &'a str,
    file: &'a str,
    lines: Lines,
    code: Vec<Range<usize>>,
    /// Ranges of the body and what stands there instead; they don't overlap.
    edits: Vec<(Range<usize>, String)>,
    warnings: Vec<Problem>,
}

static HIGHLIGHT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{%-?\s*highlight\s+([\w+#.-]+)[^%\n]*%\}([ \t]*\n)?").expect("a valid pattern")
});
static END_HIGHLIGHT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{%-?\s*endhighlight\s*-?%\}").expect("a valid pattern"));
static MORE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<!--\s*more\s*-->\n?").expect("a valid pattern"));
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        // Hugo: {{< ref "name" >}}, {{% relref path="name" %}}
        r#"\{\{[<%]\s*(?:rel)?ref\s+(?:path=)?["`]?([^"`\s]+)["`]?\s*[>%]\}\}"#,
        // Jekyll: {% post_url name %}, {% link path %}
        r"|\{%-?\s*(post_url|link)\s+([^\s%]+)\s*-?%\}",
        // Jekyll: {{ site.url }}, {{ site.baseurl }} before a path
        r"|\{\{\s*site\.(?:base)?url\s*\}\}",
        // Jekyll: {{ "/path" | relative_url }}
        r#"|\{\{\s*["']([^"']+)["']\s*\|\s*(?:relative|absolute)_url\s*\}\}"#,
    ))
    .expect("a valid pattern")
});
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{\{[<%]?-?\s*(/?[\w.-]*)[^}\n]*\}\}|\{%-?\s*(\w*)[^%\n]*%\}").expect("a valid pattern")
});

impl Pass<'_> {
    fn free(&self, at: usize) -> bool {
        let inside = |ranges: &[Range<usize>]| {
            let next = ranges.partition_point(|range| range.end <= at);
            ranges.get(next).is_some_and(|range| range.contains(&at))
        };
        !inside(&self.code) && !self.edits.iter().any(|(range, _)| range.contains(&at))
    }

    fn warn(&mut self, at: usize, reason: String) {
        self.warnings.push(Problem::new(reason).at(self.file, self.lines.at(at)));
    }

    /// `{% highlight rust %}` … `{% endhighlight %}` is a fenced block.
    fn highlights(&mut self) {
        let mut text = self.body.to_owned();
        let mut from = 0;
        while let Some(open) = HIGHLIGHT.captures_at(self.body, from) {
            let (whole, language) = (open.get_match(), &open[1]);
            from = whole.end();
            if !self.free(whole.start()) {
                continue;
            }
            let Some(close) = END_HIGHLIGHT.find_at(self.body, from) else {
                self.warn(whole.start(), "`{% highlight %}` is never closed and stays as text".to_owned());
                return;
            };
            from = close.end();
            let inner = &self.body[whole.end()..close.start()];
            self.fence(whole.range(), language, inner, close.range());
            if inner.contains("```") || inner.contains("~~~") {
                // Or what comes after would be taken for code that this block opens.
                let hidden: String = inner.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
                text.replace_range(whole.end()..close.start(), &format!("{hidden:<0$}", inner.len()));
                self.code = code(&text);
            }
        }
    }

    fn fence(&mut self, open: Range<usize>, language: &str, inner: &str, close: Range<usize>) {
        let fence = "`".repeat(longest_run(inner, '`').max(2) + 1);
        let own_line = inner.trim_end_matches([' ', '\t']).ends_with('\n') || inner.is_empty();
        // What lies between is code now, whatever it looked like before.
        self.edits.push((open.end..close.start, inner.to_owned()));
        self.edits.push((open, format!("{fence}{language}\n")));
        self.edits.push((close, if own_line { fence } else { format!("\n{fence}") }));
    }

    fn more(&mut self) -> Option<usize> {
        let marker = MORE.find_iter(self.body).find(|marker| self.free(marker.start()))?;
        self.edits.push((marker.range(), String::new()));
        Some(marker.start())
    }

    /// References that a template resolves become destinations [`super::resolve`] understands.
    fn links(&mut self) {
        for found in REFERENCE.captures_iter(self.body) {
            let range = found.get_match().range();
            if !self.free(range.start) {
                continue;
            }
            let kind = found.get(2).map(|kind| kind.as_str());
            let target = match (found.get(1), kind, found.get(3), found.get(4)) {
                (Some(name), ..) => format!("@ref/{}", name.as_str()),
                (_, Some("post_url"), Some(name), _) => format!("@ref/{}.md", name.as_str()),
                (_, Some(_), Some(path), _) => format!("@/{}", path.as_str().trim_start_matches('/')),
                (.., Some(path)) => path.as_str().to_owned(),
                _ => String::new(),
            };
            self.edits.push((range, target));
        }
    }

    fn others(&mut self) {
        for found in OTHER.captures_iter(self.body) {
            let at = found.get_match().start();
            if !self.free(at) {
                continue;
            }
            let name = found.get(1).or_else(|| found.get(2)).map_or("", |name| name.as_str());
            let what = if name.is_empty() { found[0].to_owned() } else { name.to_owned() };
            self.warn(at, format!("the template code `{what}` is not run here and stays as text"));
        }
    }
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

/// `body` up to `end`, with the edits that begin before it.
fn edited(body: &str, edits: &[(Range<usize>, String)], end: usize) -> String {
    let mut text = String::with_capacity(end);
    let mut at = 0;
    for (range, instead) in edits.iter().filter(|(range, _)| range.start < end) {
        text.push_str(&body[at..range.start]);
        text.push_str(instead);
        at = range.end;
    }
    text.push_str(body.get(at..end).unwrap_or_default());
    text
}
