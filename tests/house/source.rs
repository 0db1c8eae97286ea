//! A Rust file as its tokens, so that comments and strings never look like code.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One file under `src/`, without its `#[cfg(test)]` items.
pub struct Source {
    pub file: PathBuf,
    /// Where it stands in the crate: `["web", "public", "show"]`; empty for `lib.rs`.
    pub module: Vec<String>,
    /// Lines of the file outside tests.
    pub lines: usize,
    tokens: Vec<TokenTree>,
}

/// Something of this crate that a file names, from the crate's root: `["store", "paths", "Row"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub path: Vec<String>,
    pub line: usize,
}

impl Source {
    /// All files of the crate but the binary's entry point and files that are tests as a whole.
    pub fn all() -> Vec<Source> {
        crate::files_under("src")
            .into_iter()
            .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
            .filter(|file| !file.ends_with("main.rs"))
            .filter(|file| {
                !file.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")))
            })
            .map(|file| Source::parse(&file, &crate::read(&file)))
            .collect()
    }

    pub fn parse(file: &Path, text: &str) -> Source {
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut test_lines = 0;
        let tokens = without_tests(tokens.into_iter().collect(), &mut test_lines);
        Source {
            file: file.to_owned(),
            module: module_of(file),
            lines: text.lines().count() - test_lines,
            tokens,
        }
    }

    /// Whether code outside tests names `word`, and on which lines.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        let mut lines = Vec::new();
        walk(&self.tokens, &mut |tokens, at| {
            if is_ident(&tokens[at], word) {
                lines.push(line_of(&tokens[at]));
            }
            true
        });
        lines
    }

    /// Every `crate::…` and every `super::…` that leaves the file's own module.
    pub fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        walk(&self.tokens, &mut |tokens, at| {
            // The braces of `use super::{a, super::b}` are read from where the path begins.
            let inside_path = at > 1 && tokens[at - 2..at].iter().all(|token| is_punct(token, ':'));
            if inside_path {
                return !matches!(&tokens[at], TokenTree::Group(_));
            }
            if is_ident(&tokens[at], "crate") {
                follow(&tokens[at + 1..], Vec::new(), line_of(&tokens[at]), &mut found);
            } else if is_ident(&tokens[at], "super") {
                let parent = self.module[..self.module.len().saturating_sub(1)].to_vec();
                follow(&tokens[at + 1..], parent, line_of(&tokens[at]), &mut found);
            }
            true
        });
        found
    }
}

/// `src/web/public/mod.rs` and `src/web/public.rs` are both `web::public`.
fn module_of(file: &Path) -> Vec<String> {
    let mut module: Vec<String> = file
        .with_extension("")
        .components()
        .skip(1)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

/// Drops each item that stands under `#[cfg(test)]` and counts its lines.
fn without_tests(tokens: Vec<TokenTree>, lines: &mut usize) -> Vec<TokenTree> {
    let mut kept = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let attribute = is_punct(&token, '#').then(|| rest.peek()).flatten();
        let for_tests = attribute.is_some_and(|found| found.to_string().replace(' ', "") == "[cfg(test)]");
        if !for_tests {
            kept.push(token);
            continue;
        }
        let first = line_of(&token);
        for token in rest.by_ref() {
            let ends = match &token {
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                other => is_punct(other, ';'),
            };
            if ends {
                *lines += token.span().end().line - first + 1;
                break;
            }
        }
    }
    kept
}

/// Calls `visit` with each token and its neighbours; it answers whether to go into a group.
fn walk(tokens: &[TokenTree], visit: &mut impl FnMut(&[TokenTree], usize) -> bool) {
    for at in 0..tokens.len() {
        let into = visit(tokens, at);
        if let (TokenTree::Group(group), true) = (&tokens[at], into) {
            walk(&group.stream().into_iter().collect::<Vec<_>>(), visit);
        }
    }
}

/// Reads `::a::b` or `::{a, b::c}` after `path` and adds each path it ends in.
fn follow(tokens: &[TokenTree], mut path: Vec<String>, line: usize, found: &mut Vec<Reference>) {
    let [first, second, next, rest @ ..] = tokens else { return end(path, line, found) };
    if !is_punct(first, ':') || !is_punct(second, ':') {
        return end(path, line, found);
    }
    match next {
        TokenTree::Ident(name) if *name == "super" => {
            path.pop();
            follow(rest, path, line, found);
        }
        TokenTree::Ident(name) => {
            path.push(name.to_string());
            follow(rest, path, line, found);
        }
        TokenTree::Group(group) => {
            let items: Vec<TokenTree> = group.stream().into_iter().collect();
            for item in items.split(|token| is_punct(token, ',')).filter(|item| !item.is_empty()) {
                let mut path = path.clone();
                if let TokenTree::Ident(name) = &item[0] {
                    match name.to_string().as_str() {
                        "super" => drop(path.pop()),
                        "self" => {}
                        name => path.push(name.to_owned()),
                    }
                }
                follow(&item[1..], path, line_of(&item[0]), found);
            }
        }
        _ => end(path, line, found),
    }
}

fn end(path: Vec<String>, line: usize, found: &mut Vec<Reference>) {
    if !path.is_empty() {
        found.push(Reference { path, line });
    }
}

fn is_ident(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn line_of(token: &TokenTree) -> usize {
    token.span().start().line
}

#[test]
fn references_are_found_in_code_alone() {
    let text = r##"
        //! crate::comment
        use crate::error::{Error, Result};
        use crate::{clock::Time, config};
        use super::super::{store::Db, super::text};
        fn f(db: crate::files::Blob) -> crate::seo::JsonLd { "crate::string"; self::g(); crate::actions::publish::run() }
        #[cfg(test)]
        mod tests {
            use crate::web::Test;
        }
        #[cfg(test)]
        use crate::jobs;
    "##;
    let source = Source::parse(Path::new("src/web/public/show.rs"), text);
    let found: Vec<String> = source.references().iter().map(|reference| reference.path.join("::")).collect();
    assert_eq!(
        found,
        [
            "error::Error",
            "error::Result",
            "clock::Time",
            "config",
            "web::store::Db",
            "text",
            "files::Blob",
            "seo::JsonLd",
            "actions::publish::run",
        ]
    );
    assert_eq!(source.lines, text.lines().count() - 6);
    assert_eq!(source.references()[0].line, 3);
    assert_eq!(source.lines_with("run").len(), 1);
    assert_eq!(source.lines_with("tests").len(), 0);
}
