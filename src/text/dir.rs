//! Which way a language is written.

use std::fmt;

/// The direction a language is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dir {
    #[default]
    Ltr,
    Rtl,
}

impl Dir {
    /// By the script the tag names, else by the script the language is mostly written in.
    pub fn of(lang: &str) -> Dir {
        let lang = lang.to_ascii_lowercase();
        let mut parts = lang.split(['-', '_']);
        let language = parts.next().unwrap_or_default();
        let script = parts.find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()));
        let rtl = match script {
            Some(script) => {
                matches!(script, "arab" | "aran" | "hebr" | "syrc" | "thaa" | "nkoo" | "adlm" | "rohg")
            }
            None => matches!(
                language,
                "ar" | "arc"
                    | "azb"
                    | "ckb"
                    | "dv"
                    | "fa"
                    | "he"
                    | "iw"
                    | "ks"
                    | "lrc"
                    | "mzn"
                    | "nqo"
                    | "prs"
                    | "ps"
                    | "sd"
                    | "syr"
                    | "ug"
                    | "ur"
                    | "yi"
            ),
        };
        if rtl { Dir::Rtl } else { Dir::Ltr }
    }
}

impl fmt::Display for Dir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dir::Ltr => "ltr",
            Dir::Rtl => "rtl",
        })
    }
}
