//! What each piece of code is, in a few kinds. The grammars are syntect's; TOML and terminal
//! sessions, which it lacks, are read here.

use std::sync::LazyLock;

use syntect::easy::ScopeRegionIterator;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::code::Run;

/// The runs of `code` in order; none for a language that nobody here knows.
pub(super) fn runs(code: &str, language: &str) -> Option<Vec<Run>> {
    match language {
        "console" | "shell-session" | "terminal" => Some(session(code)),
        "toml" => Some(code.split_inclusive('\n').flat_map(toml_line).collect()),
        _ => parsed(code, grammar(language)?),
    }
}

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

fn grammar(language: &str) -> Option<&'static SyntaxReference> {
    let name = match language {
        "" | "plain" | "plaintext" | "text" | "txt" => return None,
        "shell" | "zsh" => "bash",
        "cjs" | "javascript" | "jsx" | "mjs" | "ts" | "tsx" | "typescript" => "js",
        "c++" | "cc" | "hpp" => "cpp",
        "json5" | "jsonc" => "json",
        "patch" => "diff",
        "golang" => "go",
        "htm" | "svg" | "xhtml" => "html",
        "py3" | "python3" => "py",
        "mysql" | "postgres" | "postgresql" | "sqlite" => "sql",
        other => other,
    };
    GRAMMARS.find_syntax_by_token(name)
}

fn parsed(code: &str, grammar: &SyntaxReference) -> Option<Vec<Run>> {
    let mut state = ParseState::new(grammar);
    let mut stack = ScopeStack::new();
    let mut runs = Vec::new();
    for line in code.split_inclusive('\n') {
        let operations = state.parse_line(line, &GRAMMARS).ok()?;
        for (text, operation) in ScopeRegionIterator::new(&operations, line) {
            stack.apply(operation).ok()?;
            if !text.is_empty() {
                runs.push((kind(&stack), text.to_owned()));
            }
        }
    }
    Some(runs)
}

/// Which scopes make which class; the first that fits the innermost scope wins. None ends the
/// search: an operator in a string's `${…}` is no string.
const KINDS: &[(&str, Option<&str>)] = &[
    ("comment", Some("hl-comment")),
    ("punctuation.definition.comment", Some("hl-comment")),
    ("constant.numeric", Some("hl-number")),
    ("string", Some("hl-string")),
    ("punctuation.definition.string", Some("hl-string")),
    ("constant", Some("hl-constant")),
    ("keyword.operator.word", Some("hl-keyword")),
    ("keyword.operator", None),
    ("keyword", Some("hl-keyword")),
    ("storage", Some("hl-keyword")),
    ("variable.language", Some("hl-keyword")),
    ("entity.name.function", Some("hl-function")),
    ("support.function", Some("hl-function")),
    ("support.macro", Some("hl-function")),
    ("variable.function", Some("hl-function")),
    ("entity.name.tag", Some("hl-tag")),
    ("entity.other.attribute-name", Some("hl-attribute")),
    ("meta.annotation", Some("hl-attribute")),
    ("support.type.property-name", Some("hl-attribute")),
    ("meta.mapping.key", Some("hl-attribute")),
    ("entity.name.label", Some("hl-constant")),
    ("entity.name", Some("hl-type")),
    ("entity.other.inherited-class", Some("hl-type")),
    ("support.class", Some("hl-type")),
    ("support.type", Some("hl-type")),
    ("variable.parameter", Some("hl-variable")),
    ("variable.other.readwrite.assignment", Some("hl-variable")),
    ("markup.inserted", Some("hl-inserted")),
    ("markup.deleted", Some("hl-deleted")),
    ("markup.heading", Some("hl-heading")),
    ("meta.diff.header", Some("hl-heading")),
    ("meta.diff.range", Some("hl-heading")),
    ("meta.interpolation", None),
    ("meta.template.expression", None),
];

fn kind(stack: &ScopeStack) -> Option<&'static str> {
    static SCOPES: LazyLock<Vec<(Scope, Option<&str>)>> = LazyLock::new(|| {
        let scope = |name| Scope::new(name).expect("the table's scopes are well-formed");
        KINDS.iter().map(|(name, class)| (scope(name), *class)).collect()
    });
    let fits = |scope: &Scope| SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
    stack.scopes.iter().rev().find_map(fits).and_then(|(_, class)| *class)
}

/// A terminal session: prompts, what was typed after them as shell code, and what came back.
fn session(code: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut lines = code.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let Some(prompt) = PROMPTS.iter().find(|prompt| line.starts_with(**prompt)) else {
            runs.push((Some("hl-output"), line.to_owned()));
            continue;
        };
        let mut typed = line[prompt.len()..].to_owned();
        while typed.trim_end().ends_with('\\')
            && let Some(line) = lines.next()
        {
            typed.push_str(line);
        }
        runs.push((Some("hl-prompt"), (*prompt).to_owned()));
        let shell = grammar("bash").and_then(|bash| parsed(&typed, bash));
        runs.extend(shell.unwrap_or_else(|| vec![(None, typed)]));
    }
    runs
}

const PROMPTS: [&str; 4] = ["$ ", "# ", "> ", "% "];

/// A line of TOML 1.0. Strings over several lines are read line by line, as values.
fn toml_line(line: &str) -> Vec<Run> {
    let start = line.len() - line.trim_start().len();
    let content = &line[start..];
    let mut runs = vec![(None, line[..start].to_owned())];
    if let Some(length) = toml_header(content) {
        runs.push((Some("hl-type"), content[..length].to_owned()));
        runs.extend(toml_values(&content[length..]));
        return runs;
    }
    runs.extend(toml_values(content));
    runs
}

/// How long the table's header is that the line starts with: `[a.b]`, `[[a]]`, `[a.'b c']`. One
/// that starts with a quote is rather a value in an array.
fn toml_header(line: &str) -> Option<usize> {
    let name = line.trim_start_matches('[');
    let brackets = line.len() - name.len();
    if !(1..=2).contains(&brackets) || !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let mut at = brackets;
    loop {
        match line[at..].chars().next()? {
            ']' => return Some(at + brackets).filter(|end| line.get(at..*end).is_some()),
            quote @ ('"' | '\'') => at += string_length(&line[at..], quote),
            c if c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ') => at += c.len_utf8(),
            _ => return None,
        }
    }
}

/// Keys, values and comments in what is left of a line.
fn toml_values(mut rest: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    while let Some(first) = rest.chars().next() {
        let bare = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '+');
        let length = match first {
            '#' => rest.trim_end_matches('\n').len(),
            '"' | '\'' => string_length(rest, first),
            c if bare(c) => rest.find(|c| !bare(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        let is_key = after.trim_start_matches([' ', '\t']).starts_with('=');
        let class = match first {
            '#' => Some("hl-comment"),
            _ if is_key && (bare(first) || matches!(first, '"' | '\'')) => Some("hl-attribute"),
            '"' | '\'' => Some("hl-string"),
            c if c.is_ascii_digit() || matches!(c, '+' | '-') => Some("hl-number"),
            _ if ["true", "false", "inf", "nan"].contains(&piece) => Some("hl-constant"),
            _ => None,
        };
        runs.push((class, piece.to_owned()));
        rest = after;
    }
    runs
}

/// How far the string at the start goes: to its closing quote, else to the end of the line.
fn string_length(text: &str, quote: char) -> usize {
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    if let Some(inner) = text.strip_prefix(&triple) {
        return inner.find(&triple).map_or(text.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            '\n' => return at,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}
