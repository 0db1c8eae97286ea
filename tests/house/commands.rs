//! Every command explains itself, and `docs/commands.md` says the same.

use std::path::PathBuf;

use atlas::cli::Line;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command, CommandFactory, Parser};

use crate::documentation::documents;
use crate::{assert_none, read};

/// A command with the words that call it.
struct Known {
    words: Vec<String>,
    command: Command,
}

impl Known {
    /// Every command, those that only hold others as well, in the order of `--help`.
    fn all() -> Vec<Known> {
        let mut all = vec![Known { words: vec!["atlas".into()], command: Line::command() }];
        let mut at = 0;
        while at < all.len() {
            let below: Vec<Known> =
                all[at].command.get_subcommands().map(|below| all[at].below(below)).collect();
            all.splice(at + 1..at + 1, below);
            at += 1;
        }
        all
    }

    fn below(&self, command: &Command) -> Known {
        let mut words = self.words.clone();
        words.push(command.get_name().to_owned());
        Known { words, command: command.clone() }
    }

    fn name(&self) -> String {
        self.words.join(" ")
    }

    fn does_something(&self) -> bool {
        self.words.len() > 1 && !self.command.has_subcommands()
    }

    /// What only this command takes; settings are those of `docs/configuration.md`.
    fn arguments(&self) -> impl Iterator<Item = &Arg> {
        self.command.get_arguments().filter(|argument| argument.get_help_heading() != Some("Settings"))
    }

    fn about(&self) -> String {
        self.command.get_about().map(|about| format!("{about}.")).unwrap_or_default()
    }

    /// The lines of the document that follow from the code.
    fn expected(&self) -> Vec<String> {
        let mut lines = vec![format!("## `{}`", self.name()), self.about()];
        lines.extend(self.arguments().map(row));
        lines
    }
}

fn row(argument: &Arg) -> String {
    let help = argument.get_help().map(|help| format!("{help}.")).unwrap_or_default();
    let default = argument.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
    let default = default.filter(|_| argument.get_action().takes_values());
    let default = default.map_or_else(String::new, |value| format!(" Default: `{value}`."));
    format!("| `{}` | {help}{default} |", term(argument))
}

/// `--type TYPE`, `--map FIELD=COLUMN …`, `DIR`, `[TO]`.
fn term(argument: &Arg) -> String {
    let value = argument.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str());
    match argument.get_long() {
        None if argument.is_required_set() => value.to_owned(),
        None => format!("[{value}]"),
        Some(long) if !argument.get_action().takes_values() => format!("--{long}"),
        Some(long) if matches!(argument.get_action(), ArgAction::Append) => format!("--{long} {value} …"),
        Some(long) => format!("--{long} {value}"),
    }
}

#[test]
fn the_documentation_lists_every_command_and_option_and_no_other() {
    let document = read("docs/commands.md".as_ref());
    let expected: Vec<String> =
        Known::all().iter().filter(|known| known.does_something()).flat_map(Known::expected).collect();
    let abouts: Vec<String> = Known::all().iter().map(Known::about).collect();
    let is_ours = |line: &&str| {
        line.starts_with("## `") || line.starts_with("| `") || abouts.iter().any(|about| about == line)
    };
    let written: Vec<&str> = document.lines().filter(is_ours).collect();
    assert_eq!(written, expected, "these lines should stand there, in this order:\n{}", expected.join("\n"));
}

#[test]
fn every_command_has_an_example_in_the_documentation() {
    let document = read("docs/commands.md".as_ref());
    let faults: Vec<String> = Known::all()
        .iter()
        .filter(|known| known.does_something())
        .filter(|known| {
            let name = known.name();
            let section = document.split("\n## ").find(|section| section.starts_with(&format!("`{name}`\n")));
            let lines = section.map(examples).unwrap_or_default();
            !lines.iter().any(|line| line.join(" ").starts_with(&name))
        })
        .map(Known::name)
        .collect();
    assert_none(&faults, "these commands have no example in docs/commands.md");
}

#[test]
fn every_command_line_in_the_documents_is_understood() {
    let lines: Vec<(PathBuf, Vec<String>)> = documents()
        .into_iter()
        .flat_map(|file| examples(&read(&file)).into_iter().map(move |words| (file.clone(), words)))
        .collect();
    assert!(lines.len() > 10, "the documents have lost their examples");
    let faults: Vec<String> = lines
        .iter()
        .filter_map(|(file, words)| {
            let error =
                Line::try_parse_from(words).err().filter(|error| error.kind() != ErrorKind::DisplayHelp)?;
            Some(format!("{}: {}: {error}", file.display(), words.join(" ")))
        })
        .collect();
    assert_none(&faults, "the command line does not take these");
}

#[test]
fn every_command_says_what_it_does_and_what_each_argument_is() {
    for known in Known::all() {
        for flag in ["--help", "-h"] {
            let mut words = known.words.clone();
            words.push(flag.to_owned());
            let shown = Line::try_parse_from(&words).expect_err("help is shown");
            assert_eq!(shown.kind(), ErrorKind::DisplayHelp, "{}", words.join(" "));
            let text = shown.to_string();
            assert!(
                !known.about().is_empty() && text.contains("Usage: atlas"),
                "{}:\n{text}",
                words.join(" ")
            );
            assert!(text.contains("--database-url"), "{} does not show the settings", words.join(" "));
        }
        for argument in known.arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.len() > 10, "{} {} has no help", known.name(), term(argument));
        }
    }
}

#[test]
fn a_command_that_only_holds_others_asks_for_one() {
    for known in Known::all().iter().filter(|known| known.words.len() > 1 && known.command.has_subcommands())
    {
        let error = Line::try_parse_from(&known.words).expect_err("a command is missing");
        assert_eq!(error.kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, "{}", known.name());
        assert!(error.to_string().contains("Commands:"), "{error}");
    }
}

/// The calls of `atlas` in the shell blocks of a document, as words.
fn examples(document: &str) -> Vec<Vec<String>> {
    let blocks = document.split("```sh\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    let lines = blocks.flat_map(|block| {
        let whole = block.replace("\\\n", " ");
        whole.lines().map(words).collect::<Vec<_>>()
    });
    lines.filter(|words| words.first().is_some_and(|first| first == "atlas")).collect()
}

/// Splits a line as a shell does, up to a comment, a pipe or a redirection. Variables that are set
/// before the command are left out.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None::<String>;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(character),
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '|' | '>' | '<' | ';' | '&') => break,
            (None, '#') if word.is_none() => break,
            (None, ' ') => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    let is_variable = |word: &&String| {
        let name = word.split_once('=').map_or("", |(name, _)| name);
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
    };
    let variables = words.iter().take_while(is_variable).count();
    words.split_off(variables)
}

#[test]
fn a_planted_command_line_is_read_as_a_shell_reads_it() {
    let document = "text\n```sh\nATLAS_DATA=x atlas import csv 'a b.csv' \\\n  --map \"title=na me\" > out # why\n\
                    ls\n```\n```toml\natlas = 1\n```\n";
    assert_eq!(examples(document), [["atlas", "import", "csv", "a b.csv", "--map", "title=na me"]]);
}
