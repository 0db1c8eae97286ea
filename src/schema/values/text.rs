//! Plain text as it is stored: NFC, without control characters, one way to end a line.

use unicode_normalization::UnicodeNormalization;

/// One line, trimmed; the empty text when there is nothing.
pub fn line(raw: &str) -> Result<String, String> {
    let trimmed = raw.trim();
    if trimmed.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
        return Err("holds several lines; one is right here".to_owned());
    }
    refuse_controls(trimmed)?;
    Ok(trimmed.nfc().collect())
}

/// Several lines, trimmed, each ending in a line feed.
pub fn lines(raw: &str) -> Result<String, String> {
    let unix = raw.replace("\r\n", "\n").replace('\r', "\n");
    let trimmed = unix.trim();
    refuse_controls(trimmed)?;
    Ok(trimmed.nfc().collect())
}

/// Markdown: like several lines, but the first line keeps its indent, which means something.
pub fn markdown(raw: &str) -> Result<String, String> {
    let unix = raw.replace("\r\n", "\n").replace('\r', "\n");
    let kept = unix.trim_end();
    let first = kept.len() - kept.trim_start().len();
    let start = kept[..first].rfind('\n').map_or(0, |at| at + 1);
    let kept = &kept[start..];
    refuse_controls(kept)?;
    Ok(kept.nfc().collect())
}

fn refuse_controls(text: &str) -> Result<(), String> {
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        Some(c) => Err(format!("holds the control character U+{:04X}; remove it", u32::from(c))),
        None => Ok(()),
    }
}

/// Persian and Arabic digits as ASCII ones, so that a number typed on either keyboard is read.
pub fn ascii_digits(text: &str) -> String {
    let ascii = |c: char| match c {
        '۰'..='۹' => char::from(b'0' + (u32::from(c) - u32::from('۰')) as u8),
        '٠'..='٩' => char::from(b'0' + (u32::from(c) - u32::from('٠')) as u8),
        '٫' => '.',
        other => other,
    };
    text.chars().map(ascii).collect()
}
